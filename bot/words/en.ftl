# Everything the bot says on Discord, in English. CONTRIBUTING.md tells how to add a language.
# A text may hold Discord's Markdown where a comment says so; everything else is plain.

## Errors: one sentence that says what to do next (plain)

error-not-in-server = This works in servers only; please use it in one.
error-run-gone = This training has already ended; start another one with /train.
error-nothing-learned = Nothing has been learned yet; please wait a few seconds longer, or cancel it.
error-in-training = This model is in training already; please wait until that has ended, or cancel it.
error-no-model = This server has no model yet; make one with /train and a text file.
error-model-not-found = This server has no such model (any more); /models shows those it has.
error-checkpoint-gone = The model that this needs is gone; choose another one with /models or make one with /train.
error-checkpoint-broken = This model's file is missing or damaged; choose another model with /models or train it again with /train.
error-generation-gone = This text can no longer be continued; write a new one with /generate.
error-stopping = The bot is about to restart; please try again in a minute.
error-name-taken = This server already has a model called { $name }; please choose another.

## Buttons: 80 characters at most, better 20 (plain)

button-cancel = Cancel
button-finish = Finish now
button-generate = Generate
button-train-longer = Train longer
button-continue = Continue
button-again = Again
button-hotter = Hotter
button-colder = Colder
button-edit-prompt = Edit prompt
button-all-models = All models
button-search = Search
button-use = Use
button-rename = Rename
button-delete = Delete
button-confirm-deletion = Yes, delete
button-keep = Keep
button-export = Export
button-leave-out = Leave me out
button-take-in = Take me in again
button-continue-one = { button-continue } { $number }
button-previous = Previous
button-next = Next
button-show-all = Show all

## What buttons, forms and menus refuse: one sentence that says what to do next (plain)

error-button-outdated = This button is no longer in use; the commands /generate and /models make new ones.
error-form-outdated = This form is no longer in use; please open it again.
error-command-outdated = This command has changed since Discord showed it to you; please try again in a few minutes.
error-value-impossible = { $value } is not possible here; please choose another value.
error-not-here = This command cannot be used here; please try it in another channel.
error-unexpected = Something went wrong that should not have; please try again and, if it happens again, give the person who runs this bot the reference `{ $reference }`.
error-no-place = The bot may not post in this channel, so you could not watch it train; choose another channel, or ask a moderator to let it view this one and send messages.
error-channel-not-told = The bot may not post in the channel that it is to read, where it has to say so; let it send messages there, or choose another channel.
error-no-number = Please give the minutes as a number, up to { $most }.
error-export-too-large = This checkpoint has { size-mebibytes }, and only files of up to { NUMBER($limit, maximumFractionDigits: 0) } MiB can be sent here; ask the person who runs this bot for it.
error-use-and-import = An imported model can be used with the button on its card; please leave out use or import.
error-name-alone = The option name is for a model that is imported; to rename one, press { button-rename } on its card.

## Forms: 45 characters at most for a title or a field's name, 100 for a description (plain)

form-rename = Rename the model
    .name = New name
form-search = Search
    .name = A part of the name
form-prompt = Edit the prompt
    .prompt = Prompt
    .description = The model writes on from here.
form-longer = Train longer
    .minutes = Minutes

## Figures (plain)

bits-per-character = { NUMBER($bits, minimumFractionDigits: 2, maximumFractionDigits: 2) } bits per character
size-mebibytes = { NUMBER($size, minimumFractionDigits: 1, maximumFractionDigits: 1) } MiB
size-kibibytes = { NUMBER($size, maximumFractionDigits: 0) } KiB

## /train (Markdown)

begun = **{ $name }** will learn from it; the message in this channel shows how far it is.
begun-with-channel = The channel is read first, then **{ $name }** learns from it; the message in this channel shows how far it is.
card-finishing = It ends now and keeps the best that it has come to; the card will say so in a moment.
card-curve = The loss curve: bits per character over the time

## /models (Markdown, but for what stands in menus, pictures and forms)

models-title = This server's models
models-count =
    { $count ->
        [one] { $count } model
       *[other] { $count } models
    }
models-found = { models-count } with “{ $search }” in the name
models-page = page { $page } of { $pages }
models-none-left = No model is left; make one with `/train` and a text file.
models-look-at = Look at a model
models-another-checkpoint = Write with another checkpoint
models-checkpoint-used = The model writes with its checkpoint of step { $step } now.
models-used = This server writes with **{ $name }** now.
models-renamed = The model is called **{ $name }** now.
models-imported = **{ $name }** is imported.
models-deletion-question = Delete **{ $name }** with all its checkpoints? It cannot be undone.
models-deleted = **{ $name }** is deleted.

order-newest = Newest first
    .within = newest first
order-name = By name
    .within = by name
order-best = Best first
    .within = best first
order-last-used = Most recently used first
    .within = most recently used first

model-in-use = in use
model-writes = This server writes with it.
model-curve = The loss curve of { $name }
model-step = Step { $step }
model-source = from { $characters } characters
model-not-measured = not measured
model-fewer-is-better = fewer is better
model-novelty = **{ $percent } %** of what it writes is new
model-learned = Learned from { $characters } characters
model-learned-often = { model-learned }, read { NUMBER($passes, minimumFractionDigits: 1, maximumFractionDigits: 1) } times
model-parameters = { $parameters } parameters
model-base = Base: { $name }
model-base-own = Base: an earlier checkpoint of its own
model-base-elsewhere = Base: a model that this server does not have
model-trained-by = Trained by { $who } { $when }
model-imported-by = Imported by { $who } { $when }, without its loss curve

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
error-name-invalid = { $flaw ->
    [hidden] This name has characters that cannot be seen
    [blank] This name has nothing to see at its beginning
   *[long] This name has { $characters } characters
 }; please choose one of 1 to 40 visible characters.
error-out-of-range = Please choose { $option ->
    [stop] the length of the stop text
   *[other] { $option }
 } between { $low } and { $high }.
error-authors-invalid = There is no name in authors; please list some, as in Ann, "Smith, John".
error-too-many-runs = { $whose ->
    [server] This server has
   *[person] You have
 } { $limit ->
    [one] one training
   *[other] { $limit } trainings
 } waiting already; please wait until one has started, or cancel one.
error-without-effect = At temperature 0 the likeliest character always comes next, so { $option } would change nothing; please leave out { $option } or choose a higher temperature.
error-same-texts = { $option ->
    [top_k] With top_k 1 all texts would be the same; please choose a higher top_k or a count of 1.
   *[temperature] At temperature 0 all texts would be the same; please choose a higher temperature or a count of 1.
 }
error-prompt-too-long = A prompt has at most { $limit } characters; please shorten yours.
error-always-the-same = At temperature 0, or with top_k 1, this text is always the same; press { button-edit-prompt }, or write one with /generate and other options.
error-temperature-end = This text cannot get any { $direction ->
    [colder] colder
   *[hotter] hotter
 } than temperature { $temperature }; press { button-again } for another one.
error-corpus-gone = The text of this training is no longer kept; to go on from it, use /train with the same file or channel again and choose { $name } as its base.
error-choice-invalid = This is not here (any more); please choose from what is shown.
# What only its owner and members with Manage Server may do.
error-not-allowed = Only the person who made it and members with Manage Server may { $action ->
    [cancel] cancel it
    [finish] finish it
    [train-longer] train this model longer
    [use] switch to this model
    [use-checkpoint] choose its checkpoint
    [rename] rename it
    [delete] delete it
   *[other] change it
 }; please ask one of them.

## Errors: files (plain)

error-file-empty = { $file ->
    [0] This file
   *[other] File { $file }
 } is empty; please attach one with text in it.
error-file-too-large = { $file ->
    [0] This file
   *[other] File { $file }
 } has { size-mebibytes }, but at most { NUMBER($limit, maximumFractionDigits: 0) } MiB can be read; please attach a smaller one.
error-files-too-large = These files have { size-mebibytes } together, but at most { NUMBER($limit, maximumFractionDigits: 0) } MiB can be read; please attach fewer or smaller ones.
error-download-failed = The file could not be downloaded from Discord; please send it again.
error-download-slow = The file took too long to arrive from Discord; please send it again later, or a smaller one.
error-corpus-refused = { $reason }
error-corpus-too-long = This text has { $characters } characters; at most { $limit } can be trained on, so please attach a shorter one.
error-import-refused = This file cannot be imported: { $reason }; please attach one that { button-export } in /models has made.

## Errors: channels (plain)

error-one-source = Please attach a file or choose a channel to learn from: one of the two.
error-channels-off = This bot does not read channels; please attach a file to learn from.
error-not-allowed-to-read = Only members with Manage Server may let the bot read a channel; please ask one of them, or attach a file.
error-channel-hidden = You cannot see this channel and its message history yourself; please choose another.
error-bot-lacks = In this channel the bot lacks { $permissions }; please give it { $count ->
    [one] this permission
   *[other] these permissions
 } there, or choose another channel.
# As Discord calls them.
permission = { $name ->
    [view_channel] View Channel
    [read_message_history] Read Message History
    [send_messages] Send Messages
    [send_messages_in_threads] Send Messages in Threads
   *[other] { $name }
 }

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

error-button-outdated = This button is no longer in use; please use /generate or /models, which make new ones.
error-form-outdated = This form is no longer in use; please open it again.
error-command-outdated = This command has changed since Discord showed it to you; please try again in a few minutes.
error-value-impossible = { $value } is not possible here; please choose another value.
error-not-here = This command cannot be used here; please try it in another channel.
error-unexpected = Something went wrong that should not have; please try again and, if it happens again, give the person who runs this bot the reference `{ $reference }`.
error-discord-fault = Discord has a fault at the moment; please try again in a few minutes.
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

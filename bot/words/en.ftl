# Everything the bot says on Discord, in English. CONTRIBUTING.md tells how to add a language.
# A text may hold Discord's Markdown where a comment says so; everything else is plain.

## Commands: a description of 100 characters at most for each, and for each of its options (plain)

command-train = Teach the bot to write like a text of yours.
    .file = A text, an export of a chat, subtitles, or a ZIP of these; the more, the better
    .channel = Learn from this channel's messages instead of a file; it is told there
    .name = What to call the model (after the file, unless you choose)
    .minutes = How long it may learn, in minutes (3 unless you choose); longer is better
    .authors = Learn from these people alone: names or ids, with commas between them
    .base = A model of this server that learns the text on top of what it knows
    .names = Keep the name before each message, so that it learns who says what
    .file2 = A second file, to learn from all of them together
    .file3 = A third file
    .file4 = A fourth file
    .file5 = A fifth file
command-generate = Write a text in the style that a model of this server has learned.
    .prompt = The beginning of the text; the model writes on from it
    .model = Which of this server's models writes (the current one unless you choose)
    .length = How many characters to write, 1 to 8,000 (400 unless you choose)
    .temperature = 0 plays it safe, 1 writes as learned, 2 goes wild (0.8 unless you choose)
    .count = How many texts, 1 to 4 (1 unless you choose)
    .stop = A text before which to end, such as a name; \n is a line break
    .top_k = Only ever choose among so many of the likeliest characters
    .top_p = Only ever choose among the likeliest characters that reach this share, such as 0.9
    .seed = Any whole number; the same one writes the same text again
command-models = See this server's models; choose, rename, delete, export or import one.
    .use = Write with this model from now on, without looking at the list
    .file = A model that Export has made, here or on another server
    .name = What to call the imported model (after its file, unless you choose)
command-runs = See what trains, waits and has trained on this server; cancel it or finish it now.
command-privacy = See what the bot keeps, have it deleted, and choose whether it learns from what you write.
command-settings = Choose where the bot writes, who trains, how often, and which words never come up.
command-help = See what the bot does, how to get a good file for it, and what it keeps.

## In the menu of a message: a name of 32 characters at most (plain)

menu-continue-text = Continue this text

## Errors: one sentence that says what to do next (plain)

error-not-in-server = This works in servers only; please use it in one.
error-no-run = Nothing has been trained on this server lately; start with /train.
error-run-gone = This training has already ended; start another one with /train.
error-nothing-learned = Nothing has been learned yet; please wait a few seconds longer, or cancel it.
error-in-training = This model is in training already; please wait until that has ended, or cancel it.
error-no-model = This server has no model yet; make one with /train and a text file.
error-model-not-found = This server has no such model (any more); /models shows those it has.
error-checkpoint-gone = The model that this needs is gone; choose another one with /models or make one with /train.
error-checkpoint-broken = This model's file is missing or damaged; choose another model with /models or train it again with /train.
error-generation-gone = This text can no longer be continued; write a new one with /generate.
error-disk-fails = The bot's disk is full or failing, so this could not be done; please tell the person who runs this bot, and try again later.
error-stopping = The bot is about to restart; please try again in a minute.
error-too-slow = This model takes more than a minute for such a text; please choose a shorter one.
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
error-prompt-not-kept = What this text goes on from is not kept; please choose { menu-continue-text } for that message again.
error-message-without-text = This message has no text to go on from; please choose one with text in it.
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
button-all-runs = All trainings
button-privacy = Privacy
button-settings = Settings
button-delete-given = Delete what I gave
button-delete-everything = Delete everything of this server

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
error-no-number = Please give the minutes as a number, up to { NUMBER($most, useGrouping: 0) }.
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
    .given = { NUMBER($minutes, useGrouping: 0, maximumFractionDigits: 2) }
form-everything = Delete everything of this server
    .word = Type “{ $word }” to confirm
    .description = All models, trainings, texts and settings go, whoever made them. It cannot be undone.

## Figures (plain)

bits-per-character = { NUMBER($bits, minimumFractionDigits: 2, maximumFractionDigits: 2) } bits per character
and-more = and { $more } more
size-mebibytes = { NUMBER($size, minimumFractionDigits: 1, maximumFractionDigits: 1) } MiB
size-kibibytes = { NUMBER($size, maximumFractionDigits: 0) } KiB
share = { $percent } %
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min { NUMBER($seconds, minimumIntegerDigits: 2) } s
duration-hours = { $hours } h { NUMBER($minutes, minimumIntegerDigits: 2) } min

## /train (Markdown)

begun = **{ $name }** will learn from it; the message in this channel shows how far it is.
begun-with-channel = The channel is read first, then **{ $name }** learns from it; the message in this channel shows how far it is.

## The card of a training (Markdown)

card-about-to-read = { $name } is about to read { $channel }
card-reads = { $name } is reading { $channel }
card-read-so-far =
    { $messages ->
        [one] { $messages } message so far, back to { MONTH($back_to) }.
       *[other] { $messages } messages so far, back to { MONTH($back_to) }.
    }
card-reading-delayed = Discord does not answer at the moment; the reading goes on as soon as it does.
card-waits = { $name } waits for its turn
    .why =
        { $before ->
            [one] One training comes first.
           *[other] { $before } trainings come first.
        }
card-begins = { $name } is about to learn
card-goes-on = { $name } goes on
    .why = The bot was restarted; it goes on from where it last saved.
card-learns = { $name } is learning
card-learns-on = { $name } learns on
card-gets-ready = getting ready
card-time-left = { $time } left
card-nearly-done = nearly done
card-figure = **{ NUMBER($bits, minimumFractionDigits: 2, maximumFractionDigits: 2) }** bits per character
card-figure-falls = { card-figure }, down from { NUMBER($first, minimumFractionDigits: 2, maximumFractionDigits: 2) }
card-sample = What it writes after { $time }
card-finishing = It ends now and keeps the best that it has come to; the card will say so in a moment.
    .later = It ends as soon as it is better than when it began, and keeps the best that it has come to; the card will say so.
card-canceled = { $name } was canceled
    .why = Nothing of it was kept.
card-failed = { $name } could not be trained
    .unknown = The reason is not known.
    .next = Start it again with `/train`; if that fails too, tell the person who runs this bot.
card-finished = { $name } has learned to write
    .next = This server writes with it now: `/generate`. All its models: `/models`.
card-work = { NUMBER($passes, minimumFractionDigits: 1, maximumFractionDigits: 1) } passes over the text in { $time }.
remark-early = It ended early: more time would only have taught it the text by heart.
remark-asked = Somebody ended it early; this is the best that it had come to.
remark-recovered = Its loss shot up { $times ->
    [one] once
   *[other] { $times } times
 }, so it went on from its best, more slowly.
remark-new = { $percent } % of what it writes is new.
remark-recites = It recites parts of its text: only { $percent } % of what it writes is new; a higher temperature helps, or a longer text that repeats itself less.
card-temperature = Temperature { $temperature }
card-first-sample = A first sample
card-told-directly = You get this here because the bot may no longer post in { $channel }.
# What a picture shows, for those who do not see it (plain).
card-curve = The loss curve: bits per character over the time

## In the picture of a loss curve (plain, a word or two each)

curve-bits = bits per character
curve-training = training
curve-validation = validation
curve-seconds = seconds
curve-minutes = minutes
curve-hours = hours
# Between whole numbers and fractions.
curve-point = .

## Below a text (Markdown; numbers with all their digits, so that they can be typed again)

text-temperature = temperature { NUMBER($temperature, maximumFractionDigits: 9) }
text-top-k = top k { $top_k }
text-top-p = top p { NUMBER($top_p, maximumFractionDigits: 9) }
text-stop = until “{ $stop }”
text-seeds =
    { $count ->
        [one] seed { $seeds }
       *[other] seeds { $seeds }
    }
text-earlier = The model's file is missing or damaged, so its earlier checkpoint of step { $step } wrote this; choose that one in `/models`, or train the model again.
text-skipped = Left out of the prompt, because the model does not know it: { $characters }
text-never = The stop text cannot come up, because the model does not know it: { $characters }
text-and-more = { $characters } and { $more } more

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
model-novelty = **{ share }** of what it writes is new
model-learned = Learned from { $characters } characters
model-learned-often = { model-learned }, read { NUMBER($passes, minimumFractionDigits: 1, maximumFractionDigits: 1) } times
model-parameters = { $parameters } parameters
model-base = Base: { $name }
model-base-own = Base: an earlier checkpoint of its own
model-base-elsewhere = Base: a model that this server does not have
model-trained-by = Trained by { $who } { $when }
model-imported-by = Imported by { $who } { $when }, without its loss curve

## Deleting for good: errors (plain)

error-not-allowed-to-purge = Only members with Manage Server may delete everything of this server; please ask one of them.
error-not-confirmed = Nothing was deleted; to confirm it, please type exactly “{ $word }”.
error-being-deleted = What you or this server gave is being deleted at the moment; please try again in a minute.

## What a server has chosen, and the operator's limits: one sentence each (plain)

# The channels or roles follow, as Discord shows them.
error-writes-elsewhere = On this server the bot writes in other channels; please choose one of those.
error-role-missing = On this server only members with certain roles train; please ask one of those, or a moderator for the role.
error-write-cooldown = Please wait { $left }; on this server there are { $cooldown } between two texts for one person.
error-train-cooldown = Please wait { $left }; on this server there are { $cooldown } between two trainings of one person.
error-minutes-used = { $whose ->
    [server] This server has
   *[person] You have
 } { $left } of { $limit ->
    [one] { $limit } minute
   *[other] { $limit } minutes
 } of training left within 24 hours; please choose fewer minutes, or try again in { $wait }.
error-too-many-imports = { $whose ->
    [server] This server has
   *[person] You have
 } { $limit ->
    [one] one import
   *[other] { $limit } imports
 } under way already; please wait until one has ended.
error-too-many-models = This server has { $limit ->
    [one] one model, which may still be in training and
   *[other] { $limit } models, those in training among them, which
 } is the limit; please delete one with /models.
error-too-many-checkpoints = This model has been trained { $limit ->
    [one] once
   *[other] { $limit } times
 }, which is the limit; please go on in a new one, with /train and this one as its base.
error-stock-full = With this, what this server keeps would have { size-mebibytes } of { NUMBER($limit, maximumFractionDigits: 0) } MiB; please delete a model with /models, or try again when a training's text is no longer kept.

## /privacy (Markdown)

privacy-kept = Privacy: what is kept
    .files = **Files** given to /train, or imported with /models, until they have been read.
    .text =
        { $hours ->
            [0] **The text** of a training, until its end.
            [one] **The text** of a training, until { $hours } hour after its end.
           *[other] **The text** of a training, until { $hours } hours after its end.
        }
    .models = **Models** and who trained them, until somebody deletes them.
    .records =
        { $days ->
            [one] **Prompts** and where texts stopped, so that { button-continue } works, and ended trainings, { $days } day.
           *[other] **Prompts** and where texts stopped, so that { button-continue } works, and ended trainings, { $days } days.
        }
    .talk =
        { $days ->
            [one] **What is said to the bot** is kept nowhere: it is read once, and a state of numbers remains until nobody has talked there for { $days } day.
           *[other] **What is said to the bot** is kept nowhere: it is read once, and a state of numbers remains until nobody has talked there for { $days } days.
        }
    .choices = **What was chosen**: in /settings, and who is left out, as long as it holds. **Error logs** of trainings, { $log_days } days at most.
    .where = All of it stays on the machine that runs this bot.
privacy-messages = Your messages
    .off = This bot does not read channels; it learns from files that somebody attaches.
    .off-left-out = If that ever changes, what you write in this server is **left out**.
    .taken-in = Members with Manage Server can let the bot read a channel. It says so there, and learns from what people write, yours included.
    .left-out = Members with Manage Server can let the bot read a channel. What you write is **left out** in this server. A model that has learned already stays as it is.
# What a channel is told before it is read.
privacy-announcement =
    { $who } lets this bot learn from this channel: it reads the messages here, the newest first, and makes a model of them, **{ $name }**, with which everybody in this server can write.
    If you do not want that, press the button or use `/privacy` while it reads: then nothing that you wrote is learned, now or later. Bots are left out in any case.

## /runs (Markdown, but for the menu)

runs-title = This server's trainings
runs-count =
    { $count ->
        [one] { $count } training
       *[other] { $count } trainings
    }
runs-look-at = Look at a training
run-waits = waits for its turn
run-reads = reads { $channel }
run-trains = trains
run-finished = finished
run-failed = failed
run-canceled = canceled
run-took = took { $time }
run-asked = for { $time }
run-card = its message
run-model = Its model: **{ $name }**
run-model-gone = Its model is deleted.

## Deleting for good (Markdown)

# What one types to confirm it.
deletion-word = delete
deletion-question = Delete what you gave to this server?
    .again = It is not the same as before: please look at it once more.
    .models =
        { $count ->
            [one] **One model**, for the whole server:
           *[other] **{ $count } models**, for the whole server:
        }
    .runs =
        { $count ->
            [one] **One training** with its text; if it still waits or trains, it is canceled.
           *[other] **{ $count } trainings** with their texts; those that wait or train are canceled.
        }
    .texts =
        { $count ->
            [one] **Prompt and state of one text**; its buttons no longer work then.
           *[other] **Prompts and states of { $count } texts**; their buttons no longer work then.
        }
    .conversations =
        { $count ->
            [one] **What the bot remembers of one conversation** here, everybody's: what you said cannot be told from what others said.
           *[other] **What the bot remembers of { $count } conversations** here, everybody's: what you said cannot be told from what others said.
        }
    .stays = What stands in Discord's messages stays, what others have built on your models, and whether you are left out. It cannot be undone.
deletion-nothing = Nothing of yours is kept on this server.
deletion-not-done = Nothing was deleted.
deletion-of-given = All that you gave to this server is deleted. What stands in Discord's messages stays there; you can delete it there.
deletion-of-everything = Everything of this server is deleted. What stands in Discord's messages stays there; you can delete it there.

## Why a run failed (plain)

error-channel-gone = The channel was deleted while it was read, or the bot was removed from its server; please choose another channel, or attach a file.
error-channel-closed = The bot may no longer read the channel; please let it view the channel and read its message history, and start again.
reason-unannounced = The bot was restarted before this training could begin.
reason-not-read = The bot was restarted before it could read the channel; please start it again.
reason-unusable = The model that came of it cannot be used.
reason-disk-fails = The bot's disk is full or failing.
reason-unexpected = Something went wrong in the bot.

## What training and models say: the same in English as on the command line (plain)

# A sentence for whoever runs the bot, in English.
training-other = { $sentence }
training-out-of-memory = There was not enough memory for this run; please try again later, or a shorter text.
training-disk-refused = The disk did not take what the run wrote ({ $reason }); please make room and try again.
training-loss-unbounded = The loss shot up again and again, at ever smaller learning rates; please try another text or, on the command line, a smaller --learning-rate.
training-unforeseen = Training failed unexpectedly ({ $kind }); please try again, its log says more.
training-run-lost = The training broke off { $times } times, although it went on from where it had been; the last time { $end ->
    [memory] it needed more than the { $amount } MiB of memory that it may have
    [silence] it had said nothing for { $amount } seconds
    [time] it took much longer than it was given
    [use] a worker from before still held it
    [signal] signal { $amount } ({ $signal }) ended its worker
   *[code] its worker ended with exit code { $amount }
 }.
training-corpus-unreadable = { $path } could not be read: { $reason }; please check the path.
training-corpus-empty = { $name } is empty; please choose one with text in it.
training-corpus-binary = { $name } is not a text file; please choose a text, or an export of a chat.
training-corpus-encoding = { $name } is not in UTF-8, nor clearly in anything else; please save it as UTF-8 text and try again.
training-corpus-too-large = This is more than { $mebibytes } MiB when it is unpacked; please choose less of it.
training-corpus-line-too-long = { $name } has a line of more than { $limit } characters; please break it into lines.
training-corpus-record-too-long = { $name } has a single message of more than { $mebibytes } MiB; please leave it out.
training-corpus-too-deep = { $name } is nested more than { $limit } levels deep, as no export is; please export it again.
training-corpus-unknown = { $name } is { $kind }, but no export of messages that can be read here; docs/corpora.md lists those that can.
training-corpus-foreign = { $name } is { $kind }; please { $advice }.
training-corpus-damaged = { $name } is { $kind }, but { $reason }; please export it again.
training-corpus-row = { $name } is { $kind }, but row { $row } has { $columns ->
    [one] { $columns } column
   *[other] { $columns } columns
 }, not { $required }; please export it again.
training-corpus-quote = { $name } is { $kind }, but a quote in or before row { $row } is never closed; please export it again.
training-corpus-field = { $name } is { $kind }, but a message in it has a "{ $key }" of the wrong type; please export it again.
training-corpus-archive = { $name } { $reason }.
training-corpus-author = Nobody called { $wanted } wrote in it; { $known ->
    [0] please check the name
   *[other] the nearest: { $nearest }
 }.
training-corpus-nameless = { $name } does not tell who wrote what, so { $wish }; please leave that option out.
training-corpus-nothing-left = Nothing is left to learn from ({ $found }); please choose other people or another text.
training-corpus-monotonous = This text is a single character, again and again; please choose one with words in it.
training-corpus-too-short = This text has { $characters ->
    [one] { $characters } character
   *[other] { $characters } characters
 }; training needs at least { $required }, so please choose a longer one, or add another.
training-corpus-slow = Reading this file took too long; please try again, or a shorter one.
training-corpus-broke-off = This file could not be read: the program that reads it broke off; please try another one.
model-config = The { $name } must lie between { $lowest } and { $highest }; { $value } does not.
model-checkpoint = This is not a checkpoint that can be used: { $reason }; please choose another one.
model-tensor = This is not a checkpoint that can be used: the tensor { $tensor } { $flaw }; please choose another one.
    .reason = the tensor { $tensor } { $flaw }
model-sampling = The { $name } must be { $allowed }; { $value } is not.
model-stop-text = A stop text must have at least one character; leave it out to have none.
model-bookmark = This text cannot be continued, since its state does not fit the model; please write a new one.

# What a sentence calls a file, at its beginning.
name-file = { $file ->
    [0] This file
   *[other] File { $file }
 }
name-member = { $member } in { $file ->
    [0] this file
   *[other] File { $file }
 }
name-text = This text

## What was found in files (plain)

found-messages = { $format }{ $documents ->
    [1] { "" }
   *[other] { " " }({ $documents } files)
 }: { $messages ->
    [one] { $messages } message
   *[other] { $messages } messages
 }{ $people ->
    [0] { "" }
    [one] { " " }by 1 person
    [100000] { " " }by { $people } people or more
   *[other] { " " }by { $people } people
 }{ $left_out ->
    [0] { "" }
   *[other] , { $left_out } left out: { $reasons }
 }
found-characters = { $documents ->
    [1] { $format }
   *[other] { $documents } { $format }
 } ({ $encodings }): { $characters ->
    [one] { $characters } character
   *[other] { $characters } characters
 }, { $distinct ->
    [one] { $distinct } different one
   *[other] { $distinct } different ones
 }
found-passed-over = { $files ->
    [one] { $files } file
   *[other] { $files } files
 } passed over: no text
found-both = { $first }; { $second }

## Phrases: in English exactly as training and models have them (plain)

phrase-json = JSON
phrase-web-page = a web page
phrase-pdf = a PDF
phrase-rtf = an RTF document
phrase-old-office = an old Office document
phrase-office = an Office document
phrase-open-document = an OpenDocument file
phrase-e-book = an e-book
phrase-7z = a 7z archive
phrase-rar = a RAR archive
phrase-xz = an xz archive
phrase-zstandard = a Zstandard archive
phrase-bzip2 = a bzip2 archive
phrase-save-as-text = save it as plain text
phrase-make-zip = make a ZIP of it

phrase-damaged = it is damaged
phrase-breaks-off = it breaks off or is damaged
phrase-laid-out-oddly = it is laid out oddly
phrase-no-message = something in it is no message
phrase-half-character = it has half a character (a lone surrogate)

phrase-damaged-zip = is a damaged or truncated ZIP archive; please pack it again
phrase-leads-out = has a file in it whose name leads out of the archive; please pack it again
phrase-many-files = has too many files in it; please pack fewer
phrase-encrypted = is encrypted; please make one without a password
phrase-uncommon = is packed in an uncommon way; please make a plain ZIP
phrase-nested = is an archive within an archive; please unpack it first
phrase-cut-off = is damaged or cut off; please pack it again

phrase-nobody-chosen = nobody can be chosen
phrase-names-not-kept = names cannot be kept
phrase-nothing-found = nothing was found
phrase-no-regular-file = it is no regular file
phrase-no-reason = no reason given

phrase-no-space = No space left on device
phrase-quota = Disk quota exceeded
phrase-input-output = Input/output error

phrase-tensors-damaged = its tensors are damaged
phrase-tensors-others = its tensors are not those of its network
phrase-tensor-shape = has another shape or type than it should
phrase-tensor-numbers = holds numbers that are not finite, or too large
phrase-no-header = it has no header of this program
phrase-other-version = another version of this program wrote it
phrase-header-more = its header holds more than this program writes
phrase-sizes = its sizes make no sense
phrase-header-damaged = its header is damaged
phrase-vocabulary-size = its vocabulary has another size than its network
phrase-cannot-be-read = it cannot be read

phrase-temperatures = between 0 and 2
phrase-top-k = 1 or more
phrase-top-p = above 0 and at most 1

phrase-bots = bots
phrase-system = system messages
phrase-others = other people's
phrase-twice = those that another export has too
phrase-textless = those without text
phrase-repeats = repeats

phrase-plain-text = Plain text
phrase-plain-texts = plain texts
phrase-sub-rip = Subtitles (SubRip)
phrase-sub-rips = subtitles (SubRip)
phrase-web-vtt = Subtitles (WebVTT)
phrase-web-vtts = subtitles (WebVTT)
phrase-history = The channel's history
phrase-data-package = Discord data package
phrase-csv-of-bot = CSV of another bot
phrase-json-of-bot = JSON of another bot
phrase-exporter-json = DiscordChatExporter JSON
phrase-exporter-csv = DiscordChatExporter CSV
phrase-exporter-html = DiscordChatExporter HTML
phrase-exporter-txt = DiscordChatExporter TXT

## /settings (Markdown, but for menus and forms; forms: 45 characters for a title or a field's name, 100 for a description)

language-name = English
settings-title = What this server has chosen
settings-writing = **Where the bot writes**, in threads there too
    .nothing = Everywhere
    .gone = Nowhere: the chosen channels are gone
settings-talking = **Where it answers** whoever mentions it or replies to it; it has to be able to write there
    .nothing = Nowhere
    .gone = Nowhere: the chosen channels are gone
settings-training = **Who trains**, besides members with Manage Server
    .nothing = Everybody
    .gone = Nobody: the chosen roles are gone
settings-language = **What it speaks**
    .discord = As this server on Discord: { $language }
settings-gone = ({ $count ->
    [one] one that was chosen is gone
   *[other] { $count } that were chosen are gone
 })
    .all = (all that was chosen is gone: choose anew or, to choose nothing, choose one and then take it away)
settings-write-cooldown = Between two texts for one person: **{ $cooldown }**
    .none = Between two texts for one person: **no wait**
settings-train-cooldown = Between two trainings of one person: **{ $cooldown }**
    .none = Between two trainings of one person: **no wait**
settings-defaults = A text unless asked otherwise: **{ $length }** characters at temperature **{ NUMBER($temperature, maximumFractionDigits: 2) }**
settings-words = Words never written: **{ $count ->
    [0] none
   *[other] { $count }
 }**
button-cooldowns = Waiting times
button-defaults = Length, temperature
button-words = Words
form-cooldowns = Waiting times
    .write = Between two texts for one person
    .train = Between two trainings of one person
    .description = Such as 30 s, 10 min or 2 h; empty: no wait
form-defaults = A text unless asked otherwise
    .length = Length in characters
    .temperature = Temperature, 0 to 2
form-words = Words never written
    .words = One word or phrase a line
    .more = More words
    .description = Whole words, however disguised; *part* anywhere in a word, part* at its beginning
error-managers-only = Only members with Manage Server choose this; please ask one of them.
error-cooldown-invalid = “{ $typed }” is no waiting time; please give one such as 30 s, 10 min or 2 h, up to 24 h.
error-number-needed = Please give the { $option ->
    [length] length as a whole number
   *[temperature] temperature as a number
 }, or leave it empty.
error-word-invalid = “{ $word }” cannot be looked for; please give words of up to { $limit } characters, with a * at the beginning or the end at most.
error-words-too-long = These words have { $characters } characters together, but at most { $limit } can be kept; please leave some out.

## /help (Markdown)

help-title = What this bot does
help-does = It learns to write like a text of yours, in minutes, and then writes in that voice. All of it happens on the machine that runs the bot; what comes out is made up letter by letter, and often funny.
help-commands =
    .train = `/train` learns a file; a card shows how it gets on and what it writes by now.
    .generate = `/generate` writes; a low temperature plays it safe, a high one goes wild. **{ button-continue }** writes on.
    .models = `/models` shows the server's models, to choose, rename, export or delete one.
    .runs = `/runs` shows what trains, waits and has trained.
help-talking = Mention the bot in { $channels }, and it answers.
help-writing = It writes in { $channels } alone.
    .nowhere = It writes nowhere at the moment, because the channels chosen for it are gone; members with Manage Server choose others with `/settings`.
help-file = A good file
    .what = **What**: a chat, a book, lyrics, subtitles, a program; anything that is text.
    .how = **How to get one**: save as plain text (UTF-8) whatever you have open. DiscordChatExporter turns a channel into a file (JSON is best), and Discord sends you your own messages: *Settings*, *Privacy & Safety*, *Request all of my data*. Several files and ZIP archives work, too.
    .much = **How much**: 1,000 characters at least; a few hundred thousand are better. More minutes help as well, up to { $minutes }.
    .names = **Who speaks**: with `names: True` a chat's model learns who says what; then the prompt `Ann:` makes it speak like Ann. `authors:` learns from some people only.
    .limits = A file may have { $mebibytes } MiB.
help-privacy = Train only on what you may share with everybody here: a model can recite what it has learned. { button-privacy } shows what is kept and for how long, and deletes it.

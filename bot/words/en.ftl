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

## What a server has chosen, and the operator's limits: one sentence each (plain)

# The channels or roles follow, as Discord shows them.
error-writes-elsewhere = On this server the bot writes in other channels; please choose one of those.
error-role-missing = On this server only members with certain roles train; please ask one of those, or a moderator for the role.
error-write-cooldown = Please wait { $left }; on this server there are { $cooldown } between two texts for one person.
error-train-cooldown = Please wait { $left }; on this server there are { $cooldown } between two trainings of one person.

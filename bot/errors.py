"""What can go wrong in the bot; `str()` is the sentence that a person reads.

BotError
├── ReadingError                a channel cannot be read on (`bot.channel_errors`)
├── StartError                  run_bot.py cannot start, or must end: stderr, exit code 2
│   ├── SettingError            a variable of the environment or of .env is wrong
│   └── PortInUseError          the sandbox's port is taken
└── RefusedError                somebody asked for what cannot be done: a private answer
    ├── NameInvalidError        not 1 to 40 visible characters
    ├── NameTakenError          another model or run of the server has this name
    ├── OutOfRangeError         an option's number is outside its range
    ├── FileEmptyError          the attachment has no bytes
    ├── FileTooLargeError       the attachment is above the operator's limit
    ├── FilesTooLargeError      all attachments together are
    ├── AuthorsInvalidError     a list of people without a name in it
    ├── OneSourceError          neither a file nor a channel, or both
    ├── ChannelsOffError        the operator has not said that channels may be read
    ├── NotAllowedToReadError   the caller has not Manage Server
    ├── ChannelHiddenError      the caller cannot see the channel or its history
    ├── BotLacksError           the bot lacks permissions in the channel
    ├── DownloadFailedError     the attachment could not be fetched
    │   └── DownloadSlowError   it did not arrive in time
    ├── CorpusRefusedError      training cannot read the file, or has too little of it
    ├── ImportRefusedError      the file is no checkpoint of this program
    ├── TooManyRunsError        a person or a server has enough runs waiting
    ├── RunGoneError            this server has no such run, or it has ended
    ├── ContradictionError      options that leave each other without effect
    ├── PromptTooLongError      more characters than a prompt may have
    ├── AlwaysTheSameError      no second text could differ from the first
    ├── TemperatureEndError     a text cannot get hotter, or colder
    ├── NothingLearnedError     a run that has learned nothing yet cannot finish
    ├── CorpusGoneError         the text of a run is no longer kept
    ├── InTrainingError         a model is trained longer already
    ├── NoModelError            the server has no model yet
    ├── ModelNotFoundError      the server has no model of that name or id
    ├── CheckpointGoneError     the checkpoint was deleted, or its file is missing
    ├── CheckpointBrokenError   the checkpoint's file is not what was saved
    ├── GenerationGoneError     this server has no such text
    ├── NotAllowedError         neither one's own nor Manage Server
    ├── NotInServerError        in a direct message
    └── StoppingError           the bot is about to stop
"""

from __future__ import annotations

import re

from bot.words import say
from training.errors import THIS_FILE


class BotError(Exception):
    """The root of the tree."""


class StartError(BotError):
    """The program cannot start or must end; its sentence goes to stderr, exit code 2."""


class SettingError(StartError):
    """A setting has a value that the bot cannot work with."""

    def __init__(self, variable: str, reason: str) -> None:
        self.variable, self.reason = variable, reason
        super().__init__(f"The setting {variable} is wrong: {reason}.")


class RefusedError(BotError):
    """Somebody asked for what cannot be done; the sentence says what to do instead.

    `NameTakenError` says the message `error-name-taken`, with its attributes as the facts.
    """

    def __str__(self) -> str:
        if self.args:
            return str(self.args[0])
        words = re.findall("[A-Z][a-z]*", type(self).__name__.removesuffix("Error"))
        return say("-".join(["error", *map(str.lower, words)]), **vars(self))


class NotInServerError(RefusedError):
    """Somebody used it in a direct message."""


class NameInvalidError(RefusedError):
    """A model's name is not 1 to 40 visible characters."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{reason}; please choose one of 1 to 40 visible characters.")


class NameTakenError(RefusedError):
    """A model, or a run that waits or trains, has this name already."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__()


class OutOfRangeError(RefusedError):
    """An option's number is outside its range."""

    def __init__(self, option: str, low: float, high: float) -> None:
        self.option, self.low, self.high = option, low, high
        super().__init__(f"Please choose {option} between {low:,.16g} and {high:,.16g}.")


class FileEmptyError(RefusedError):
    """The attachment has no bytes."""

    def __init__(self, name: str = THIS_FILE) -> None:
        self.name = name
        super().__init__(f"{name} is empty; please attach one with text in it.")


class FileTooLargeError(RefusedError):
    """The attachment is larger than the operator allows."""

    def __init__(self, size: int, limit: int, name: str = THIS_FILE) -> None:
        self.size, self.limit, self.name = size, limit, name
        super().__init__(
            f"{name} has {size / 2**20:,.1f} MiB, but at most {limit / 2**20:,.0f} MiB can be "
            "read; please attach a smaller one."
        )


class FilesTooLargeError(RefusedError):
    """All attachments together are larger than the operator allows."""

    def __init__(self, size: int, limit: int) -> None:
        self.size, self.limit = size, limit
        super().__init__(
            f"These files have {size / 2**20:,.1f} MiB together, but at most "
            f"{limit / 2**20:,.0f} MiB can be read; please attach fewer or smaller ones."
        )


class AuthorsInvalidError(RefusedError):
    """A list of people has no name in it."""

    def __init__(self) -> None:
        super().__init__('There is no name in authors; please list some, as in Ann, "Smith, John".')


class OneSourceError(RefusedError):
    """A run learns from files or from a channel."""

    def __init__(self) -> None:
        super().__init__("Please attach a file or choose a channel to learn from: one of the two.")


class ChannelsOffError(RefusedError):
    """The operator has not stated that Discord permits it."""

    def __init__(self) -> None:
        super().__init__("This bot does not read channels; please attach a file to learn from.")


class NotAllowedToReadError(RefusedError):
    """Only whoever answers for the server may let the bot read a channel."""

    def __init__(self) -> None:
        super().__init__(
            "Only members with Manage Server may let the bot read a channel; please ask one of "
            "them, or attach a file."
        )


class ChannelHiddenError(RefusedError):
    """The caller cannot see the channel or its history, so the bot does not show it to them."""

    def __init__(self) -> None:
        super().__init__(
            "You cannot see this channel and its message history yourself; please choose another."
        )


class BotLacksError(RefusedError):
    """The bot lacks permissions in the channel that it is to read."""

    def __init__(self, permissions: tuple[str, ...]) -> None:
        self.permissions = permissions
        super().__init__(
            f"In this channel the bot lacks {' and '.join(permissions)}; please give it "
            f"{'this permission' if len(permissions) == 1 else 'these permissions'} there, or "
            "choose another channel."
        )


class DownloadFailedError(RefusedError):
    """The attachment could not be fetched."""

    sentence = "The file could not be downloaded from Discord; please send it again."

    def __init__(self) -> None:
        super().__init__(self.sentence)


class DownloadSlowError(DownloadFailedError):
    """The attachment did not arrive in time."""

    sentence = (
        "The file took too long to arrive from Discord; please send it again later, or a smaller "
        "one."
    )


class CorpusRefusedError(RefusedError):
    """Training cannot learn from this file; the reason is `training`'s own sentence."""


class ImportRefusedError(RefusedError):
    """The file is no checkpoint of this program, or a damaged one."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"This file cannot be imported: {reason}; please attach one that Export in /models "
            "has made."
        )


class TooManyRunsError(RefusedError):
    """Enough runs of this person or this server wait."""

    def __init__(self, limit: int, *, whole_guild: bool) -> None:
        self.limit, self.whole_guild = limit, whole_guild
        owner = "This server has" if whole_guild else "You have"
        runs = "one training" if limit == 1 else f"{limit} trainings"
        super().__init__(
            f"{owner} {runs} waiting already; please wait until one has started, or cancel one."
        )


class RunGoneError(RefusedError):
    """There is no such run here, or it has ended already."""


class ContradictionError(RefusedError):
    """Options that leave each other without effect."""


class PromptTooLongError(RefusedError):
    """A prompt has more characters than are read."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"A prompt has at most {limit:,} characters; please shorten yours.")


class AlwaysTheSameError(RefusedError):
    """Nothing is drawn, so no second text could differ from the first."""

    def __init__(self) -> None:
        super().__init__(
            "At temperature 0, or with top_k 1, this text is always the same; press Edit prompt, "
            "or write one with /generate and other options."
        )


class TemperatureEndError(RefusedError):
    """A text cannot get hotter, or colder."""

    def __init__(self, comparative: str, temperature: float) -> None:
        self.temperature = temperature
        super().__init__(
            f"This text cannot get any {comparative} than temperature {temperature:g}; "
            "press Again for another one."
        )


class NothingLearnedError(RefusedError):
    """A run that has learned nothing yet was asked to finish."""


class CorpusGoneError(RefusedError):
    """The text of a run is no longer kept, so it cannot be trained longer without it."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            "The text of this training is no longer kept; to go on from it, use /train with the "
            f"same file or channel again and choose {name} as its base."
        )


class InTrainingError(RefusedError):
    """The model is trained longer already."""


class NoModelError(RefusedError):
    """The server has no model yet."""


class ModelNotFoundError(RefusedError):
    """The server has no model of that name or id."""


class CheckpointGoneError(RefusedError):
    """The checkpoint was deleted."""


class CheckpointBrokenError(RefusedError):
    """The checkpoint's file is missing or not what was saved."""


class GenerationGoneError(RefusedError):
    """There is no such text here."""


class NotAllowedError(RefusedError):
    """Neither the caller's own nor is the caller a moderator."""

    def __init__(self, action: str) -> None:
        self.action = action
        super().__init__(
            "Only the person who made it and members with Manage Server may "
            f"{action}; please ask one of them."
        )


class StoppingError(RefusedError):
    """The bot is about to stop."""

"""What can go wrong in the bot; `str()` is the sentence that a person reads.

A refusal carries facts; its sentence is a message of `bot.words`, in the reader's language.

BotError
├── ReadingError                a channel cannot be read on (`bot.errors.channels`)
├── StartError                  run_bot.py cannot start, or must end: stderr, exit code 2
│   ├── SettingError            a variable of the environment or of .env is wrong
│   └── PortInUseError          the sandbox's port is taken
├── NotListeningError           nobody is answered there and then
└── RefusedError                somebody asked for what cannot be done: a private answer
    ├── NameInvalidError        not 1 to 40 visible characters
    ├── NameTakenError          another model or run of the server has this name
    ├── OutOfRangeError         an option's number is outside its range
    ├── AuthorsInvalidError     a list of people without a name in it
    ├── TooManyRunsError        a person or a server has enough runs waiting
    ├── NoRunError              nothing was trained on the server lately
    ├── RunGoneError            this server has no such run, or it has ended
    ├── UseAndImportError       /models cannot both switch and import
    ├── NameAloneError          /models has a name for nothing
    ├── WithoutEffectError      an option that another one leaves without effect
    ├── SameTextsError          several texts that could not differ
    ├── PromptTooLongError      more characters than a prompt may have
    ├── PromptNotKeptError      others wrote what a text goes on from
    ├── MessageWithoutTextError a message that has nothing to go on from
    ├── AlwaysTheSameError      no second text could differ from the first
    ├── TemperatureEndError     a text cannot get hotter, or colder
    ├── NoNumberError           what was typed is no number
    ├── NothingLearnedError     a run that has learned nothing yet cannot finish
    ├── CorpusGoneError         the text of a run is no longer kept
    ├── InTrainingError         a model is trained longer already
    ├── NoModelError            the server has no model yet
    ├── ModelNotFoundError      the server has no model of that name or id
    ├── CheckpointGoneError     the checkpoint was deleted, or its file is missing
    ├── CheckpointBrokenError   the checkpoint's file is not what was saved
    ├── GenerationGoneError     this server has no such text
    ├── ChoiceInvalidError      an id that is none of ours
    ├── ButtonOutdatedError     a button of an older version of the bot
    ├── FormOutdatedError       a form of one
    ├── NoPlaceError            the bot may not post where the run would be shown
    ├── DiscordFaultError       Discord has a bad day
    ├── NotAllowedError         neither one's own nor Manage Server
    ├── NotAllowedToPurgeError  only Manage Server deletes everything of a server
    ├── NotConfirmedError       another word than the one that was asked for
    ├── BeingDeletedError       what the caller gives is being deleted
    ├── NotInServerError        in a direct message
    ├── DiskFailsError          the disk is full or fails
    ├── StoppingError           the bot is about to stop
    ├── TooSlowError            a text takes longer than the others can wait
    ├── those of `bot.errors.channels`
    ├── those of `bot.errors.files`
    └── those of `bot.errors.limits`
"""

from __future__ import annotations

from bot.statements import Statement, kebab_case


class BotError(Exception):
    """The root of the tree."""


class StartError(BotError):
    """The program cannot start or must end; its sentence goes to stderr, exit code 2."""


class SettingError(StartError):
    """A setting has a value that the bot cannot work with."""

    def __init__(self, variable: str, reason: str) -> None:
        self.variable, self.reason = variable, reason
        super().__init__(f"The setting {variable} is wrong: {reason}.")


class NotListeningError(BotError):
    """Somebody spoke to the bot where it does not talk, or has just talked; nothing is said."""


class SaidError(BotError):
    """Something that people on Discord read, each in their language.

    `NameTakenError` says the message `error-name-taken`, with its attributes as the facts.
    """

    def __str__(self) -> str:
        return str(self.statement)

    @property
    def statement(self) -> Statement:
        """What is said of it."""
        return Statement(f"error-{kebab_case(type(self))}", vars(self))


class RefusedError(SaidError):
    """Somebody asked for what cannot be done; the sentence says what to do instead."""


class NotInServerError(RefusedError):
    """Somebody used it in a direct message."""


class NameInvalidError(RefusedError):
    """A model's name is not 1 to 40 visible characters.

    Args:
        flaw: `hidden`, `blank` or `long`.
        characters: How many it has.
    """

    def __init__(self, flaw: str, characters: int) -> None:
        self.flaw, self.characters = flaw, characters


class NameTakenError(RefusedError):
    """A model, or a run that waits or trains, has this name already."""

    def __init__(self, name: str) -> None:
        self.name = name


class OutOfRangeError(RefusedError):
    """An option's number is outside its range."""

    def __init__(self, option: str, low: float, high: float) -> None:
        self.option, self.low, self.high = option, low, high


class AuthorsInvalidError(RefusedError):
    """A list of people has no name in it."""


class TooManyRunsError(RefusedError):
    """Enough runs of this person or this server wait."""

    def __init__(self, limit: int, *, whole_guild: bool) -> None:
        self.limit, self.whose = limit, "server" if whole_guild else "person"


class NoRunError(RefusedError):
    """The server has no run to show."""


class RunGoneError(RefusedError):
    """There is no such run here, or it has ended already."""


class UseAndImportError(RefusedError):
    """/models is to switch to a model and to import one."""


class NameAloneError(RefusedError):
    """/models has a name, but nothing to import."""


class WithoutEffectError(RefusedError):
    """An option changes nothing at temperature 0."""

    def __init__(self, option: str) -> None:
        self.option = option


class SameTextsError(RefusedError):
    """Several texts could not differ, because of `temperature` or `top_k`."""

    def __init__(self, option: str) -> None:
        self.option = option


class PromptTooLongError(RefusedError):
    """A prompt has more characters than are read."""

    def __init__(self, limit: int) -> None:
        self.limit = limit


class PromptNotKeptError(RefusedError):
    """The text goes on from what others wrote, which is not kept."""


class MessageWithoutTextError(RefusedError):
    """A message has no text to go on from."""


class AlwaysTheSameError(RefusedError):
    """Nothing is drawn, so no second text could differ from the first."""


class TemperatureEndError(RefusedError):
    """A text cannot get `hotter`, or `colder`."""

    def __init__(self, direction: str, temperature: float) -> None:
        self.direction, self.temperature = direction, temperature


class NoNumberError(RefusedError):
    """What was typed for the minutes is no number."""

    def __init__(self, most: float) -> None:
        self.most = most


class NothingLearnedError(RefusedError):
    """A run that has learned nothing yet was asked to finish."""


class CorpusGoneError(RefusedError):
    """The text of a run is no longer kept, so it cannot be trained longer without it."""

    def __init__(self, name: str) -> None:
        self.name = name


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


class ChoiceInvalidError(RefusedError):
    """What was chosen is no id of ours."""


class ButtonOutdatedError(RefusedError):
    """A button that an older version of the bot has left in a message."""


class FormOutdatedError(RefusedError):
    """A form that nobody answers any more."""


class NoPlaceError(RefusedError):
    """The bot may not post where the run's progress would be shown."""


class DiscordFaultError(RefusedError):
    """Discord, or the way to it, has a fault."""


class NotAllowedError(RefusedError):
    """Neither the caller's own nor is the caller a moderator.

    Args:
        action: What was asked for, a word that the message `error-not-allowed` knows.
    """

    def __init__(self, action: str) -> None:
        self.action = action


class DiskFailsError(RefusedError):
    """The disk is full or fails, so nothing can be kept."""


class NotAllowedToPurgeError(RefusedError):
    """Only whoever answers for the server may have everything of it deleted."""


class NotConfirmedError(RefusedError):
    """Something else was typed than the word that confirms a deletion."""

    def __init__(self, word: str) -> None:
        self.word = word


class BeingDeletedError(RefusedError):
    """What the caller, or the server, gave is being deleted at this moment."""


class StoppingError(RefusedError):
    """The bot is about to stop."""


class TooSlowError(RefusedError):
    """This model writes so slowly that a text of this length keeps the others waiting."""

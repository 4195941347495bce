"""What is to be said, without a language yet: a message of `bot.words` and its facts.

    statement_of : an error of training or of a model  -> what the bot says of it
    found_in     : what was found in a corpus's files  -> what the bot says of it
    encode, said : a statement -> a line for the catalog -> the text, in a reader's language

Training and models speak English, for the command line. Where the facts of their errors are words
(`a PDF`), they stand in `en.ftl` as they are there, as phrases, and so have a translation.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from functools import cache, reduce
from typing import TYPE_CHECKING, Any, Final

from bot.words import ENGLISH, listed, messages, say, speaking
from model.errors import CheckpointError, TensorError
from training.errors import THIS_TEXT
from training.telling import facts_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.corpus import CorpusSummary
    from training.telling import Known

PHRASES: Final = "phrase-"
"""How the ids of phrases begin."""

WORDS: Final = frozenset(
    {"advice", "allowed", "flaw", "format", "found", "kind", "reason", "reasons", "wish"}
)
"""Facts that are phrases; all others are names and numbers."""

FOUND: Final = {
    "messages": "found-messages",
    "characters": "found-characters",
    "files": "found-passed-over",
}
"""What is said of a part of the findings, by the fact that it alone has."""

_FILE = re.compile(r"(?:(?P<member>.*) in )?(?:[Tt]his file|File (?P<number>[0-9]+))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """A message's id and its facts: names, numbers, other statements, or lists of them."""

    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.message, **{name: _said(fact) for name, fact in self.facts.items()})

    def encode(self) -> str:
        """The statement as a line that the catalog can keep."""
        return json.dumps(asdict(self), ensure_ascii=False)


def said(line: str) -> str:
    """What a line of the catalog says; one of an older version is a sentence as it is."""
    try:
        return str(_decoded(json.loads(line)))
    except (ValueError, KeyError, TypeError):
        return line


def kebab_case(kind: type[Exception]) -> str:
    """The name of an error in a message's id: `NameTakenError` is `name-taken`."""
    words = re.findall("[A-Z][a-z]*", kind.__name__.removesuffix("Error"))
    return "-".join(map(str.lower, words))


def statement_of(error: Known) -> Statement:
    """What is said of an error of `training` or `model`.

    Its message is `training-corpus-empty`, or `model-stop-text`. Those that only an operator can
    cause have none; their sentence is shown as it is.
    """
    package = type(error).__module__.partition(".")[0]
    message = f"{package}-{kebab_case(type(error))}"
    if message not in messages():
        return unknown(str(error))
    facts = {name: _understood(name, fact) for name, fact in facts_of(error).items()}
    if parts := facts.pop("parts", None):
        facts["found"] = found_in(parts)
    return Statement(message, facts)


def unknown(sentence: str) -> Statement:
    """What is said of an error of which there is only a sentence."""
    return Statement("training-other", {"sentence": sentence})


def found_in(parts: Sequence[Mapping[str, Any]]) -> Statement:
    """What is said of a corpus's files, by what `training.corpora.findings` found in them."""
    return reduce(
        lambda first, second: Statement("found-both", {"first": first, "second": second}),
        (_finding(part) for part in parts),
    )


def found(corpus: CorpusSummary) -> str:
    """What was found in a corpus's files, as a line for the catalog."""
    return found_in(corpus.parts).encode() if corpus.parts else corpus.description


def phrase(text: str) -> Statement | str:
    """The statement that says a phrase of training's; what is none is left as it is."""
    known = _phrases().get(text)
    return text if known is None else Statement(known)


def flaw_of(error: CheckpointError) -> Statement | str:
    """Why a file is no checkpoint that can be used, as a part of a sentence."""
    if isinstance(error, TensorError):
        flaw = phrase(error.flaw)
        return Statement("model-tensor.reason", {"tensor": error.tensor, "flaw": flaw})
    return phrase(error.reason)


def _finding(part: Mapping[str, Any]) -> Statement:
    [message] = [message for fact, message in FOUND.items() if fact in part]
    return Statement(message, {name: _understood(name, fact) for name, fact in part.items()})


def _understood(name: str, fact: Any) -> Any:  # noqa: ANN401  # whatever JSON can hold
    """A fact of training's, with its words as statements."""
    if name in WORDS:
        return [phrase(each) for each in fact] if isinstance(fact, list) else phrase(fact)
    if name == "name":
        return _file(fact)
    return fact


def _file(name: str) -> Statement | str:
    """What a file is called: as training names the only one, one of several, or part of one."""
    match = _FILE.fullmatch(name)
    if name == THIS_TEXT:
        return Statement("name-text")
    if match is None:
        return name
    number = int(match["number"] or 0)
    if match["member"] is None:
        return Statement("name-file", {"file": number})
    return Statement("name-member", {"member": match["member"], "file": number})


def _said(fact: Any) -> str | float:  # noqa: ANN401  # a fact of a statement
    match fact:
        case int() | float():
            return fact
        case list() | tuple():
            return listed([str(each) for each in fact])
        case _:
            return str(fact)


def _decoded(value: Any) -> Any:  # noqa: ANN401  # whatever JSON can hold
    match value:
        case {"message": message, "facts": facts}:
            return Statement(message, {name: _decoded(fact) for name, fact in facts.items()})
        case list():
            return [_decoded(each) for each in value]
        case str() | int() | float():
            return value
    raise ValueError("not a statement")


@cache
def _phrases() -> dict[str, str]:
    """The ids of all phrases by what they are in English."""
    with speaking(ENGLISH):
        return {say(name): name for name in messages() if name.startswith(PHRASES)}

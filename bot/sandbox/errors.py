"""What the sandbox refuses, and how it says so.

SandboxError
├── PortInUseError      the address is taken: one sentence, exit code 2
├── RefusedError        an answer to the bot, as Discord writes its errors
└── PageError           an answer to the page: one sentence
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SandboxError(Exception):
    """Anything that the sandbox refuses."""


class PortInUseError(SandboxError):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(
            f"Port {port} is in use by another program; choose another one with --port."
        )


class Fault(Enum):
    """Discord's errors: HTTP status, JSON error code, message."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    METHOD_NOT_ALLOWED = (405, 0, "405: Method Not Allowed")
    UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    TOO_MANY_EDITS = (
        400,
        30046,
        "Maximum number of edits to messages older than 1 hour reached. Try again later",
    )
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_SEND_TO_USER = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    INVALID_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_FORM = (400, 50035, "Invalid Form Body")
    REPLY_WITHOUT_HISTORY = (
        400,
        160002,
        "Cannot reply without permission to read message history",
    )
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")


class RefusedError(SandboxError):
    """A request of the bot that Discord would refuse."""

    def __init__(self, fault: Fault, errors: Mapping[str, object] | None = None) -> None:
        self.fault, self.errors = fault, errors
        self.status, self.code, self.message = fault.value
        super().__init__(self.message)

    @property
    def body(self) -> dict[str, object]:
        """The JSON that goes over the wire."""
        body: dict[str, object] = {"message": self.message, "code": self.code}
        return body | {"errors": self.errors} if self.errors else body


class PageError(SandboxError):
    """A request of the page that Discord's own client would not have let through."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        self.status = status
        super().__init__(sentence)

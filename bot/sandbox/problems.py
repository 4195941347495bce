"""What is wrong with a payload, collected and written as Discord writes it.

Every rule looks at one value at a path, and all broken rules are reported at once:
`{"embeds": {"0": {"title": {"_errors": [{"code": …, "message": …}]}}}}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from bot.sandbox.errors import Fault, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.payloads import Payload

Path: TypeAlias = tuple[str | int, ...]
"""Where a value lies: keys and positions from the outermost in."""


class Problems:
    """The broken rules of one request."""

    def __init__(self) -> None:
        self._errors: Payload = {}

    def add(self, path: Path, code: str, message: str) -> None:
        """Note a broken rule."""
        node = self._errors
        for step in path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def text(self, path: Path, value: object, maximum: int, *, minimum: int = 0) -> str:
        """Check that the value is a text of an allowed length; returns it."""
        if value is None and minimum == 0:
            return ""
        if value is None:
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required")
            return ""
        if not isinstance(value, str):
            self.add(path, "STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
            return ""
        if len(value) > maximum:
            message = f"Must be {maximum} or fewer in length."
            self.add(path, "BASE_TYPE_MAX_LENGTH", message)
        elif len(value) < minimum:
            message = f"Must be between {minimum} and {maximum} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)
        return value

    def objects(
        self, path: Path, value: object, maximum: int, *, minimum: int = 0
    ) -> list[Payload]:
        """Check that the value is a list of objects of an allowed length; returns it."""
        if value is None and minimum == 0:
            return []
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not minimum <= len(value) <= maximum:
            message = f"Must be between {minimum} and {maximum} in length."
            self.add(path, "BASE_TYPE_BAD_LENGTH", message)
        return value

    def mapping(self, path: Path, value: object) -> Payload:
        """Check that the value is an object, if it is there; returns it."""
        if value is None or isinstance(value, dict):
            return value or {}
        message = "Only dictionaries may be used in a DictType"
        self.add(path, "DICT_TYPE_CONVERT", message)
        return {}

    def number(self, path: Path, value: object, minimum: int, maximum: int) -> int:
        """Check that the value is a whole number in a range; returns it."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return minimum
        if not minimum <= value <= maximum:
            message = f"int value should be between {minimum} and {maximum}."
            self.add(path, "NUMBER_TYPE_RANGE", message)
        return value

    def choice(self, path: Path, value: object, allowed: tuple[Any, ...]) -> None:
        """Check that the value is one of a few."""
        if value not in allowed:
            message = f"Value must be one of {{{', '.join(map(str, allowed))}}}."
            self.add(path, "BASE_TYPE_CHOICES", message)

    def raise_found(self) -> None:
        """Refuse the request if any rule is broken."""
        if self._errors:
            raise RefusedError(Fault.INVALID_FORM, self._errors)

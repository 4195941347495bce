"""What components may hold: rows of buttons, select menus, layouts, modals.

A message has either rows (at most 5, each with 5 buttons or one select menu) or, with the
flag IS_COMPONENTS_V2, a layout of at most 40 components. A modal has 1 to 5 labels or rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.sandbox.components import SELECTS, ComponentType, walk
from bot.sandbox.problems import Path, Problems

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.sandbox.payloads import Payload

TEXT_OF_A_LAYOUT: Final = 4_000
"""Characters of all text displays together."""

PARTS_OF_A_LAYOUT: Final = 40
"""Components of a message, those inside others among them."""

_LAYOUT: Final = (1, 9, 10, 12, 13, 14, 17)
_IN_CONTAINER: Final = (1, 9, 10, 12, 13, 14)
_IN_LABEL: Final = (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)
_MEDIA: Final = ("http", "https", "attachment")
"""Where pictures may be; files are with the message."""

_DEFAULT_KINDS: Final = {
    ComponentType.USER_SELECT: ("user",),
    ComponentType.ROLE_SELECT: ("role",),
    ComponentType.MENTIONABLE_SELECT: ("user", "role"),
    ComponentType.CHANNEL_SELECT: ("channel",),
}
"""What may be chosen in a menu of this kind."""

_LINK_BUTTON: Final = 5
_PREMIUM_BUTTON: Final = 6


def check_rows(components: object, problems: Problems) -> None:
    """Check the rows of an ordinary message."""
    rows = problems.objects(("components",), components, 5)
    for position, row in enumerate(rows):
        path = ("components", position)
        problems.choice((*path, "type"), row.get("type"), (ComponentType.ACTION_ROW,))
        _check_row(path, row, problems)
    _check_custom_ids(rows, problems)


def check_layout(components: object, names: Collection[str], problems: Problems) -> None:
    """Check the layout of a message; names are the addresses of the files that it may show."""
    roots = problems.objects(("components",), components, PARTS_OF_A_LAYOUT, minimum=1)
    for position, component in enumerate(roots):
        path = ("components", position)
        problems.choice((*path, "type"), component.get("type"), _LAYOUT)
        _check_part(path, component, problems)
    parts = list(walk(roots))
    if len(parts) > PARTS_OF_A_LAYOUT:
        message = f"Components exceed the maximum number of {PARTS_OF_A_LAYOUT}"
        problems.add(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
    characters = sum(len(str(part.get("content") or "")) for part in parts)
    if characters > TEXT_OF_A_LAYOUT:
        message = f"Components displayable text size exceeds maximum size of {TEXT_OF_A_LAYOUT}"
        problems.add(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    _check_files(parts, names, problems)
    _check_custom_ids(roots, problems)


def check_modal(modal: Payload) -> None:
    """Check a modal: its title, and 1 to 5 labels or rows."""
    problems = Problems()
    problems.text(("data", "title"), modal.get("title"), 45, minimum=1)
    problems.text(("data", "custom_id"), modal.get("custom_id"), 100, minimum=1)
    at = ("data", "components")
    parts = problems.objects(at, modal.get("components"), 5, minimum=1)
    for position, part in enumerate(parts):
        path = (*at, position)
        problems.choice((*path, "type"), part.get("type"), (1, 10, 18))
        _check_part(path, part, problems)
    _check_custom_ids(parts, problems)
    problems.raise_found()


def _check_part(path: Path, part: Payload, problems: Problems) -> None:
    check = _CHECKS.get(part.get("type", 0))
    if check is not None:
        check(path, part, problems)


def _check_row(path: Path, row: Payload, problems: Problems) -> None:
    at = (*path, "components")
    children = problems.objects(at, row.get("components"), 5, minimum=1)
    kinds = [child.get("type") for child in children]
    if len(kinds) > 1 and any(kind != ComponentType.BUTTON for kind in kinds):
        message = "A row holds up to 5 buttons or one other component."
        problems.add(at, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)
    for position, child in enumerate(children):
        problems.choice((*at, position, "type"), child.get("type"), (2, 3, 4, 5, 6, 7, 8))
        _check_part((*at, position), child, problems)


def _check_button(path: Path, button: Payload, problems: Problems) -> None:
    problems.text((*path, "label"), button.get("label"), 80)
    style = problems.number((*path, "style"), button.get("style"), 1, 6)
    if not (button.get("label") or button.get("emoji") or style == _PREMIUM_BUTTON):
        message = "A button must have a label or an emoji"
        problems.add(path, "BUTTON_COMPONENT_INVALID", message)
    if style == _LINK_BUTTON:
        problems.text((*path, "url"), button.get("url"), 512, minimum=1)
        if button.get("custom_id"):
            message = "A custom id and url cannot both be specified"
            problems.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    elif style != _PREMIUM_BUTTON:
        _check_custom_id(path, button, problems)


def _check_select(path: Path, select: Payload, problems: Problems) -> None:
    _check_custom_id(path, select, problems)
    problems.text((*path, "placeholder"), select.get("placeholder"), 150)
    least = problems.number((*path, "min_values"), select.get("min_values", 1), 0, 25)
    most = problems.number((*path, "max_values"), select.get("max_values", 1), 1, 25)
    if least > most:
        message = "min_values must not be above max_values"
        problems.add((*path, "min_values"), "SELECT_COMPONENT_MIN_ABOVE_MAX", message)
    if select.get("type") == ComponentType.STRING_SELECT:
        _check_options(path, select, problems)
    elif select.get("default_values"):
        _check_default_values(path, select, (least, most), problems)


def _check_default_values(
    path: Path, select: Payload, bounds: tuple[int, int], problems: Problems
) -> None:
    """Check what is chosen before anybody chooses: as many as one may, of the menu's kind."""
    at, (least, most) = (*path, "default_values"), bounds
    chosen = problems.objects(at, select["default_values"], most, minimum=least)
    for position, value in enumerate(chosen):
        problems.choice((*at, position, "type"), value.get("type"), _DEFAULT_KINDS[select["type"]])
        problems.text((*at, position, "id"), str(value.get("id", "")), 20, minimum=1)


def _check_options(path: Path, part: Payload, problems: Problems) -> None:
    at = (*path, "options")
    seen = set()
    for position, option in enumerate(
        problems.objects(at, part.get("options"), 25, minimum=1),
    ):
        problems.text((*at, position, "label"), option.get("label"), 100, minimum=1)
        problems.text((*at, position, "description"), option.get("description"), 100)
        value = problems.text((*at, position, "value"), option.get("value"), 100, minimum=1)
        if value in seen:
            message = "The specified option value is already used"
            problems.add(
                (*at, position, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message
            )
        seen.add(value)


def _check_text_input(path: Path, text: Payload, problems: Problems) -> None:
    _check_custom_id(path, text, problems)
    problems.choice((*path, "style"), text.get("style"), (1, 2))
    problems.text((*path, "label"), text.get("label"), 45)
    problems.text((*path, "placeholder"), text.get("placeholder"), 100)
    problems.text((*path, "value"), text.get("value"), 4_000)


def _check_label(path: Path, label: Payload, problems: Problems) -> None:
    problems.text((*path, "label"), label.get("label"), 45, minimum=1)
    problems.text((*path, "description"), label.get("description"), 100)
    component = label.get("component") or {}
    problems.choice((*path, "component", "type"), component.get("type"), _IN_LABEL)
    _check_part((*path, "component"), component, problems)


def _check_container(path: Path, container: Payload, problems: Problems) -> None:
    at = (*path, "components")
    if container.get("accent_color") is not None:
        problems.number((*path, "accent_color"), container["accent_color"], 0, 0xFFFFFF)
    children = problems.objects(at, container.get("components"), PARTS_OF_A_LAYOUT, minimum=1)
    for position, child in enumerate(children):
        problems.choice((*at, position, "type"), child.get("type"), _IN_CONTAINER)
        _check_part((*at, position), child, problems)


def _check_section(path: Path, section: Payload, problems: Problems) -> None:
    at = (*path, "components")
    children = problems.objects(at, section.get("components"), 3, minimum=1)
    for position, child in enumerate(children):
        problems.choice((*at, position, "type"), child.get("type"), (10,))
        _check_part((*at, position), child, problems)
    accessory = section.get("accessory") or {}
    problems.choice((*path, "accessory", "type"), accessory.get("type"), (2, 11))
    _check_part((*path, "accessory"), accessory, problems)


def _check_text_display(path: Path, part: Payload, problems: Problems) -> None:
    problems.text((*path, "content"), part.get("content"), TEXT_OF_A_LAYOUT, minimum=1)


def _check_gallery(path: Path, gallery: Payload, problems: Problems) -> None:
    at = (*path, "items")
    for position, item in enumerate(problems.objects(at, gallery.get("items"), 10, minimum=1)):
        _check_picture((*at, position), item, problems)


def _check_picture(path: Path, part: Payload, problems: Problems) -> None:
    problems.text((*path, "description"), part.get("description"), 1_024)
    _check_media((*path, "media"), part.get("media"), _MEDIA, problems)


def _check_file(path: Path, part: Payload, problems: Problems) -> None:
    _check_media((*path, "file"), part.get("file"), _MEDIA[-1:], problems)


def _check_media(path: Path, media: object, schemes: Sequence[str], problems: Problems) -> None:
    address = media.get("url") if isinstance(media, dict) else None
    url = problems.text((*path, "url"), address, 2_048, minimum=1)
    scheme = url.partition("://")[0]
    if url and scheme not in schemes:
        allowed = ", ".join(map(repr, schemes))
        message = f'Scheme "{scheme}" must be one of ({allowed}).'
        problems.add((*path, "url"), "URL_TYPE_INVALID_SCHEME", message)


def _check_separator(path: Path, part: Payload, problems: Problems) -> None:
    problems.choice((*path, "spacing"), part.get("spacing", 1), (1, 2))
    problems.choice((*path, "divider"), part.get("divider", True), (True, False))


def _check_choices(path: Path, part: Payload, problems: Problems) -> None:
    _check_custom_id(path, part, problems)
    _check_options(path, part, problems)


def _check_custom_id(path: Path, part: Payload, problems: Problems) -> None:
    problems.text((*path, "custom_id"), part.get("custom_id"), 100, minimum=1)


def _check_custom_ids(components: list[Payload], problems: Problems) -> None:
    seen = set()
    for component in walk(components):
        custom_id = component.get("custom_id")
        if custom_id is not None and custom_id in seen:
            message = f"Component custom id cannot be duplicated: {custom_id}"
            problems.add(("components",), "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        seen.add(custom_id)


def _check_files(parts: list[Payload], names: Collection[str], problems: Problems) -> None:
    for part in parts:
        media = [part.get("media"), part.get("file")]
        media += [item.get("media") for item in part.get("items") or [] if isinstance(item, dict)]
        for entry in media:
            url = str(entry.get("url", "")) if isinstance(entry, dict) else ""
            if url.startswith("attachment://") and url not in names:
                message = "The referenced attachment was not found."
                problems.add(
                    ("components",), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message
                )


_CHECKS: Final[dict[int, Callable[[Path, Payload, Problems], None]]] = {
    ComponentType.ACTION_ROW: _check_row,
    ComponentType.BUTTON: _check_button,
    ComponentType.TEXT_INPUT: _check_text_input,
    ComponentType.SECTION: _check_section,
    ComponentType.TEXT_DISPLAY: _check_text_display,
    ComponentType.THUMBNAIL: _check_picture,
    ComponentType.MEDIA_GALLERY: _check_gallery,
    ComponentType.FILE: _check_file,
    ComponentType.SEPARATOR: _check_separator,
    ComponentType.CONTAINER: _check_container,
    ComponentType.LABEL: _check_label,
    ComponentType.FILE_UPLOAD: _check_custom_id,
    ComponentType.RADIO_GROUP: _check_choices,
    ComponentType.CHECKBOX_GROUP: _check_choices,
    ComponentType.CHECKBOX: _check_custom_id,
    **dict.fromkeys(SELECTS, _check_select),
}

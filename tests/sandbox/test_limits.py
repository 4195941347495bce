"""What Discord refuses is refused, with its own codes."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from yarl import URL

from bot.sandbox.component_limits import check_modal
from bot.sandbox.errors import RefusedError
from bot.sandbox.message_limits import MessageFlag, check_message
from bot.sandbox.people import APPLICATION, WRITING_GROUP

if TYPE_CHECKING:
    from tests.sandbox_driver import Person

pytestmark = pytest.mark.slow

BOTS = f"/api/v10/channels/{WRITING_GROUP + 12}/messages"
NO_BOTS = f"/api/v10/channels/{WRITING_GROUP + 13}/messages"
COMMANDS = f"/api/v10/applications/{APPLICATION}/commands"


def message(**fields: Any) -> dict[str, Any]:
    empty = {"content": "", "embeds": [], "components": [], "attachments": [], "flags": 0}
    return empty | fields


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(custom_id: str = "a", **fields: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "A", "custom_id": custom_id} | fields


def select(*, options: int = 1, **fields: Any) -> dict[str, Any]:
    offered = [{"label": str(number), "value": str(number)} for number in range(options)]
    return {"type": 3, "custom_id": "s", "options": offered} | fields


def entities(kind: int, of: str, chosen: int, **fields: Any) -> dict[str, Any]:
    """A menu of roles, channels or people, with some of them chosen."""
    values = [{"id": str(number), "type": of} for number in range(1, chosen + 1)]
    menu = {"type": kind, "custom_id": "e", "max_values": 2, "default_values": values}
    return menu | {"min_values": 0} | fields


def container(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 17, "components": list(parts)}


def section(accessory: dict[str, Any] | None, *, texts: int = 1) -> dict[str, Any]:
    return {"type": 9, "components": [{"type": 10, "content": "a"}] * texts, "accessory": accessory}


SPACE: dict[str, Any] = {"type": 14}
WEB: dict[str, Any] = {"media": {"url": "https://example.org/a.png"}}
LAYOUT = int(MessageFlag.COMPONENTS_V2)

TOO_MUCH = {
    "content": message(content="x" * 2_001),
    "embed title": message(embeds=[{"title": "x" * 257}]),
    "embed description": message(embeds=[{"description": "x" * 4_097}]),
    "embed fields": message(embeds=[{"fields": [{"name": "a", "value": "b"}] * 26}]),
    "empty field": message(embeds=[{"fields": [{"name": "a", "value": ""}]}]),
    "embeds together": message(embeds=[{"description": "x" * 3_001}] * 2),
    "embeds": message(embeds=[{"title": "a"}] * 11),
    "rows": message(content="a", components=[row(button(str(i))) for i in range(6)]),
    "buttons": message(content="a", components=[row(*(button(str(i)) for i in range(6)))]),
    "button and menu": message(content="a", components=[row(button(), select())]),
    "custom_id": message(content="a", components=[row(button("x" * 101))]),
    "same custom_id": message(content="a", components=[row(button(), button())]),
    "label": message(content="a", components=[row(button(label="x" * 81))]),
    "no label": message(content="a", components=[row(button(label=None))]),
    "options": message(content="a", components=[row(select(options=26))]),
    "no options": message(content="a", components=[row(select(options=0))]),
    "more chosen than one may": message(content="a", components=[row(entities(8, "channel", 3))]),
    "fewer chosen than one must": message(
        content="a", components=[row(entities(6, "role", 1, min_values=2))]
    ),
    "a role among channels": message(content="a", components=[row(entities(8, "role", 1))]),
    "a user among roles": message(content="a", components=[row(entities(6, "user", 1))]),
    "layout without its flag": message(components=[{"type": 10, "content": "a"}]),
    "content with a layout": message(
        content="a", components=[{"type": 10, "content": "a"}], flags=LAYOUT
    ),
    "text of a layout": message(
        components=[{"type": 10, "content": "x" * 2_001}] * 2, flags=LAYOUT
    ),
    "parts of a layout": message(components=[{"type": 14}] * 41, flags=LAYOUT),
    "parts inside others": message(components=[container(*[SPACE] * 20)] * 2, flags=LAYOUT),
    "poll with a layout": message(components=[SPACE], flags=LAYOUT, poll={"question": "?"}),
    "empty container": message(components=[container()], flags=LAYOUT),
    "container in a container": message(components=[container(container(SPACE))], flags=LAYOUT),
    "color": message(components=[container(SPACE) | {"accent_color": 2**24}], flags=LAYOUT),
    "button outside a row": message(components=[button()], flags=LAYOUT),
    "section without an accessory": message(components=[section(None)], flags=LAYOUT),
    "texts of a section": message(components=[section(button(), texts=4)], flags=LAYOUT),
    "spacing": message(components=[SPACE | {"spacing": 3}], flags=LAYOUT),
    "empty gallery": message(components=[{"type": 12, "items": []}], flags=LAYOUT),
    "pictures": message(components=[{"type": 12, "items": [WEB] * 11}], flags=LAYOUT),
    "picture from a disk": message(
        components=[{"type": 12, "items": [{"media": {"url": "file:///etc/passwd"}}]}], flags=LAYOUT
    ),
    "picture description": message(
        components=[{"type": 12, "items": [WEB | {"description": "x" * 1_025}]}], flags=LAYOUT
    ),
    "file from the web": message(components=[{"type": 13, "file": WEB["media"]}], flags=LAYOUT),
    "file that is not there": message(
        components=[{"type": 13, "file": {"url": "attachment://a"}}], flags=LAYOUT
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_message_over_a_limit_is_refused(what: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_message(TOO_MUCH[what], ())

    assert refused.value.code == 50035
    assert refused.value.errors


def test_message_at_every_limit_is_taken() -> None:
    check_message(
        message(
            content="x" * 2_000,
            embeds=[{"description": "x" * 3_000}] * 2,
            components=[row(*(button(f"{i}{j}") for i in range(5))) for j in range(4)]
            + [row(select(options=25))],
        ),
        (),
    )


def test_layout_at_every_limit_is_taken() -> None:
    parts = [
        {"type": 10, "content": "x" * 3_998},
        section({"type": 11} | WEB),
        section(button("b")),
        {"type": 12, "items": [WEB | {"description": "x" * 1_024}] * 10},
        {"type": 13, "file": {"url": "attachment://a.txt"}},
        row(*(button(str(i)) for i in range(5))),
        *[SPACE | {"spacing": 2, "divider": False}] * 23,
    ]

    check_message(
        message(components=[container(*parts) | {"accent_color": 0xFFFFFF}], flags=LAYOUT),
        ("a.txt",),
    )


@pytest.mark.parametrize(
    ("components", "code"),
    [
        ([{"type": 10, "content": "x" * 4_001}], "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        ([SPACE] * 41, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"),
        (
            [{"type": 13, "file": {"url": "attachment://a"}}],
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
        ),
    ],
)
def test_layouts_are_refused_in_discords_words(components: list[dict[str, Any]], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_message(message(components=components, flags=LAYOUT), ())

    assert code in json.dumps(refused.value.body)


def test_empty_message_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        check_message(message(), ())

    assert refused.value.code == 50006


@pytest.mark.parametrize(
    "broken",
    [
        {"title": "x" * 46},
        {"components": []},
        {"components": [row({"type": 4, "custom_id": "a", "style": 1, "label": "x" * 46})]},
        {"components": [{"type": 18, "label": "a", "component": button()}]},
    ],
)
def test_modal_over_a_limit_is_refused(broken: dict[str, Any]) -> None:
    field = {"type": 4, "custom_id": "a", "style": 1, "label": "Name"}
    good = {"title": "T", "custom_id": "m", "components": [row(field)]}
    check_modal(good)

    with pytest.raises(RefusedError):
        check_modal(good | broken)


def option(**fields: Any) -> dict[str, Any]:
    return {"type": 3, "name": "text", "description": "A text"} | fields


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "Upper"},
        {"name": "with space"},
        {"description": ""},
        {"description": "x" * 101},
        {"options": [option(name=f"o{i}") for i in range(26)]},
        {"options": [option(), option(name="b", required=True)]},
        {"options": [option(), option()]},
        {"options": [option(choices=[{"name": "a", "value": "a"}] * 26)]},
        {"name_localizations": {"de": "Groß"}},
        {"description_localizations": {"de": "x" * 101}},
        {"description_localizations": {"de": ""}},
        {"description_localizations": {"nowhere": "Fine"}},
        {"description_localizations": ["Fine"]},
        {"options": [option(description_localizations={"de": "x" * 101})]},
    ],
)
async def test_command_that_breaks_a_rule_is_not_synced(
    bot_http: aiohttp.ClientSession, broken: dict[str, Any]
) -> None:
    command: dict[str, Any] = {"name": "ok", "description": "Fine", "options": [option()]}
    command |= {"name_localizations": {"de": "gut"}, "description_localizations": {"de": "Gut"}}
    assert (await bot_http.put(COMMANDS, json=[command])).status == 200

    response = await bot_http.put(COMMANDS, json=[command | broken])

    assert (response.status, (await response.json())["code"]) == (400, 50035)
    kept = await (await bot_http.get(COMMANDS)).json()
    assert [entry["name"] for entry in kept] == ["ok"]


async def test_errors_say_where_they_are(bot_http: aiohttp.ClientSession) -> None:
    response = await bot_http.post(BOTS, json={"content": "x" * 2_001})

    assert response.headers["Content-Type"] == "application/json"
    assert await response.json() == {
        "message": "Invalid Form Body",
        "code": 50035,
        "errors": {
            "content": {
                "_errors": [
                    {
                        "code": "BASE_TYPE_MAX_LENGTH",
                        "message": "Must be 2000 or fewer in length.",
                    }
                ]
            }
        },
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v10/channels/1/messages", 404, 10003),
        ("GET", f"{BOTS}/1", 404, 10008),
        ("POST", NO_BOTS, 403, 50013),
        ("POST", "/api/v10/interactions/1/a/callback", 404, 10062),
        ("PATCH", f"/api/v10/webhooks/{APPLICATION}/a/messages/@original", 404, 10015),
        ("POST", "/api/v10/users/@me/channels", 403, 50007),
        ("GET", "/api/v10/nowhere", 404, 0),
        ("PATCH", f"{BOTS}/abc", 400, 50035),
    ],
)  # fmt: skip
async def test_refusals_have_discords_codes(
    bot_http: aiohttp.ClientSession, method: str, path: str, status: int, code: int
) -> None:
    response = await bot_http.request(method, path, json={"content": "a"})

    assert (response.status, (await response.json())["code"]) == (status, code)


async def test_bot_may_read_where_it_may_not_speak(bot_http: aiohttp.ClientSession) -> None:
    assert (await bot_http.get(NO_BOTS)).status == 200


async def test_only_its_own_messages_are_the_bots_to_edit(
    bot_http: aiohttp.ClientSession, ada: Person
) -> None:
    said = await ada.say("bots", "mine")

    edited = await bot_http.patch(f"{BOTS}/{said['id']}", json={"content": "yours"})
    deleted = await bot_http.delete(f"{BOTS}/{said['id']}")

    assert (edited.status, (await edited.json())["code"]) == (403, 50005)
    assert (deleted.status, (await deleted.json())["code"]) == (403, 50013)


async def test_file_over_ten_mebibytes_is_refused(bot_http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"content": "a"}))
    form.add_field("files[0]", io.BytesIO(bytes(10 * 1024 * 1024 + 1)), filename="big.bin")

    response = await bot_http.post(BOTS, data=form)

    assert (response.status, (await response.json())["code"]) == (413, 40005)


async def test_editing_keeps_what_it_does_not_name(bot_http: aiohttp.ClientSession) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"content": "a", "embeds": [{"title": "E"}]}))
    form.add_field("files[0]", b"one", filename="one.txt")
    posted = await (await bot_http.post(BOTS, data=form)).json()

    edited = await (await bot_http.patch(f"{BOTS}/{posted['id']}", json={"content": "b"})).json()
    bare = await (
        await bot_http.patch(f"{BOTS}/{posted['id']}", json={"attachments": [], "embeds": []})
    ).json()

    assert (edited["content"], edited["embeds"][0]["title"]) == ("b", "E")
    assert edited["attachments"][0]["filename"] == "one.txt"
    assert (bare["content"], bare["attachments"], bare["embeds"]) == ("b", [], [])
    assert (await bot_http.get(URL(posted["attachments"][0]["url"]).path)).status == 404


PICTURE = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}


async def post_picture(bot_http: aiohttp.ClientSession) -> Any:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"components": [PICTURE], "flags": LAYOUT}))
    form.add_field("files[0]", b"\x89PNG\r\n\x1a\n", filename="a.png")
    return await (await bot_http.post(BOTS, data=form)).json()


async def test_a_layout_stays_one(bot_http: aiohttp.ClientSession) -> None:
    """An edit that names no flags keeps them; content, or flags without that one, are refused."""
    at = f"{BOTS}/{(await post_picture(bot_http))['id']}"

    edited = await bot_http.patch(at, json={"components": [{"type": 10, "content": "b"}]})
    text = await bot_http.patch(at, json={"content": "c"})
    flags = await bot_http.patch(at, json={"components": [SPACE], "flags": 0})

    assert (edited.status, (await edited.json())["flags"]) == (200, LAYOUT)
    assert "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2" in await text.text()
    assert "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG" in await flags.text()
    assert (text.status, flags.status) == (400, 400)


async def test_an_edited_layout_shows_the_files_that_the_edit_names(
    bot_http: aiohttp.ClientSession,
) -> None:
    """Not those that were there before and that nobody speaks of; as Discord has it."""
    posted = await post_picture(bot_http)
    at, [file] = f"{BOTS}/{posted['id']}", posted["attachments"]
    url = posted["components"][0]["items"][0]["media"]["url"]
    assert (await bot_http.get(URL(url).path)).content_type == "image/png"

    unnamed = await bot_http.patch(at, json={"components": [PICTURE]})
    named = await bot_http.patch(
        at, json={"components": [SPACE, PICTURE], "attachments": [{"id": file["id"]}]}
    )

    assert "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND" in await unnamed.text()
    assert (await named.json())["components"][1]["items"][0]["media"]["url"] == url


@pytest.mark.parametrize(
    "menu",
    [
        entities(8, "channel", 2),
        entities(6, "role", 0),
        entities(5, "user", 2, min_values=2),
        entities(7, "role", 1),
    ],
)
def test_a_menu_may_have_as_many_chosen_as_one_may_choose(menu: dict[str, Any]) -> None:
    check_message(message(content="a", components=[row(menu)]), ())

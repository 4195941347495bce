"""A guild's models as lists: sorted, searched, a page at a time.

Nothing here reads more rows than are shown, apart from the names and figures that are
compared; autocomplete asks on every key that somebody presses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.models import MODELS, model_of
from storage.names import name_key
from storage.records import ModelOrder

if TYPE_CHECKING:
    from storage.database import Database
    from storage.records import ModelRecord

_FITS = "AND (:key = '' OR instr(models.name_key, :key) > 0) "

_LAST_USE = """(
    SELECT max(last) FROM (
        SELECT (SELECT max(created_at) FROM generations WHERE checkpoint_id = each.id) AS last
        FROM checkpoints AS each WHERE each.model_id = models.id
    )
)"""

_ORDERS = {
    ModelOrder.NEWEST: "models.number DESC",
    ModelOrder.NAME: "models.name_key",
    ModelOrder.BEST: "checkpoints.validation_loss NULLS LAST, models.number DESC",
    ModelOrder.LAST_USED: f"{_LAST_USE} DESC NULLS LAST, models.number DESC",
}


class ListingCatalog:
    """The part of `Catalog` that lists models."""

    _database: Database

    async def models(
        self,
        guild_id: int,
        *,
        search: str = "",
        order: ModelOrder = ModelOrder.NEWEST,
        limit: int = -1,
        offset: int = 0,
    ) -> list[ModelRecord]:
        """Return the guild's models whose names contain `search`; all of them by default."""
        rows = await self._database.read(
            f"{MODELS}{_FITS}ORDER BY {_ORDERS[order]} LIMIT :limit OFFSET :offset",
            {"guild_id": guild_id, "key": name_key(search), "limit": limit, "offset": offset},
        )
        return [model_of(row) for row in rows]

    async def count_models(self, guild_id: int, search: str = "") -> int:
        """Return how many models of the guild have names that contain `search`."""
        [[count]] = await self._database.read(
            f"SELECT count(*) FROM models WHERE guild_id = :guild_id {_FITS}",  # noqa: S608 - ours
            {"guild_id": guild_id, "key": name_key(search)},
        )
        return int(count)

    async def find_models(self, guild_id: int, text: str, *, limit: int = 25) -> list[ModelRecord]:
        """Return models whose name contains the text: those that begin with it first."""
        rows = await self._database.read(
            MODELS + "AND instr(models.name_key, :key) > 0 "
            "ORDER BY instr(models.name_key, :key) > 1, models.number DESC LIMIT :limit",
            {"guild_id": guild_id, "key": name_key(text), "limit": limit},
        )
        return [model_of(row) for row in rows]

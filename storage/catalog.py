"""What the bot knows: every question and every change, as one method each.

A method that a person's request can reach takes the guild first and looks nowhere else;
an id of another guild is answered like one that never was: `NotFoundError`. Only the run
queue and the start of the bot ask without a guild. Whatever changes more than one row is
one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.conversations import ConversationCatalog
from storage.ends import EndCatalog
from storage.generations import GenerationCatalog
from storage.guild_settings import GuildSettingsCatalog
from storage.limits import LimitCatalog
from storage.listings import ListingCatalog
from storage.memberships import MembershipCatalog
from storage.models import ModelCatalog
from storage.opt_outs import OptOutCatalog
from storage.purges import PurgeCatalog
from storage.readings import ReadingCatalog
from storage.runs import RunCatalog

if TYPE_CHECKING:
    from storage.database import Database


class Catalog(
    RunCatalog,
    EndCatalog,
    ReadingCatalog,
    ModelCatalog,
    ListingCatalog,
    GenerationCatalog,
    ConversationCatalog,
    OptOutCatalog,
    GuildSettingsCatalog,
    PurgeCatalog,
    LimitCatalog,
    MembershipCatalog,
):
    """Runs, models, generations, opt-outs and settings, over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def command_hash(self, application_id: int) -> str | None:
        """Return the hash of the commands that this application synced last."""
        rows = await self._database.read(
            "SELECT hash FROM synced_commands WHERE application_id = ?", (application_id,)
        )
        return str(rows[0]["hash"]) if rows else None

    async def set_command_hash(self, application_id: int, value: str) -> None:
        """Remember the hash of the commands that were synced."""
        async with self._database.transaction() as connection:
            await connection.execute_fetchall(
                "INSERT INTO synced_commands (application_id, hash) VALUES (?, ?) "
                "ON CONFLICT DO UPDATE SET hash = excluded.hash",
                (application_id, value),
            )

"""The runs of a server: those that train or wait, and what came of those that ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.checks import refusals
from bot.requests import RUNS_ON_A_PAGE, ListedRuns, RunDetails

if TYPE_CHECKING:
    from bot.requests import Caller
    from storage.catalog import Catalog
    from storage.records import RunRecord


class Runs:
    """Looks at runs; `Service` cancels and finishes them."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    async def list_runs(self, caller: Caller, page: int) -> ListedRuns:
        """Return a page of the server's runs; the last one where there are not so many."""
        count = await self._catalog.count_runs(caller.guild_id)
        last = max(0, (count - 1) // RUNS_ON_A_PAGE)
        page = min(page, last)
        runs = await self._catalog.runs_of(
            caller.guild_id, limit=RUNS_ON_A_PAGE, offset=page * RUNS_ON_A_PAGE
        )
        with refusals():
            found = [await self._details(run) for run in runs]
        return ListedRuns(runs=found, page=page, pages=last + 1, count=count)

    async def details(self, caller: Caller, run_id: str) -> RunDetails:
        """Return all there is to know about a run."""
        with refusals():
            return await self._details(await self._catalog.run(caller.guild_id, run_id))

    async def _details(self, run: RunRecord) -> RunDetails:
        reading = None
        if run.reads_channel:
            reading = await self._catalog.reading(run.guild_id, run.id)
        channel = None if reading is None else reading.source.name
        if run.model_id is None or run.checkpoint_id is None:
            return RunDetails(run=run, channel=channel)
        model = await self._catalog.model(run.guild_id, run.model_id)
        checkpoint = await self._catalog.checkpoint(run.guild_id, run.checkpoint_id)
        return RunDetails(run=run, checkpoint=checkpoint, model=model)

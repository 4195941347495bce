"""From files to a corpus, in a process of its own and within the operator's limits.

Uploads and channels' messages take this way, a few at a time.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors.files import CorpusRefusedError, CorpusTooLongError
from bot.settings import MEBIBYTE
from training.corpus import check_long_enough
from training.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.settings import Settings
    from training.corpus import CorpusSummary
    from training.launcher import Launcher

READERS = 2
"""Corpora that are read at the same time."""


class CorpusReader:
    """Reads corpora for everybody."""

    def __init__(self, *, settings: Settings, launcher: Launcher) -> None:
        self.limit = settings.corpus_characters
        """The most characters of a corpus."""
        self._unpacked_limit = settings.unpacked_mebibytes * MEBIBYTE
        self._launcher = launcher
        self._readers = asyncio.Semaphore(READERS)

    async def read(
        self, files: Sequence[Path], out: Path, *, authors: Sequence[str], names: bool
    ) -> CorpusSummary:
        """Write the text of some files to `out`.

        Raises:
            CorpusRefusedError: Training cannot learn from it.
            CorpusTooLongError: The operator does not allow so much.
        """
        try:
            async with self._readers:
                corpus = await self._launcher.read_corpus(
                    files, out, authors=authors, names=names, unpacked_limit=self._unpacked_limit
                )
            check_long_enough(corpus.characters)
        except CorpusError as error:
            raise CorpusRefusedError(error) from error
        if corpus.characters > self.limit:
            raise CorpusTooLongError(corpus.characters, self.limit)
        return corpus

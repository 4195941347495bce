"""One progress bar on stderr: drawn once, never wider than the terminal, 100 % at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tqdm import tqdm

from training.events import Finished, Progress, bits

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self, TextIO

    from training.events import Event


class Bar:
    """A listener to events that draws them as a bar.

    Args:
        file: Where it is drawn; stderr unless told otherwise.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        tqdm.monitor_interval = 0  # no thread: it is drawn when an event comes
        self._bar = tqdm(
            total=100,
            file=file,
            dynamic_ncols=True,
            bar_format="{percentage:3.0f}%|{bar}|{desc}",
            desc=" starting",
            mininterval=0,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def __call__(self, event: Event) -> None:
        """Draw what an event says; all but progress and the end leave the bar as it is."""
        match event:
            case Progress():
                quality = bits(event.validation_loss or event.loss)
                speed = f"{event.characters_per_second / 1000:.1f}k chars/s"
                self._draw(
                    min(int(100 * event.fraction), 99),
                    f" {quality:.3f} bpc, {speed}, {clock_time(event.seconds_left)} left",
                )
            case Finished():
                self._draw(100, f" {event.bits_per_character:.3f} bpc")

    def _draw(self, percent: int, text: str) -> None:
        self._bar.n = percent
        self._bar.set_description_str(text, refresh=True)


def clock_time(seconds: float) -> str:
    """Return a duration as a clock shows it, such as 1:05 or 2:00:00."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

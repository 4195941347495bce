from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow  # imports TensorFlow


@pytest.mark.parametrize(
    ("flags", "has"),
    [("fpu avx512f avx512_bf16 sse", True), ("fpu amx_bf16", True), ("fpu avx512f avx2", False)],
)
def test_bfloat16_is_used_where_the_cpu_says_that_it_has_it(
    tmp_path: Path, flags: str, *, has: bool
) -> None:
    from training.device import cpu_multiplies_bfloat16  # noqa: PLC0415 - imports TensorFlow

    information = tmp_path / "cpuinfo"
    information.write_text(f"processor : 0\nflags : {flags}\n")

    assert cpu_multiplies_bfloat16(information) is has
    assert not cpu_multiplies_bfloat16(tmp_path / "missing")


def test_a_gpu_has_one_run_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run takes the next GPU that is free, and the third one the CPU."""
    import tensorflow as tf  # noqa: PLC0415

    from training import device  # noqa: PLC0415

    gpus = [SimpleNamespace(name=f"/physical_device:GPU:{n}") for n in range(2)]
    taken: list[Any] = []
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda _: gpus)
    monkeypatch.setattr(tf.config, "set_visible_devices", lambda seen, _: taken.append(seen))
    monkeypatch.setattr(tf.config.experimental, "set_memory_growth", lambda *_: None)
    details = {"compute_capability": (8, 6)}
    monkeypatch.setattr(tf.config.experimental, "get_device_details", lambda _: details)

    devices = [device.prepare_device(reproducible=False) for _ in range(3)]

    assert [each.kind for each in devices] == ["gpu", "gpu", "cpu"]
    assert [each.low_precision for each in devices[:2]] == [True, True]
    assert taken == [[gpus[0]], [gpus[1]], []]


def test_the_speed_of_this_machine_is_some_time_steps_a_second() -> None:
    from training.device import Device, measure_speed  # noqa: PLC0415

    assert measure_speed(Device("cpu", low_precision=False)) > 1

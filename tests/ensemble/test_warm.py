"""Kernels are compiled before workers start: once, by one process, and not if they are in the cache."""

from pathlib import Path

import pytest
from filelock import FileLock

from woc_sim import jit
from woc_sim.ensemble import warm
from woc_sim.kernel_cache import COMPLETE_MARK, EXPECTED_FUNCTIONS, CompileProgress


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An empty cache, and the list of worlds simulated to fill it."""
    calls: list[str] = []
    monkeypatch.setattr(jit, "JIT_ON", True)
    monkeypatch.setattr(jit, "COMPILE_PROGRESS", CompileProgress(tmp_path), raising=False)
    monkeypatch.setattr(warm, "run_small_world", lambda: calls.append("world"))
    return calls


def test_kernels_are_compiled_once(lived: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert not jit.is_complete()
    warm.ensure_compiled()
    assert lived == ["world"]
    assert jit.is_complete()
    warm.ensure_compiled()
    assert lived == ["world"]
    assert capsys.readouterr().err == ""


def test_a_compilation_that_is_interrupted_is_not_complete(
    lived: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(warm, "run_small_world", interrupted)
    with pytest.raises(KeyboardInterrupt):
        warm.ensure_compiled()
    assert not jit.is_complete()


def test_a_second_process_waits_but_not_for_ever(
    lived: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(warm, "MAX_WAIT_SECONDS", 0.2)
    with FileLock(tmp_path / "compiling.lock"):
        warm.ensure_compiled()
    assert lived == ["world"]
    assert "waiting for another process" in capsys.readouterr().err


def test_it_is_known_about_how_many_functions_are_compiled() -> None:
    """For the progress bar. The mark of a complete cache says how many there were; by now it may hold further
    ones, of tests that call rules with numbers of other types.
    """
    if jit.JIT_ON:
        warm.ensure_compiled()
        folder = jit.COMPILE_PROGRESS.folder
        assert folder is not None
        count = int((folder / COMPLETE_MARK).read_text("utf-8"))
        assert 0.9 * EXPECTED_FUNCTIONS <= count <= 1.3 * EXPECTED_FUNCTIONS

"""What is kept between runs only saves time: whatever became of it, the answers are the same."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fascicle import Case, assess, load, networks
from fascicle.knowledge import cache

VALUES = np.array([[0.25, 0.5, 0.75], [1.0, 2.0, 3.0]])


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("FASCICLE_CACHE", str(tmp_path))
    return tmp_path


def npy(values: np.ndarray) -> bytes:
    """An array as NumPy writes it."""
    content = io.BytesIO()
    np.save(content, values)
    return content.getvalue()


def npz(values: np.ndarray) -> bytes:
    """An archive with an array."""
    content = io.BytesIO()
    np.savez(content, values=values)
    return content.getvalue()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "zeroed file": lambda whole: bytes(len(whole)),
    "zeroed values": lambda whole: whole[:128] + bytes(48) + whole[-16:],
    "one bit": lambda whole: whole[:140] + bytes([whole[140] ^ 1]) + whole[141:],
    "truncated": lambda whole: whole[:-30],
    "truncated header": lambda whole: whole[:7],
    "not a zip": lambda _: b"PK\x03\x04 nothing",
    "npz": lambda _: npz(VALUES),
    "without checksum": lambda _: npy(VALUES),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_array_is_ignored_and_can_be_written_again(kept: Path, damage: str) -> None:
    """Nothing but what was written is read back; a new copy takes the place of the damaged one."""
    cache.write_array("a.npy", VALUES)
    file = kept / "a.npy"
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    assert cache.read_array("a.npy", (2, 3)) is None
    cache.write_array("a.npy", VALUES)
    again = cache.read_array("a.npy", (2, 3))
    assert again is not None
    assert again.tolist() == VALUES.tolist()


@pytest.mark.parametrize("values", [VALUES.T, VALUES.astype(np.float32), VALUES * np.nan, VALUES * np.inf])
def test_an_array_of_another_kind_is_ignored(kept: Path, values: np.ndarray) -> None:
    """Another shape, another type and what is not finite are none of ours."""
    cache.write_array("a.npy", values)
    assert cache.read_array("a.npy", (2, 3)) is None


def test_damaged_json_is_ignored(kept: Path) -> None:
    """JSON that still reads, but says something else, is not used."""
    cache.write_json("k.json", {"p": 0.25})
    assert cache.read_json("k.json") == {"p": 0.25}
    file = kept / "k.json"
    file.write_bytes(file.read_bytes().replace(b"0.25", b"0.00"))
    assert cache.read_json("k.json") is None


@pytest.mark.slow
def test_zeroed_draws_change_no_answer(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept copy of the draws that holds only zeros is made anew, and the answer is the same to the last digit."""
    told = Case("dog", present=["tremor_rhythmic", "drooling"])

    def fresh() -> object:
        monkeypatch.setattr(networks, "_FACTS", {})
        monkeypatch.setattr(networks, "_COMPILED", {})
        found = assess(told, load("dog"), reasons=False, further=False)
        return found.urgency, found.explanations

    first = fresh()
    (file,) = kept.glob("draws-*.npy")
    whole = file.read_bytes()
    file.write_bytes(whole[:128] + bytes(len(whole) - 128))
    assert fresh() == first
    assert file.read_bytes() == whole


def test_a_full_disk_leaves_no_litter(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be finished is taken away."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.write_array("a.npy", VALUES)
    assert list(kept.iterdir()) == []


@pytest.mark.parametrize("chosen", [None, "cache"])
def test_no_home_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: str | None) -> None:
    """An account without a home has no cache, unless a folder is named."""

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("FASCICLE_CACHE", raising=False)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
        if chosen is not None:
            monkeypatch.setenv(name, str(tmp_path / chosen))
    monkeypatch.setattr(Path, "home", staticmethod(homeless))
    found = cache.folder()
    assert (found is None) == (chosen is None)
    assert found is None or found.is_relative_to(tmp_path / "cache")

"""Copies of what is slow to make again: checked knowledge (JSON) and joint draws (NumPy arrays, never pickles).

Files lie in the user's cache folder under names made of a hash of what they came from, so a stale copy is never
found. Any failure to read or write only costs time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray


def folder() -> Path | None:
    """The cache folder; FASCICLE_CACHE names another, an empty value turns caching off."""
    chosen = os.environ.get("FASCICLE_CACHE")
    if chosen == "":
        return None
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "fascicle" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fascicle"


def digest(parts: Iterable[str | bytes]) -> str:
    """A hash of these parts in this order."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(part.encode() if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()


def read_json(name: str) -> Any:
    """The kept JSON of this name, None when there is none that can be read."""
    where = folder()
    try:
        return None if where is None else json.loads((where / name).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def write_json(name: str, data: Any) -> None:
    """Keep JSON under this name."""
    text = json.dumps(data).encode()
    _write(name, lambda file: file.write(text))


def read_array(name: str, shape: tuple[int, int]) -> NDArray[np.float64] | None:
    """The kept array of this name, None when there is none of this shape."""
    where = folder()
    try:
        found = None if where is None else np.load(where / name, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found if found is not None and found.shape == shape and found.dtype == np.float64 else None


def write_array(name: str, values: NDArray[np.float64]) -> None:
    """Keep an array under this name."""
    _write(name, lambda file: np.save(file, values, allow_pickle=False))


def _write(name: str, fill: Callable[[IO[bytes]], object]) -> None:
    """Write whole or not at all: into a temporary file, then rename."""
    where = folder()
    if where is None:
        return
    try:
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=where, delete=False) as temporary:
            fill(temporary)
        Path(temporary.name).replace(where / name)
    except OSError:
        return

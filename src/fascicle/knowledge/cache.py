"""Copies of what is slow to make again: checked knowledge (JSON) and joint draws (NumPy arrays, never pickles).

Files lie in the user's cache folder under names made of a hash of what they came from, so a stale copy is never
found, and end with a checksum, so a damaged one is never used. Any failure to read or write only costs time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEAL = 16
"""Bytes of the checksum at the end of a kept file."""


def folder() -> Path | None:
    """The cache folder; FASCICLE_CACHE names another, an empty value turns caching off. None too where there is no home."""
    chosen = os.environ.get("FASCICLE_CACHE")
    if chosen is not None:
        return Path(chosen) if chosen else None
    windows = sys.platform == "win32"
    base = os.environ.get("LOCALAPPDATA" if windows else "XDG_CACHE_HOME")
    try:
        parent = Path(base) if base else Path.home() if windows else Path.home() / ".cache"
    except (RuntimeError, KeyError):  # an account without a home, as in some containers
        return None
    return parent / "fascicle" / "cache" if windows else parent / "fascicle"


def digest(parts: Iterable[str | bytes]) -> str:
    """A hash of these parts in this order."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        found.update(part.encode() if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()


def read_json(name: str) -> Any:
    """The kept JSON of this name, None when there is none that can be read."""
    kept = _read(name)
    try:
        return None if kept is None else json.loads(kept)
    except (ValueError, RecursionError):
        return None


def write_json(name: str, data: Any) -> None:
    """Keep JSON under this name."""
    _write(name, json.dumps(data).encode())


def read_array(name: str, shape: tuple[int, int]) -> NDArray[np.float64] | None:
    """The kept array of this name, None when there is none of this shape, all of it finite."""
    kept = _read(name)
    try:
        found = None if kept is None else np.load(io.BytesIO(kept), allow_pickle=False)
    except Exception:  # whatever lies there, it is only a copy
        return None
    if not isinstance(found, np.ndarray) or found.shape != shape or found.dtype != np.float64:
        return None
    return found if np.isfinite(found).all() else None


def write_array(name: str, values: NDArray[np.float64]) -> None:
    """Keep an array under this name."""
    content = io.BytesIO()
    np.save(content, values, allow_pickle=False)
    _write(name, content.getvalue())


def _read(name: str) -> bytes | None:
    """What was kept under this name; None where there is nothing, or where it is not to the last bit what was written."""
    where = folder()
    try:
        raw = b"" if where is None else (where / name).read_bytes()
    except OSError:
        return None
    content, seal = raw[:-SEAL], raw[-SEAL:]
    return content if content and seal == _seal(content) else None


def _seal(content: bytes) -> bytes:
    """A checksum: a disk that gives back zeros must not make an answer calmer."""
    return hashlib.blake2b(content, digest_size=SEAL).digest()


def _write(name: str, content: bytes) -> None:
    """Write whole or not at all: into a temporary file, then rename. What cannot be finished is taken away."""
    where = folder()
    if where is None:
        return
    temporary: Path | None = None
    try:
        where.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=where, delete=False) as file:
            temporary = Path(file.name)
            file.write(content + _seal(content))
        temporary.replace(where / name)
    except OSError:
        return
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

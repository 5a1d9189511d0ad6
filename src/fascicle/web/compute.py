"""Runs what computes in a few threads, so that one long answer does not hold up every page."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")


class Busy(Exception):
    """The answer took longer than anybody should wait."""


@lru_cache(maxsize=8)
def _limiter(loop: int) -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(max(1, os.cpu_count() or 1))


async def compute(function: Callable[..., T], *arguments: object, seconds: int) -> T:
    """Return function(*arguments), worked out in a thread; as many at once as there are cores. Raises Busy."""
    import asyncio

    limiter = _limiter(id(asyncio.get_running_loop()))
    try:
        with anyio.fail_after(seconds):
            return await anyio.to_thread.run_sync(function, *arguments, limiter=limiter, abandon_on_cancel=True)
    except TimeoutError:
        raise Busy from None

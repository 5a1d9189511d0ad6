"""Runs what computes in a thread, so that one long answer does not hold up the pages that only show something."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import anyio
import anyio.to_thread

T = TypeVar("T")
AT_ONCE = 1
"""Answers worked out at a time. Two threads share one interpreter lock and hand it to and fro at every small array, so together
they answer fewer requests than one alone; more cores are put to use by more processes."""


class Busy(Exception):
    """The answer took longer than anybody should wait."""


@lru_cache(maxsize=8)
def _limiter(loop: int) -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(AT_ONCE)


async def compute(function: Callable[..., T], *arguments: object, seconds: int) -> T:
    """Return function(*arguments), worked out in a thread, one after the other. Raises Busy."""
    import asyncio

    limiter = _limiter(id(asyncio.get_running_loop()))
    try:
        with anyio.fail_after(seconds):
            return await anyio.to_thread.run_sync(function, *arguments, limiter=limiter, abandon_on_cancel=True)
    except TimeoutError:
        raise Busy from None

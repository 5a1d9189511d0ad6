"""Runs what computes in a thread, so that one long answer does not hold up the pages that only show something."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

T = TypeVar("T")
AT_ONCE = 1
"""Answers worked out at a time. Two threads share one interpreter lock and hand it to and fro at every small array, so together
they answer fewer requests than one alone; more cores are put to use by more processes."""

_THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="answer")


class Busy(Exception):
    """The answer took longer than anybody should wait."""


async def compute(function: Callable[..., T], *arguments: object, seconds: float) -> T:
    """Return function(*arguments), worked out in a thread, one after the other. Raises Busy.

    Nothing can stop a thread half way. After Busy a function that had begun keeps its turn until it returns, so that what
    nobody waits for any more never runs beside the next answer; one that had not begun is never begun.
    """
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(function, *arguments))
    except TimeoutError:
        raise Busy from None

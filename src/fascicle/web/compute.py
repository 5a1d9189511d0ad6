"""Runs what computes in a thread, so that one long answer does not hold up the pages that only show something."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from typing import Any, TypeVar

from fascicle.errors import FascicleError

T = TypeVar("T")
HELD_SECONDS = 5
"""So long the danger signs of a case that took too long may take to be read; with the numbers left out it takes far less."""


class Busy(Exception):
    """The answer took longer than anybody should wait. held: what is certain all the same; empty where nothing is."""

    def __init__(self, held: str = "") -> None:
        super().__init__()
        self.held = held


class _OneThread(Executor):
    """Works out one answer at a time. Two threads share one interpreter lock and hand it to and fro at every small array, so
    together they answer fewer requests than one alone; more cores are put to use by more processes.

    The pool of the standard library waits for its threads when the program ends; this one does not, so that Ctrl and C stops the
    server in the middle of a long answer.
    """

    def __init__(self) -> None:
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Put a call in the row; it begins when those before it have returned."""
        future: Future[T] = Future()
        self._waiting.put((future, partial(fn, *args, **kwargs)))
        with self._starting:
            if self._thread is None or not self._thread.is_alive():  # not alive: in a process forked meanwhile
                self._thread = threading.Thread(target=self._work, name="answer_0", daemon=True)
                self._thread.start()
        return future

    def _work(self) -> None:
        while True:
            future, call = self._waiting.get()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:
                    future.set_exception(error)
            del future, call  # a case is kept no longer than its answer


_THREAD = _OneThread()


async def compute(
    function: Callable[..., T], *arguments: object, seconds: float, held: Callable[[], str] | None = None
) -> T:
    """Return function(*arguments), worked out in a thread, one after the other. Raises Busy.

    Nothing can stop a thread half way. After Busy a function that had begun keeps its turn until it returns, so that what
    nobody waits for any more never runs beside the next answer; one that had not begun is never begun.
    held: what can be told without the answer, such as danger signs; read beside it when the time is up.
    """
    try:
        async with asyncio.timeout(seconds):
            return await asyncio.get_running_loop().run_in_executor(_THREAD, partial(function, *arguments))
    except TimeoutError:
        raise Busy("" if held is None else await _read(held)) from None


async def _read(held: Callable[[], str]) -> str:
    """What can be told at once; a case that cannot be is refused as it would have been."""
    try:
        async with asyncio.timeout(HELD_SECONDS):
            return await asyncio.to_thread(held)
    except FascicleError:
        raise
    except Exception:  # there is only less to tell
        return ""

"""A process of its own for each engine, with a limit on CPU time and memory, and how it failed in plain words."""

from __future__ import annotations

import math
import multiprocessing
import resource
import signal
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from fascicle.engine.network import Floats, Network, Observation

Run = Callable[[], Floats]
Prepare = Callable[[Network], Callable[[Observation], Run]]
"""Takes a net and returns a function that takes a case and returns what is timed: it computes every posterior."""

SECONDS = 20
"""CPU time a peer gets for each of: loading a net, building a case, one answer."""
STUCK = 10 * SECONDS
"""Seconds on the clock after which a peer that uses no CPU time is given up."""
ONCE = 0.25
"""Seconds from which a run is not repeated."""
MEMORY = 10 << 30
"""Bytes of address space."""


class NotPossible(Exception):
    """A peer cannot be given this case at all; says why."""


@dataclass
class Worker:
    """A peer with one net in a process of its own, started when first asked and again after it failed."""

    prepare: Prepare
    network: Network
    process: multiprocessing.process.BaseProcess | None = None
    pipe: Connection | None = None

    def ask(self, told: Observation) -> tuple[float, Floats] | str:
        """Median milliseconds and the answer, or how it failed, in plain words."""
        try:
            if self.process is None:
                self.pipe, theirs = multiprocessing.Pipe()
                context = multiprocessing.get_context("fork")
                self.process = context.Process(target=_serve, args=(self.prepare, self.network, theirs), daemon=True)
                self.process.start()
                theirs.close()
                self._wait(" to load the net")
            assert self.pipe is not None
            self.pipe.send(told)
            self._wait(" to build the case")
            answer = self._wait("")
            return self._wait(" to repeat it"), answer
        except _Failed as failure:
            self.stop()
            return str(failure)

    def _wait(self, stage: str) -> Any:
        assert self.pipe is not None
        assert self.process is not None
        try:
            if not self.pipe.poll(STUCK):
                raise _Failed(f"over {STUCK} s on the clock{stage}")
            good, value = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            self.process.join()
            over = self.process.exitcode == -signal.SIGXCPU
            raise _Failed(f"over {SECONDS} s{stage}" if over else "the process dies") from None
        if not good:
            raise _Failed(value)
        return value

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process, self.pipe = None, None


class _Failed(Exception):
    """A peer gave no answer."""


def _serve(prepare: Prepare, network: Network, pipe: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    try:
        _allow(SECONDS)
        case = prepare(network)
        pipe.send((True, None))
        while True:
            told = pipe.recv()
            _allow(SECONDS)
            run = case(told)
            pipe.send((True, None))
            _allow(SECONDS)
            start = time.thread_time()
            answer = run()
            first = time.thread_time() - start
            pipe.send((True, answer))
            _allow(STUCK)
            pipe.send((True, first * 1000 if first > ONCE else median(run)))
    except EOFError:
        return
    except BaseException as error:  # a peer may fail in any way; the page says how
        pipe.send((False, _plainly(error)))


def _allow(seconds: int) -> None:
    """CPU time from now on; one that takes more is ended by the system, whatever code it is in."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))


def median(run: Callable[[], object], least: int = 3) -> float:
    """Median milliseconds of CPU time over at least three runs and a fifth of a second; every engine uses one thread."""
    spent: list[float] = []
    while len(spent) < least or (sum(spent) < 0.2 and len(spent) < 50):
        start = time.thread_time()
        run()
        spent.append(time.thread_time() - start)
    return 1000 * statistics.median(spent)


def _plainly(error: BaseException) -> str:
    if isinstance(error, NotPossible):
        return str(error)
    if isinstance(error, MemoryError) or "bad_alloc" in str(error):
        return f"out of memory ({MEMORY >> 30} GiB)"
    if isinstance(error, ImportError):
        return f"not installed: {error.name}"
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0][:90] if str(error).strip() else ''}"

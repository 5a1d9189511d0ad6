"""The engine by itself: posteriors, the gain of every candidate (and the same by two inferences each), memory."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable

import numpy as np

from fascicle.engine.gain import hypotheticals
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import sign_likelihood
from worker import Run

ASKED_IN_C = 400
"""Unasked signs of net c weighed as the next question, of its 4,000."""


def ours(network: Network) -> Callable[[Observation], Run]:
    """The call with the net loaded; NumPy only."""

    def case(told: Observation) -> Run:
        def run() -> Floats:
            likelihood = sign_likelihood(network, told, network.prevalence)[0]
            return network.prevalence[0, :-1] * np.exp(likelihood[:-1] - likelihood[-1])

        return run

    return case


def gain(network: Network, sampled: int = 0) -> Callable[[Observation], Run]:
    """Expected information of every candidate about all causes, in bits: one pass, or two inferences for some of them."""

    def case(told: Observation) -> Run:
        asked = candidates(network, told)
        if sampled:
            chosen = asked[:: max(1, len(asked) // sampled)][:sampled]
            return lambda: _by_two(network, told, chosen)
        nobody = np.zeros(len(network.causes), dtype=bool)
        scale = float(sign_likelihood(network, told, network.prevalence)[0, -1])

        def run() -> Floats:
            found = hypotheticals(network, told, asked, (), nobody, scale)
            return bits(network, found.now, np.array([found.absent[s] for s in asked]))

        return run

    return case


def candidates(network: Network, told: Observation) -> list[int]:
    """Every unasked sign; of net c a part, evenly spread."""
    unasked = np.setdiff1d(np.arange(len(network.signs)), (*told.present, *told.absent))
    most = ASKED_IN_C if len(unasked) > 1000 else len(unasked)
    return unasked[np.linspace(0, len(unasked) - 1, most).astype(int)].tolist()


def bits(network: Network, now: Floats, absent: Floats) -> Floats:
    """Mutual information of each candidate with each cause, added up over causes: (candidates,).

    now: (causes + 1,) and absent: (candidates, causes + 1) chance of the signs (and the candidate absent) with a cause certain,
    on any common scale; the last cause never occurs.
    """
    prior = network.prevalence[0, :-1]
    no, everything = absent[:, -1:] / now[-1], prior * now[:-1] / now[-1]
    no_ill = prior * absent[:, :-1] / now[-1]
    total = np.zeros(no_ill.shape)
    for joint, answer, ill in (
        (no_ill, no, everything),
        (no - no_ill, no, 1 - everything),
        (everything - no_ill, 1 - no, everything),
        (1 - no - everything + no_ill, 1 - no, 1 - everything),
    ):
        joint = np.maximum(joint, 0.0)
        total += joint * np.log2(np.where(joint > 0, joint / (answer * ill), 1.0))
    return total.sum(axis=1)


def _by_two(network: Network, told: Observation, signs: list[int]) -> Floats:
    """The same by an inference with each candidate absent and one with it present."""
    result = []
    for sign in signs:
        no = sign_likelihood(
            network, Observation(present=told.present, absent=(*told.absent, sign)), network.prevalence
        )[0]
        yes = sign_likelihood(
            network, Observation(present=(*told.present, sign), absent=told.absent), network.prevalence
        )[0]
        top = max(no.max(), yes.max())
        no, yes = np.exp(no - top), np.exp(yes - top)
        result.append(bits(network, no + yes, no[None, :])[0])
    return np.array(result)


def peak(network: Network) -> Callable[[Observation], Run]:
    """Most memory one posterior holds at a time, in MB."""

    def case(told: Observation) -> Run:
        run = ours(network)(told)

        def traced() -> Floats:
            run()
            tracemalloc.start()
            run()
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return np.array([most / 1e6])

        return traced

    return case


def fresh_memory() -> float:
    """Peak MB of a new process that imports the engine."""
    return peak_of("import fascicle.engine.posterior")


def peak_of(code: str, *arguments: str) -> float:
    """Peak MB of a new process that runs this. Not ru_maxrss on Linux, which counts the process that started it too."""
    code += """
import pathlib, resource, sys
status = pathlib.Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
own = [1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print((own or [whole])[0])
"""
    call = [sys.executable, "-c", code, *arguments]
    found = subprocess.run(call, check=True, capture_output=True, text=True)
    return int(found.stdout) / 1e6

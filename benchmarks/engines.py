"""The engine beside named peers on random two-layer networks, same cases, one run: make bench-engines.

All posteriors of all causes. pyAgrum's LazyPropagation as a user calls it, and helped (absent signs absorbed by us, each
present sign split into a chain of binary ORs). Errors against inclusion-exclusion in 80 digits. Writes docs/engines.md.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import mpmath
import numpy as np
import pyagrum

from fascicle.engine import oracle
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import sign_likelihood
from fascicle.errors import TooManyFindings

NETS = {"a": (60, 200, 8), "b": (120, 400, 8), "b+": (120, 400, 25), "c": (600, 4000, 75)}
LIMIT = 20.0
"""Seconds a peer gets for one case; one that needs more is not asked for more present signs on the same net."""
MEMORY = 10 << 30


def random_net(name: str, seed: int = 1) -> Network:
    """Causes with so many links each, priors 1e-4 to 0.1, leaks 1e-4 to 0.02; the last cause never occurs."""
    causes, signs, links = NETS[name]
    rng = np.random.default_rng(seed)
    pairs = np.array([(s, c) for c in range(causes) for s in rng.choice(signs, links, replace=False)])
    link = rng.uniform(0.1, 0.95, (1, len(pairs)))
    prior = np.append(np.exp(rng.uniform(np.log(1e-4), np.log(0.1), causes)), 0.0)[None, :]
    return Network(
        causes=tuple(f"d{i}" for i in range(causes + 1)),
        signs=tuple(f"s{i}" for i in range(signs)),
        log_rate=np.zeros((1, causes + 1)),
        prevalence=prior,
        leak=np.exp(rng.uniform(np.log(1e-4), np.log(0.02), (1, signs))),
        link_sign=pairs[:, 0],
        link_cause=pairs[:, 1],
        link=link,
        link_responsible=link,
    )


def random_case(network: Network, k: int, absent: int, seed: int) -> Observation:
    """Present signs taken from three causes, absent ones from the rest."""
    rng = np.random.default_rng(seed)
    ill = rng.choice(len(network.causes) - 1, 3, replace=False)
    linked = np.unique(network.link_sign[np.isin(network.link_cause, ill)])
    others = np.setdiff1d(np.arange(len(network.signs)), linked)
    present = rng.permutation(linked)[:k]
    present = np.append(present, rng.permutation(others)[: k - len(present)])
    rest = np.setdiff1d(others, present)
    return Observation(present=tuple(present.tolist()), absent=tuple(rng.permutation(rest)[:absent].tolist()))


def ours(network: Network, told: Observation) -> np.ndarray:
    """P(cause | signs) for every cause; the cause that never occurs gives P(signs)."""
    likelihood = sign_likelihood(network, told, network.prevalence)[0]
    return network.prevalence[0, :-1] * np.exp(likelihood[:-1] - likelihood[-1])


def lazy(network: Network, told: Observation) -> Callable[[], np.ndarray]:
    """pyAgrum as a user calls it: the noisy-OR network with the observed signs, built beforehand."""
    bn = pyagrum.BayesNet()
    for i, p in enumerate(network.prevalence[0, :-1].tolist()):
        bn.add(pyagrum.RangeVariable(f"d{i}", "", 0, 1))
        bn.cpt(f"d{i}").fillWith([1 - p, p])
    for s in (*told.present, *told.absent):
        bn.addNoisyORNet(pyagrum.RangeVariable(f"s{s}", "", 0, 1), float(network.leak[0, s]))
        for column in np.flatnonzero(network.link_sign == s):
            bn.addWeightedArc(f"d{network.link_cause[column]}", f"s{s}", float(network.link[0, column]))
    evidence = {f"s{s}": 1 for s in told.present} | {f"s{s}": 0 for s in told.absent}
    return _targets(bn, evidence, len(network.causes) - 1)


def chain(network: Network, told: Observation) -> Callable[[], np.ndarray]:
    """pyAgrum helped by us; building counts, as it changes with every case."""
    causes = len(network.causes) - 1

    def run() -> np.ndarray:
        bn = pyagrum.BayesNet()
        for i in range(causes):
            p = network.prevalence[0, i]
            silent = np.prod(1 - network.link[0, (network.link_cause == i) & np.isin(network.link_sign, told.absent)])
            p = p * silent / (1 - p + p * silent)
            bn.add(pyagrum.RangeVariable(f"d{i}", "", 0, 1))
            bn.cpt(f"d{i}").fillWith([1 - p, p])
        evidence = {}
        for s in told.present:
            leak, before = float(network.leak[0, s]), None
            columns = np.flatnonzero(network.link_sign == s)
            for n, column in enumerate(columns):
                name, cause, q = f"s{s}_{n}", f"d{network.link_cause[column]}", float(network.link[0, column])
                bn.add(pyagrum.RangeVariable(name, "", 0, 1))
                bn.addArc(cause, name)
                if before is None:
                    for d in (0, 1):
                        off = (1 - leak) * (1 - q * d)
                        bn.cpt(name)[{cause: d}] = [off, 1 - off]
                else:
                    bn.addArc(before, name)
                    for d in (0, 1):
                        bn.cpt(name)[{cause: d, before: 0}] = [1 - q * d, q * d]
                        bn.cpt(name)[{cause: d, before: 1}] = [0, 1]
                before = name
            if before is not None:
                evidence[before] = 1
        return _targets(bn, evidence, causes)()

    return run


def _targets(bn: pyagrum.BayesNet, evidence: dict[str, int], causes: int) -> Callable[[], np.ndarray]:
    def run() -> np.ndarray:
        engine = pyagrum.LazyPropagation(bn)
        engine.setNumberOfThreads(1)
        engine.setEvidence(evidence)
        engine.setTargets({f"d{i}" for i in range(causes)})
        engine.makeInference()
        return np.array([engine.posterior(f"d{i}")[1] for i in range(causes)])

    return run


def reference(network: Network, told: Observation) -> list[mpmath.mpf]:
    """P(cause | signs) by inclusion-exclusion in 80 digits, vectorised over nothing, for few present signs."""
    n, one = len(network.causes) - 1, mpmath.mpf(1)
    link: list[dict[int, mpmath.mpf]] = [{} for _ in told.present]
    place = {s: i for i, s in enumerate(told.present)}
    silent = [one] * n
    for column, sign in enumerate(network.link_sign.tolist()):
        cause, q = int(network.link_cause[column]), one - mpmath.mpf(float(network.link[0, column]))
        if sign in place:
            link[place[sign]][cause] = q
        elif sign in told.absent:
            silent[cause] *= q
    prior = [mpmath.mpf(float(p)) for p in network.prevalence[0, :-1]]
    prior = [p * s / (one - p + p * s) for p, s in zip(prior, silent, strict=True)]
    leak = [one - mpmath.mpf(float(network.leak[0, s])) for s in told.present]
    total, joint = mpmath.mpf(0), [mpmath.mpf(0)] * n

    def walk(j: int, sign: int, lost: mpmath.mpf, by: dict[int, mpmath.mpf]) -> None:
        nonlocal total
        if j == len(leak):
            terms = {y: one - prior[y] + prior[y] * b for y, b in by.items()}
            product = sign * lost * mpmath.fprod(terms.values())
            total += product
            for y, b in by.items():
                joint[y] += product * (prior[y] * b / terms[y] - prior[y])
            return
        walk(j + 1, sign, lost, by)
        walk(j + 1, -sign, lost * leak[j], {**by, **{y: by.get(y, one) * q for y, q in link[j].items()}})

    with mpmath.workdps(80):
        walk(0, 1, one, {})
        return [(joint[y] + prior[y] * total) / total for y in range(n)]


def median(run: Callable[[], object], least: int = 3) -> float:
    """Median milliseconds over at least three runs and a third of a second."""
    spent: list[float] = []
    while len(spent) < least or (sum(spent) < 0.3 and len(spent) < 50):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
        if spent[-1] > LIMIT / 2:
            break
    return 1000 * statistics.median(spent)


def bounded(
    make: Callable[[Network, Observation], Callable[[], np.ndarray]], network: Network, told: Observation
) -> tuple[float, np.ndarray] | str:
    """A peer's median milliseconds and answer, from a process of its own; or how it failed."""
    receive, send = multiprocessing.Pipe(duplex=False)

    def work() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            run = make(network, told)
            answer = run()
            send.send((median(run), answer))
        except BaseException as error:  # a peer may fail in any way; the table says how
            send.send(f"fails: {type(error).__name__}")

    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    try:
        if receive.poll(LIMIT):
            return receive.recv()
        return f"over {LIMIT:.0f} s"
    except EOFError:
        return "process died"
    finally:
        child.kill()
        child.join()


def measure(name: str, absent: int) -> list[str]:
    """One net with so many absent signs: a row for every number of present ones."""
    network, rows, given_up = random_net(name), [], set[str]()
    for k in (4, 8, 12, 16, 20):
        told = random_case(network, k, absent, seed=k)
        cells = []
        try:
            mine = median(lambda told=told: ours(network, told))
            found = ours(network, told)
            cells.append(f"{mine:.2f}")
        except TooManyFindings as error:
            mine, found = float("nan"), None
            cells.append(f"refused: {error}"[:40])
        for peer, make in (("lazy", lazy), ("chain", chain)):
            if peer in given_up:
                cells.append("not tried further")
                continue
            result = bounded(make, network, told)
            if isinstance(result, str):
                cells.append(result)
                given_up.add(peer)
                continue
            spent, answer = result
            worst = float("nan") if found is None else float(np.abs(answer - found).max())
            cells.append(f"{spent:.1f} ({spent / mine:,.0f}x, differs {worst:.0e})")
        cells.append(_error(network, told, found) if k <= 12 and name != "c" else "")
        rows.append(f"| {name} | {absent} | {k} | " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
    return rows


def _error(network: Network, told: Observation, found: np.ndarray | None) -> str:
    """Worst relative error of ours and of the textbook sum in float64."""
    if found is None:
        return ""
    expected = reference(network, told)
    mine = max(abs(mpmath.mpf(float(a)) - e) / e for a, e in zip(found, expected, strict=True))
    link = np.zeros((len(told.present), len(network.causes) - 1))
    for column, sign in enumerate(network.link_sign.tolist()):
        if sign in told.present:
            link[told.present.index(sign), network.link_cause[column]] = network.link[0, column]
    prior = network.prevalence[0, :-1].copy()
    for column, sign in enumerate(network.link_sign.tolist()):
        if sign in told.absent:
            cause = network.link_cause[column]
            prior[cause] = prior[cause] * (1 - network.link[0, column]) / (1 - prior[cause] * network.link[0, column])
    leak = network.leak[0, list(told.present)]
    whole = oracle.quickscore(leak, link, prior)
    book = []
    for y in np.flatnonzero(link.any(axis=0))[:5]:
        certain = prior.copy()
        certain[y] = 1.0
        value = prior[y] * oracle.quickscore(leak, link, certain) / whole
        book.append(abs(value - float(expected[y])) / float(expected[y]))
    return f"{float(mine):.0e}, textbook {max(book):.0e}"


def main() -> None:
    """Run every net and write the page."""
    head = [
        "# The engine beside its peers",
        "",
        "Written by `make bench-engines`: milliseconds, medians, one core; every engine on the same random cases, all",
        f"posteriors of all causes. pyAgrum {pyagrum.__version__}, NumPy {np.__version__}. x: how many times as long as ours.",
        "",
        "| net | absent | present | fascicle | pyAgrum lazy | pyAgrum, helped (chain) | worst relative error |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    rows = [row for name in NETS for absent in (10, 40) for row in measure(name, absent)]
    target = Path(__file__).parent.parent / "docs" / "engines.md"
    target.write_text("\n".join([*head, *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

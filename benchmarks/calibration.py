"""Is a stated probability as good as it says? The simulation of `fascicle evaluate`, longer, and what syndromes are worth.

Writes docs/calibration.md and its chart; every number there is measured in the run. Two processes, minutes, about 1 GB.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import fill

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["FASCICLE_CACHE"] = ""  # blocks of draws made only here need not stay on the disk

import numpy as np

from fascicle import load
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import sign_likelihood
from fascicle.evaluation import page_simulated
from fascicle.evaluation.calibration import BRIER, CAUSES, FIRST, LOG, OVERSTATED, Compared, compared, stated
from fascicle.evaluation.coverage import Covered, covered
from fascicle.evaluation.degraded import EDGES, Degraded, degraded
from fascicle.evaluation.simulation import PRESENT_OPTION, UNKNOWN, Bools, Cases, Factor, without_syndromes
from fascicle.evaluation.table import count_text, markdown
from fascicle.evaluation.workers import Workers
from fascicle.evaluation.worlds import ANSWERED, PUT, drawn, severities, tied
from fascicle.networks import compiled

COUNT, BLOCKS, RANKED, INTERVALS, AGAIN = 60_000, 40, 200, 2000, 200
"""Cases in a world, blocks of true figures, cases ranked of each block, intervals checked in a world, bootstrap samples."""
STRENGTHS = (0.2, 0.4, 0.6, 0.8)
UNEVEN = (0.9, 0.9, 0.8, 0.7, 0.6, 0.6, 0.5)
"""Loadings of signs on one severity, over and over: correlations from 0.3 to 0.81."""
BROUGHT_BY = 0.3
"""A cause is named with a syndrome here when its page gives it at least this chance."""

KNOWLEDGE = load("dog")
POINT = compiled(KNOWLEDGE).point
Part = tuple[list[str], str]
"""Lines of the page, and the same in one sentence."""


@dataclass(frozen=True)
class Subject:
    """A syndrome to be judged. findings: a factor with loadings 1 or -1. without: the network that lacks only it."""

    name: str
    findings: Factor
    causes: tuple[str, ...]
    without: Network

    def told(self, cases: Cases) -> tuple[Floats, Floats]:
        """How many of its findings are told, and how many of them as the syndrome brings them: (cases,) each."""
        known, shown = np.zeros(len(cases)), np.zeros(len(cases))
        for name, sign in self.findings.loadings.items():
            sought = 1 if name in cases.signs else self.findings.options.get(name, PRESENT_OPTION)
            value = cases.signs[name] if name in cases.signs else cases.options[name]
            known += value != UNKNOWN
            if sign > 0:
                shown += value == sought
        return known, shown

    def groups(self, cases: Cases) -> dict[str, Bools]:
        """Cases looked at apart. All but the last are chosen by what is told, so that statements must still hold."""
        known, shown = self.told(cases)
        return {
            "all cases": np.ones(len(cases), dtype=bool),
            "3 or more told": known >= 3,
            "2 or more present": shown >= 2,
            "caused by these": np.isin(cases.responsible, places(self.causes)),
        }


def subjects() -> list[Subject]:
    """Every syndrome of signs, and of parts of an event."""
    findings, profile = severities(KNOWLEDGE, POINT), KNOWLEDGE.profile
    without = {
        name: without_syndromes(POINT, [gone]) for name, gone in zip(profile.syndromes, POINT.syndromes, strict=True)
    } | {
        name: replace(POINT, event_syndromes=tuple(s for s in POINT.event_syndromes if s is not gone))
        for name, gone in zip(profile.event_syndromes, POINT.event_syndromes, strict=True)
    }
    return [Subject(name, findings[name], brought_by(name), network) for name, network in without.items()]


def brought_by(name: str) -> tuple[str, ...]:
    """Causes whose page gives the syndrome a fair chance."""
    pages = KNOWLEDGE.causes.values()
    return tuple(p.id for p in pages if name in p.syndromes and p.syndromes[name].p >= BROUGHT_BY)


def places(causes: Iterable[str]) -> list[int]:
    """Columns of these causes."""
    return [POINT.causes.index(cause) for cause in causes]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown, and the empty line after it."""
    return [*markdown(head, rows), ""]


def points(share: float, form: str = ".1f") -> str:
    """A share in hundredths."""
    return format(100 * share, form)


def gain(found: Compared, score: int, form: str, scale: float = 1.0) -> str:
    """How much lower a score is with the syndrome, with its interval."""
    first, second = found.values[score]
    mean, low, high = (format(scale * x, form) for x in (second - first, found.low[score], found.high[score]))
    return f"{mean} ({low} to {high})"


def errors(found: Compared, score: int) -> str:
    """A calibration error with and without the syndrome, by chance alone, and the gain, in points."""
    first, second = (points(x) for x in found.values[score])
    return f"{first} / {second} ({points(found.by_chance[score])}); {gain(found, score, '+.1f', 100)}"


def overstated(found: Compared) -> str:
    """Stated less came true of the syndrome's causes, with and without it, in points."""
    return " / ".join(points(x, "+.1f") for x in found.values[OVERSTATED])


def word(found: Compared, score: int) -> str:
    """Whether a score is better with the syndrome."""
    if found.low[score] > 0:
        return "better"
    return "worse" if found.high[score] < 0 else "no clear difference"


def together(subject: Subject, seed: int) -> Part:
    """Findings that travel together otherwise than the model thinks."""
    worlds: dict[str, tuple[Network, list[Factor]]] = {
        "own": (POINT, []),
        "no dependence": (subject.without, []),
        **{f"correlation {r}": (subject.without, [tied(subject.findings, r)]) for r in STRENGTHS},
    }
    if subject.name in KNOWLEDGE.profile.syndromes:
        uneven = {name: UNEVEN[i % len(UNEVEN)] for i, name in enumerate(sorted(subject.findings.loadings))}
        worlds["uneven correlations"] = (subject.without, [Factor(uneven)])
    found, often = dict[str, dict[str, Compared]](), dict[str, float]()
    for i, (world, (network, factors)) in enumerate(worlds.items()):
        cases = drawn(KNOWLEDGE, network, COUNT, seed + i, *factors)
        known, shown = subject.told(cases)
        often[world] = float(np.mean(shown[known >= 3] >= 3))
        both = stated(POINT, cases), stated(subject.without, cases)
        columns, rng = places(subject.causes), np.random.default_rng(seed + i)
        found[world] = compared(both, cases.responsible, subject.groups(cases), columns, EDGES, rng, AGAIN)
    every = list(found["own"])
    sizes = {g: sorted(by[g].cases for by in found.values()) for g in every[1:]}
    page = [
        f"### {subject.name.capitalize()}\n",
        f"Findings: {', '.join(f'`{f}`' for f in subject.findings.loadings)}.\n",
        f"“These causes”: {', '.join(f'`{c}`' for c in subject.causes)}.\n",
        f"Cases in a world: {COUNT}; {'; '.join(f'{g} {n[0]} to {n[-1]}' for g, n in sizes.items())}.\n",
        "Log score, gain in bits a case:\n",
        *table(
            ["world", "3 present where 3 told, %", *every],
            [[w, points(often[w], ".2f"), *(gain(c, LOG, "+.4f") for c in by.values())] for w, by in found.items()],
        ),
        "Brier score, gain:\n",
        *table(["world", *every], [[w, *(gain(c, BRIER, "+.4f") for c in by.values())] for w, by in found.items()]),
    ]
    for score, title in ((FIRST, "the first cause"), (CAUSES, "“one of these causes”")):
        page += [f"Calibration error of {title}, points, with / without (by chance); gain:\n"]
        rows = [[w, *(errors(by[g], score) for g in every[:-1])] for w, by in found.items()]
        page += table(["world", *every[:-1]], rows)
    page += ["“One of these causes”, stated less came true, points, with / without:\n"]
    rows = [[w, *(overstated(by[g]) for g in every[:-1])] for w, by in found.items()]
    return [*page, *table(["world", *every[:-1]], rows), *verdict(found), ""], in_short(subject, found)


def verdict(found: Mapping[str, Mapping[str, Compared]]) -> list[str]:
    """Which worlds are better, worse or the same with the syndrome, from the intervals."""
    lines = ["With the syndrome:", ""]
    for score, name in (
        (LOG, "log score"), (BRIER, "Brier score"), (FIRST, "calibration error of the first cause"),
        (CAUSES, "calibration error of “one of these causes”"),
    ):  # fmt: skip
        for group in ("all cases", "2 or more present"):
            words = ("better", "worse", "no clear difference")
            by_word = {k: [w for w, by in found.items() if word(by[group], score) == k] for k in words}
            lines.append(
                f"- {name}, {group}: " + "; ".join(f"{k} in {', '.join(v)}" for k, v in by_word.items() if v) + "."
            )
    return lines


def in_short(subject: Subject, found: Mapping[str, Mapping[str, Compared]]) -> str:
    """The gains of a syndrome in the strongest world and in the one without any dependence."""
    by_word = {k: [w for w, by in found.items() if word(by["all cases"], LOG) == k] for k in ("better", "worse")}
    strong = f"correlation {STRENGTHS[-1]}"
    some, none = found[strong]["2 or more present"], found["no dependence"]["2 or more present"]
    return (
        f"- {subject.name.capitalize()} as a syndrome, log score over all cases: better in the worlds "
        f"{', '.join(by_word['better']) or 'none'}; worse in {', '.join(by_word['worse']) or 'none'}. Where two or more of its "
        f"findings are told as present it gains {gain(some, LOG, '+.3f')} bits at {strong} and {gain(none, LOG, '+.3f')} at "
        f"no dependence; “one of its causes” is stated {overstated(some)} points too high with / without it at {strong}, "
        f"{overstated(none)} at no dependence."
    )


INTRODUCTION = """# Is a stated probability as good as it says?

Written by `make calibration`: the simulation of `fascicle evaluate --accuracy` with more cases ({cases} a world), and what
syndromes are worth; knowledge {version} ({causes} causes), fixed seeds, so that the same knowledge gives the same page.

## In short

{short}

## How a case is made

1. The cause responsible is drawn by its share of complaints; kind, onset, context and the other properties given it;
   other illnesses by their prevalence; syndromes on or off; every sign by noisy-OR with its leak. All as *reports*, with
   the misses and false reports the knowledge allows for.
2. What is *told* is drawn without looking at what is so: the kind always, every other question of the interview with
   chance {put}, each of its items answered with {answered}. On average {told:.0f} findings are told, {present:.1f} signs of
   them as present. A real interview asks what earlier answers suggest; that depends on told answers only and changes no
   probability. Of findings that imply or exclude one another (slug bait and poison) one at random is told, because
   the network takes them for unrelated.
3. Other illnesses follow the context that is told: the network has no joint distribution over told and untold context.
   A world below shows what it costs if they follow the untold too.

Scores, lower is better. **Log score**: −log2 of the probability given to the true cause. **Brier**: sum of squared errors
over the causes. **Calibration error**: statements sorted into ten bins by their probability; mean distance in a bin between
stated and came true. It is never 0 even for perfect statements, so what chance alone would make stands beside it.
"""

TOGETHER = """## Findings that travel together in another way than the model thinks

In worlds with a correlation one hidden severity, normal and the same for all findings of one case, pushes findings up or
down together whatever the cause (the copula of a one-factor probit; any two findings have this normal correlation;
“uneven”: loadings {low} to {high} on the severity). The chance of each finding by itself, given who is there, stays exactly
what it is; only dependence changes. “Own” is the world of the network, its syndromes included; “no dependence” lacks this
one and puts nothing in its place.

The same cases are answered by the network and by one without that one syndrome, its links solved anew so that every
P(finding | cause) stays (largest difference {margin:.0e}). Gain: how much lower the score is with the syndrome, in brackets
its 95 % interval ({again} bootstrap samples of cases, paired); minus means worse. “Told” and “present” count findings of the
syndrome. The last group is chosen by the answer: an overconfident program scores better there, and calibration has no
meaning in it. “3 present where 3 told” shows how strong a dependence is: compare the worlds with the first line.
"""


def whole_figures(network: Network, signs: Sequence[str]) -> Floats:
    """P(sign | cause) with all else as common as usual, for each of these signs."""
    seen = [Observation(present=(network.signs.index(sign),)) for sign in signs]
    return np.exp(np.concatenate([sign_likelihood(network, one, network.prevalence) for one in seen]))


def simulated_in_short(found: Covered, worlds: Mapping[str, Degraded]) -> list[str]:
    """The answers to the two questions, one sentence each."""
    said = found.statements
    name, worst = max(worlds.items(), key=lambda item: item[1].error)
    return [
        f"- In a world as the model thinks, with true figures anywhere in their ranges, the first cause is stated with "
        f"{points(said.first.mean())} % on average and is right in {points(said.first_so.mean())} %.",
        f"- There the 90 % range of the first cause holds the truth: {count_text(found.inside()['all cases'])}.",
        f"- The worst other world is “{name}”: a calibration error of {points(worst.error)} points "
        f"({points(worst.chance)} by chance).",
    ]


def main() -> None:
    """Run everything and write the page."""
    start, folder = time.perf_counter(), Path(__file__).parent.parent / "docs"
    with Workers(KNOWLEDGE, 2) as workers:
        found = covered(workers, BLOCKS, COUNT // BLOCKS, RANKED)
        worlds = degraded(workers, COUNT, INTERVALS)
    short = simulated_in_short(found, worlds)
    print(f"{time.perf_counter() - start:4.0f} s", *short, sep="\n", flush=True)
    (folder / "calibration-ranks.svg").write_text(page_simulated.chart(found), encoding="utf-8")
    page = page_simulated.section(found, worlds, KNOWLEDGE.triage.interval, "calibration-ranks.svg")
    signs = [s for s in POINT.signs if not s.startswith("syndrome ")]
    every = subjects()
    margin = max(np.abs(whole_figures(POINT, signs) - whole_figures(one.without, signs)).max() for one in every)
    page += ["", TOGETHER.format(margin=margin, again=AGAIN, low=min(UNEVEN), high=max(UNEVEN))]
    for i, subject in enumerate(every):
        lines, sentence = together(subject, 100 * (i + 1))
        page, short = [*page, *lines], [*short, sentence]
        print(f"{time.perf_counter() - start:4.0f} s {sentence}", flush=True)
    some = drawn(KNOWLEDGE, POINT, COUNT, 0)
    introduction = INTRODUCTION.format(
        cases=f"{COUNT:,}", version=KNOWLEDGE.version, causes=len(KNOWLEDGE.causes), put=PUT, answered=ANSWERED,
        told=sum((v != UNKNOWN).mean() for v in (*some.options.values(), *some.signs.values())),
        present=sum((v == 1).mean() for v in some.signs.values()),
        short="\n".join(fill(sentence, 118, subsequent_indent="  ") for sentence in short),
    )  # fmt: skip
    text = "\n".join([introduction, *page]).rstrip() + "\n"
    (folder / "calibration.md").write_text(text.replace("\n\n\n", "\n\n"), encoding="utf-8")


if __name__ == "__main__":
    main()

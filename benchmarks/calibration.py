"""Is a stated probability as good as it says? Simulated cases, right and wrong assumptions: make calibration.

Cases come from the program's own network and from worlds that differ from it. Writes docs/calibration.md; every number
there is measured in the run. One core, two to three minutes, about 1 GB of memory.
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

from fascicle import Level, load
from fascicle.engine import draws
from fascicle.engine.network import EventSyndrome, Floats, Network, Observation
from fascicle.engine.posterior import posterior, sign_likelihood
from fascicle.evaluation.calibration import (
    BRIER,
    CAUSES,
    FIRST,
    LOG,
    OVERSTATED,
    Compared,
    brier_scores,
    calibration_error,
    compared,
    error_by_chance,
    first_named,
    log_scores,
    rank,
    reliability,
    stated,
    uniformity,
)
from fascicle.evaluation.simulation import (
    PRESENT_OPTION,
    UNKNOWN,
    Bools,
    Cases,
    Factor,
    draw_cases,
    interviewed,
    misreported,
    without_syndromes,
)
from fascicle.knowledge.compile import build
from fascicle.knowledge.heard import reliabilities
from fascicle.knowledge.numbers import columns, numbers
from fascicle.networks import compiled, sample

COUNT, BLOCKS, WORLDS, AGAIN = 60_000, 40, 20, 200
PUT, ANSWERED = 0.4, 0.9
STRENGTHS = (0.2, 0.4, 0.6, 0.8)
UNEVEN = {
    "reluctant_to_jump_or_climb": 0.9, "stiff_gait": 0.9, "muscle_soreness": 0.8, "yelps_when_touched_or_lifted": 0.7,
    "hunched_or_stiff_back": 0.6, "avoids_touch": 0.6, "vocalises_in_pain_spontaneously": 0.5,
}  # fmt: skip
"""Loadings of the pain signs on one severity: correlations from 0.3 to 0.81."""
REVERSED = ("rousable_by_name", "stops_when_distracted")
MISREPORTS = ((0.05, 0.005), (0.15, 0.03))
RATE_FACTOR = 3.0
EDGES = np.linspace(0, 1, 11).tolist()
RARE = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1]
"""Bins for statements that are mostly small, such as that an urgent cause is behind it."""
BROUGHT_BY = 0.3
"""A cause is named with a syndrome here when its page gives it at least this chance."""

KNOWLEDGE = load("dog")
NETWORKS = compiled(KNOWLEDGE)
POINT = NETWORKS.point
FIRST_UNUSED = KNOWLEDGE.triage.most_draws // KNOWLEDGE.triage.draws
"""Blocks of draws below this one serve the intervals; the true figures come from later ones."""
Part = tuple[list[str], str]
"""Lines of the page, and the same in one sentence."""


@dataclass(frozen=True)
class Subject:
    """A syndrome to be judged. findings: a factor with loadings 1 or -1. without: the network that lacks only it."""

    name: str
    findings: Factor
    causes: tuple[str, ...]
    without: Network

    def factor(self, correlation: float) -> Factor:
        """Findings tied by one severity so that any two have this normal correlation."""
        loadings = {name: sign * correlation**0.5 for name, sign in self.findings.loadings.items()}
        return replace(self.findings, loadings=loadings)

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
    """Pain, and the parts of a fit."""
    pain = dict.fromkeys(KNOWLEDGE.profile.syndromes["pain"].members, 1.0)
    fit = {m: -1.0 if m in REVERSED else 1.0 for m in KNOWLEDGE.profile.event_syndromes["fit"].members}
    kinds = {"kind": KNOWLEDGE.options["kind"].index("seizure_generalised")}
    return [
        Subject("pain", Factor(pain), brought_by("pain"), without_syndromes(POINT)),
        Subject("fit", Factor({**fit, "kind": 1.0}, kinds), brought_by("fit"), replace(POINT, event_syndromes=())),
    ]


def brought_by(name: str) -> tuple[str, ...]:
    """Causes whose page gives the syndrome a fair chance."""
    pages = KNOWLEDGE.causes.values()
    return tuple(p.id for p in pages if name in p.syndromes and p.syndromes[name].p >= BROUGHT_BY)


def places(causes: Iterable[str]) -> list[int]:
    """Columns of these causes."""
    return [POINT.causes.index(cause) for cause in causes]


def asked(count: int, rng: np.random.Generator) -> dict[str, Bools]:
    """What is told in so many cases."""
    return interviewed(KNOWLEDGE, POINT, count, rng, put=PUT, answered=ANSWERED)


def drawn(network: Network, count: int, seed: int, factors: Sequence[Factor] = ()) -> Cases:
    """Cases from a network of one draw, told as in an interview."""
    rng = np.random.default_rng(seed)
    return draw_cases(network, np.zeros(count, dtype=np.int64), asked(count, rng), rng, factors)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


def points(share: float, form: str = ".1f") -> str:
    """A share in hundredths."""
    return format(100 * share, form)


def own_world() -> Part:
    """Cases from draws of the uncertain numbers; what the network at the values states of them."""
    rng = np.random.default_rng(1)
    shares, responsible = [], []
    for block in range(BLOCKS):
        network, count = NETWORKS.block(FIRST_UNUSED + block), COUNT // BLOCKS
        cases = draw_cases(network, rng.integers(network.draws, size=count), asked(count, rng), rng)
        shares.append(stated(POINT, cases))
        responsible.append(cases.responsible)
    share, who = np.concatenate(shares), np.concatenate(responsible)
    first, so = first_named(share, who)
    urgent = places(p.id for p in KNOWLEDGE.causes.values() if p.level >= Level.TODAY)
    page = []
    for title, p, true, edges in (
        ("the first cause", first, so, EDGES),
        ("a cause that needs a vet today or now", share[:, urgent].sum(axis=1), np.isin(who, urgent), RARE),
    ):
        rows = []
        for b in reliability(p, true, edges):
            numbers = (b.mean, b.came_true.share, *b.came_true.interval)
            mean, came, low, high = (points(x, ".1f" if edges is EDGES else ".3g") for x in numbers)
            rows.append(
                [f"{points(b.low, 'g')} to {points(b.high, 'g')}", f"{b.came_true.of}", mean, came, f"{low} to {high}"]
            )
        page += table([f"stated of {title}, %", "cases", "mean stated, %", "came true, %", "95 % interval"], rows)
    chance = error_by_chance(first, EDGES, rng, AGAIN)
    page += [
        f"First cause: calibration error {points(calibration_error(first, so, EDGES))} points; perfect statements would show\n"
        f"{points(chance.mean())} by chance, 95 times in 100 below {points(float(np.quantile(chance, 0.95)))}.\n"
    ]
    return page, (
        f"- In a world as the model thinks, with true figures anywhere in their ranges, the first cause is stated with "
        f"{points(first.mean())} % on average and is right in {points(so.mean())} %."
    )


def intervals() -> Part:
    """Coverage and ranks: the truth P(R | told, true figures) against the weighted draws of the program."""
    rng, pain = np.random.default_rng(2), subjects()[0]
    found, bits = list[tuple[float, ...]](), list[tuple[float, float]]()
    inside = listed = 0
    for block in range(BLOCKS):
        network = NETWORKS.block(FIRST_UNUSED + block)
        cases = draw_cases(network, np.arange(network.draws), asked(network.draws, rng), rng)
        point, painful = stated(POINT, cases), pain.told(cases)[1] >= 2
        for i, told in enumerate(cases.observations(POINT)):
            exact, used = posterior(network, told), sample(NETWORKS, told)
            truth, who, x = exact.responsible[i], int(cases.responsible[i]), int(point[i].argmax())
            values = used.each(lambda _, whole: whole.responsible)
            low, high = used.interval(values, KNOWLEDGE.triage.interval)
            covered = (np.minimum(low, point[i]) <= truth) & (truth <= np.maximum(high, point[i]))
            some = point[i] >= KNOWLEDGE.triage.warn_above
            inside, listed = inside + int(covered[some].sum()), listed + int(some.sum())
            log_weight = np.concatenate([whole.log_evidence for _, whole in used.parts])
            weight, own = np.exp(log_weight - log_weight.max()), np.exp(exact.log_evidence[i] - log_weight.max())
            ranks = (
                rank(values, used.weights, truth),
                rank(values, weight, truth, float(own), rng.random()),
                rank(values, np.ones(len(weight)), truth),
            )
            found.append((covered[x], *(r[x] for r in ranks), point[i, x], painful[i], draws.effective(used.weights)))
            bits.append((-np.log2(point[i, who]), -np.log2(truth[who])))
    covered, ranked, with_own, unweighted, first, painful, worth = np.array(found, dtype=np.float64).T
    groups = {
        "all cases": first >= 0, "stated below 50 %": first < 0.5, "stated 50 to 80 %": (first >= 0.5) & (first < 0.8),
        "stated 80 % or more": first >= 0.8, "2 or more pain signs told as present": painful > 0,
        "draws worth fewer than 100": worth < 100,
    }  # fmt: skip
    rows = []
    for name, g in groups.items():
        share = f"{points(covered[g].mean())} ± {points(1.96 * covered[g].std() / g.sum() ** 0.5)}"
        rows.append([name, f"{g.sum()}", share, points(np.mean(ranked[g] < 0.05)), points(np.mean(ranked[g] > 0.95))])
    histograms = []
    for name, r in (
        ("as the program weighs its draws", ranked),
        ("the true draw counted among them (exact: any unevenness would be a fault)", with_own),
        ("draws not weighed (wrong on purpose, to show that the check can fail)", unweighted),
    ):
        counts, chance = uniformity(r, 10)
        histograms.append([name, " ".join(map(str, counts)), "below 0.001" if chance < 0.001 else f"{chance:.2f}"])
    mine, best = np.mean(bits, axis=0)
    page = [
        *table(["first cause", "cases", "truth within the 90 % interval, %", "below, %", "above, %"], rows),
        f"Over every cause stated with 1 % or more ({listed} of them): {points(inside / listed)} %.\n",
        *table(
            ["rank of the truth among the draws", "cases in ten equal bins", "chance of such unevenness"], histograms
        ),
        f"Log score {mine:.3f} bits a case; one who knew the true figures would reach {best:.3f}. The difference is the price\n"
        "of not knowing them.\n",
    ]
    return page, f"- There the 90 % interval of the first cause holds the truth in {rows[0][2]} % of cases."


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
        **{f"correlation {r}": (subject.without, [subject.factor(r)]) for r in STRENGTHS},
    }
    if subject.name == "pain":
        worlds["uneven correlations"] = (subject.without, [Factor(UNEVEN)])
    found, often = dict[str, dict[str, Compared]](), dict[str, float]()
    for i, (world, (network, factors)) in enumerate(worlds.items()):
        cases = drawn(network, COUNT, seed + i, factors)
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


def wrong_otherwise() -> Part:
    """Wrong answers, untold context, wrong rates: what the program states then."""
    own, rng = drawn(POINT, COUNT, 300), np.random.default_rng(301)
    found = {
        "own": measured(own, POINT),
        "facts drawn, each answer wrong as a whole at the rates of the knowledge": measured(told_facts()),
    }
    plain = {n for n, a in POINT.attributes.items() if a.background is None and a.table.shape[2] == 2}
    for missed, imagined in MISREPORTS:
        rates = (dict.fromkeys(plain | set(POINT.signs), rate) for rate in (missed, imagined))
        name = f"own, with {points(missed)} % of yes and {points(imagined)} % of no turned round besides"
        found[name] = measured(misreported(own, rng, *rates))
    worst = found[name]
    told = asked(COUNT, rng)
    context = {n for n, a in POINT.attributes.items() if a.background is not None}
    whole = draw_cases(POINT, np.zeros(COUNT, dtype=np.int64), {n: m | (n in context) for n, m in told.items()}, rng)
    hidden = {n: np.where(told[n], option, UNKNOWN) for n, option in whole.options.items()}
    found["other illnesses follow context that is not told too"] = measured(replace(whole, options=hidden))
    worlds = []
    for world in range(WORLDS):
        off = np.random.default_rng(400 + world).normal(0, np.log(RATE_FACTOR), POINT.log_rate.shape)
        network = replace(POINT, log_rate=POINT.log_rate + off)
        worlds.append(measured(drawn(network, COUNT // WORLDS, 500 + world), network))
    name = f"rates wrong by a factor of {RATE_FACTOR:g} (one standard deviation), mean of {WORLDS} worlds"
    found[name] = np.mean(worlds, axis=0)
    rows = []
    for name, (log, best, brier, p, so, error, noise) in found.items():
        knew = "not known" if np.isnan(best) else f"{best:.3f}"
        rows.append(
            [name, f"{log:.3f}", knew, f"{brier:.3f}", points(p), points(so), f"{points(error)} ({points(noise)})"]
        )
    over = np.array([w[3] - w[4] for w in worlds])
    span = f"{points(over.min(), '+.1f')} to {points(over.max(), '+.1f')} points"
    head = ["world", "log score, bits", "of one who knew", "Brier", "stated of the first cause, %", "right, %"]
    page = [
        *table([*head, "calibration error, points (by chance)"], rows),
        f"With wrong rates the first cause is stated {span} too high, depending on the world;\n"
        f"the worst calibration error of a world is {points(max(w[5] for w in worlds))} points.\n",
    ]
    return page, (
        f"- Wrong otherwise: with {points(missed)} % of yes and {points(imagined)} % of no turned round beyond what the "
        f"knowledge allows for, the first cause is stated {points(worst[3] - worst[4])} points too high; with rates wrong by a "
        f"factor of {RATE_FACTOR:g}, {span}, depending on the world."
    )


def told_facts() -> Cases:
    """Facts drawn from the network of facts, then every yes/no answer wrong as a whole; choice groups as reported."""
    values = draws.means(numbers(KNOWLEDGE))
    facts, found = build(KNOWLEDGE, values), reliabilities(KNOWLEDGE, columns(KNOWLEDGE, values), {})
    plain = {n: a for n, a in facts.attributes.items() if n in found.sensitivity}
    syndromes = tuple(
        EventSyndrome(
            heard.share,
            {n: fact.on[n] if n in plain else t for n, t in heard.on.items()},
            {n: fact.off[n] if n in plain else t for n, t in heard.off.items()},
        )
        for fact, heard in zip(facts.event_syndromes, POINT.event_syndromes, strict=True)
    )
    world = replace(facts, attributes={**POINT.attributes, **plain}, event_syndromes=syndromes)
    missed = {name: 1 - float(s[0]) for name, s in found.sensitivity.items()}
    imagined = {name: float(f[0]) for name, f in found.false_report.items()}
    return misreported(drawn(world, COUNT, 303), np.random.default_rng(304), missed, imagined)


def measured(cases: Cases, network: Network | None = None) -> Sequence[float]:
    """Log score, that of the network the cases come from, Brier, stated, right, calibration error and its noise."""
    share = stated(POINT, cases)
    p, so = first_named(share, cases.responsible)
    best = log_scores(stated(network, cases), cases.responsible).mean() if network else np.nan
    noise = error_by_chance(p, EDGES, np.random.default_rng(3), AGAIN).mean()
    log, brier = log_scores(share, cases.responsible).mean(), brier_scores(share, cases.responsible).mean()
    return log, best, brier, p.mean(), so.mean(), calibration_error(p, so, EDGES), noise


def whole_figures(network: Network, signs: Sequence[str]) -> Floats:
    """P(sign | cause) with all else as common as usual, for each of these signs."""
    seen = [Observation(present=(network.signs.index(sign),)) for sign in signs]
    return np.exp(np.concatenate([sign_likelihood(network, one, network.prevalence) for one in seen]))


INTRODUCTION = """# Is a stated probability as good as it says?

Written by `make calibration`: {cases} simulated cases a world, knowledge {version} ({causes} causes), fixed seeds, so that
the same knowledge gives the same page. Every number was measured in that run by `benchmarks/calibration.py`.

**What this can show and what not.** It checks the computation against its own assumptions, and how far answers go wrong
when an assumption is wrong. It says nothing about whether the figures on the pages are right: only real cases with a
confirmed diagnosis can, and the few published ones in `vignettes/` cannot show calibration.

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
   Section 3 shows what it costs if the world has.

Scores, lower is better. **Log score**: −log2 of the probability given to the true cause. **Brier**: sum of squared errors
over the causes. **Calibration error**: statements sorted into ten bins by their probability; mean distance in a bin between
stated and came true. It is never 0 even for perfect statements, so what chance alone would make stands beside it.
"""

FIRST_PART = """## 1. The world is as the model thinks

True figures drawn from their ranges ({draws} joint draws that the program itself never uses), cases drawn from these,
answered at the values on the pages.
"""

INTERVALS = """Intervals: one case from each of these joint draws. The truth is P(cause | told) under the true figures, the
interval is the program's own. If all is right the truth ranks evenly among the weighted draws (simulation-based
calibration).
"""

TOGETHER = """## 2. Findings that travel together in another way than the model thinks

In worlds with a correlation one hidden severity, normal and the same for all findings of one case, pushes findings up or
down together whatever the cause (the copula of a one-factor probit; any two findings have this normal correlation;
“uneven”: {uneven}). The chance of each finding by itself, given who is there, stays exactly what
it is; only dependence changes. “Own” is the world of the network, its syndromes included; “no dependence” lacks this
one and puts nothing in its place.

The same cases are answered by the network and by one without that one syndrome, its links solved anew so that every
P(finding | cause) stays (largest difference {margin:.0e}). Gain: how much lower the score is with the syndrome, in brackets
its 95 % interval ({again} bootstrap samples of cases, paired); minus means worse. “Told” and “present” count findings of the
syndrome. The last group is chosen by the answer: an overconfident program scores better there, and calibration has no
meaning in it. “3 present where 3 told” shows how strong a dependence is: compare the worlds with the first line.
"""


def main() -> None:
    """Run everything and write the page."""
    start = time.perf_counter()
    pain, fit = subjects()
    signs = [s for s in POINT.signs if not s.startswith("syndrome ")]
    margin = float(np.abs(whole_figures(POINT, signs) - whole_figures(pain.without, signs)).max())
    some = drawn(POINT, COUNT, 0)
    told = sum((v != UNKNOWN).mean() for v in (*some.options.values(), *some.signs.values()))
    present = sum((v == 1).mean() for v in some.signs.values())
    uneven = f"loadings {min(UNEVEN.values())} to {max(UNEVEN.values())} on the severity"
    heads = {
        FIRST_PART.format(draws=BLOCKS * KNOWLEDGE.triage.draws): own_world,
        INTERVALS: intervals,
        TOGETHER.format(margin=margin, again=AGAIN, uneven=uneven): lambda: together(pain, 100),
        "": lambda: together(fit, 200),
        "## 3. Other wrong assumptions\n": wrong_otherwise,
    }
    parts, short = list[str](), list[str]()
    for head, run in heads.items():
        page, sentence = run()
        parts += [head, *page]
        short.append(fill(sentence, 118, subsequent_indent="  "))
        print(f"{time.perf_counter() - start:4.0f} s {sentence}", flush=True)
    introduction = INTRODUCTION.format(
        cases=f"{COUNT:,}", version=KNOWLEDGE.version, causes=len(KNOWLEDGE.causes), put=PUT, answered=ANSWERED,
        told=told, present=present, short="\n".join(short),
    )  # fmt: skip
    target = Path(__file__).parent.parent / "docs" / "calibration.md"
    text = "\n".join([introduction, *parts]).rstrip() + "\n"
    target.write_text(text.replace("\n\n\n", "\n\n"), encoding="utf-8")


if __name__ == "__main__":
    main()

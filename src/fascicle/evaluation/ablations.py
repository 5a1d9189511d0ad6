"""What each part of the program is worth: the same cases answered without it, and the difference with its uncertainty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fascicle.engine.network import Floats, Network
from fascicle.evaluation.answering import Ablation, answers
from fascicle.evaluation.calibration import bootstrap
from fascicle.evaluation.metrics import log_score
from fascicle.evaluation.score import Scored
from fascicle.evaluation.simulation import without_syndromes
from fascicle.evaluation.vignettes import Vignette
from fascicle.evaluation.workers import Workers
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.model import Level

TIMES = 2000
SEED = 20261120


def independent(network: Network) -> Network:
    """Signs, and the parts of an event, independent of one another, each by itself as frequent as before.

    Syndromes taken out of the pages instead would take figures with them: pages are silent on signs a syndrome brings.
    """
    return replace(without_syndromes(network), event_syndromes=())


def _with_syndromes(knowledge: Knowledge) -> Knowledge | None:
    """The knowledge as it is, if it has any syndrome."""
    return knowledge if knowledge.profile.syndromes or knowledge.profile.event_syndromes else None


def without_reports(knowledge: Knowledge) -> Knowledge | None:
    """Every answer taken for a fact: sensitivity 1, no false report, onset and duration never mixed up."""
    if not knowledge.reports.findings and not knowledge.reports.choices:
        return None
    return replace(knowledge, reports=knowledge.reports.model_copy(update={"findings": {}, "choices": {}}))


def without_wrong_names(knowledge: Knowledge) -> Knowledge | None:
    """Every kind of movement called by its right name."""
    rules = knowledge.profile.kind_rules
    if not rules.called:
        return None
    plain = knowledge.profile.model_copy(update={"kind_rules": rules.model_copy(update={"called": {}})})
    return replace(knowledge, profile=plain)


def with_prevalence(knowledge: Knowledge) -> Knowledge | None:
    """Causes weighed by how many subjects have them on the day of asking, not by how many ask about them.

    The rate is per 1,000 subjects and year, so prevalence x 1,000 takes its place: every affected subject asks once a
    year. Physiology and the unknown cause have no prevalence and keep their rate, as if each who asks were one affected.
    """
    if all(page.prevalence is None for page in knowledge.causes.values()):
        return None
    return replace(knowledge, causes={name: _by_prevalence(page) for name, page in knowledge.causes.items()})


def _by_prevalence(page: schema.CausePage) -> schema.CausePage:
    common = page.prevalence
    if common is None:
        return page
    figures = {"value": 1000 * common.value, "low": 1000 * common.low, "high": 1000 * common.high, "tied": None}
    return page.model_copy(update={"rate": page.rate.model_copy(update=figures)})


def without_red_flags(knowledge: Knowledge) -> Knowledge | None:
    """Urgency from the probabilities alone."""
    return replace(knowledge, red_flags=()) if knowledge.red_flags else None


def without_bystanders(knowledge: Knowledge) -> Knowledge | None:
    """The responsible cause is the only one there."""
    if all(page.prevalence is None for page in knowledge.causes.values()):
        return None
    alone = {name: page.model_copy(update={"prevalence": None}) for name, page in knowledge.causes.items()}
    return replace(knowledge, causes=alone)


def _with_levels(knowledge: Knowledge) -> Knowledge | None:
    """The knowledge as it is, if any sign is graded."""
    return knowledge if knowledge.profile.levels else None


ABLATIONS = (
    Ablation("without syndromes", _with_syndromes, independent),
    Ablation("without report reliability", without_reports),
    Ablation("without wrong names of kinds", without_wrong_names),
    Ablation("prevalence for complaint rates", with_prevalence),
    Ablation("without red flags", without_red_flags),
    Ablation("without bystanders", without_bystanders),
    Ablation("without caution", cautious=False),
    Ablation("without levels of graded signs", _with_levels, graded=False),
)


def measures(scored: Scored) -> dict[str, float | None]:
    """What one case adds to each measure, under the names of `metrics.counts`; None where it does not count.

    “log score”: minus log2 of the probability given to the accepted causes, in bits, 0 is perfect.
    """
    accepted = scored.vignette.urgency
    urgent, harmless = Level.of(accepted.least) >= Level.TODAY, Level.of(accepted.most) <= Level.ROUTINE
    return {
        "top-1": scored.credit(1),
        "top-3": scored.credit(3),
        "urgency exact": float(scored.urgency == "exact"),
        "urgency too low": float(scored.urgency == "too low"),
        "urgent cases at today or above": float(scored.level >= Level.TODAY) if urgent else None,
        "harmless kept at routine or below": float(scored.level <= Level.ROUTINE) if harmless else None,
        "log score": log_score(scored) if scored.probabilities else None,
    }


@dataclass(frozen=True)
class Change:
    """A measure with the part and without it, and the 95 % interval of the difference; None where no case counts."""

    whole: float | None
    without: float | None
    low: float
    high: float

    @property
    def difference(self) -> float:
        """Without less with: below 0 the part raises the measure."""
        return 0.0 if self.whole is None or self.without is None else self.without - self.whole


@dataclass(frozen=True)
class Differs:
    """One case whose first cause (“none” for none), credit or level differs; each with the part and without it."""

    vignette: str
    first: tuple[str, str]
    top_3: tuple[float, float]
    level: tuple[Level, Level]


@dataclass(frozen=True)
class Ablated:
    """What one part is worth. scored None: there are no data of the kind yet, and nothing was compared."""

    ablation: Ablation
    scored: tuple[Scored, ...] | None
    changes: Mapping[str, Change]
    cases: tuple[Differs, ...]


def ablate(whole: Sequence[Scored], workers: Workers, ablations: Sequence[Ablation] = ABLATIONS) -> Iterator[Ablated]:
    """Take each part away in turn and compare with the whole program's answers to the same cases of one species.

    Two hundredths of a second a case and part, and a second or two to compile; the same numbers every time.
    """
    cases = [one.vignette for one in whole]
    found = workers.each(_without, [cases] * len(ablations), ablations)
    for ablation, without in zip(ablations, found, strict=True):
        if without is None:
            yield Ablated(ablation, None, {}, ())
        else:
            yield Ablated(ablation, tuple(without), changes(whole, without), differing(whole, without))


def _without(knowledge: Knowledge, cases: Sequence[Vignette], ablation: Ablation) -> list[Scored] | None:
    return answers(cases, knowledge, ablation) if cases else None


def differing(whole: Sequence[Scored], without: Sequence[Scored]) -> tuple[Differs, ...]:
    """The cases, in their order, in which the first cause, the credit for three or the level is another."""
    pairs = [
        Differs(a.vignette.id, (_first(a), _first(b)), (a.credit(3), b.credit(3)), (a.level, b.level))
        for a, b in zip(whole, without, strict=True)
    ]
    return tuple(p for p in pairs if any(one != other for one, other in (p.first, p.top_3, p.level)))


def _first(scored: Scored) -> str:
    return scored.ranking[0] if scored.ranking else "none"


def changes(whole: Sequence[Scored], without: Sequence[Scored], times: int = TIMES) -> dict[str, Change]:
    """Compare two answers to the same cases, measure by measure, with paired bootstrap intervals.

    Sources are drawn again, not cases: cases told from one source stay together. A sample without a single case that
    counts has difference 0. Seeded, so the same every time.
    """
    pairs = [(measures(a), measures(b)) for a, b in zip(whole, without, strict=True)]
    names = list(pairs[0][0])
    counts = np.array([[a[n] is not None and b[n] is not None for a, b in pairs] for n in names])
    values = np.array([[[m[n] or 0.0 for m in pair] for pair in pairs] for n in names]) * counts[..., None]
    where = [s.vignette.source.doi or s.vignette.source.url or s.vignette.id for s in whole]
    place = {source: i for i, source in enumerate(sorted(set(where)))}
    of_case = np.array([place[source] for source in where])

    def difference(weight: Floats) -> Floats:
        w = weight[of_case]
        total = counts @ w
        found: Floats = ((values[..., 1] - values[..., 0]) @ w) / np.where(total > 0, total, 1.0)
        return found

    low, high = bootstrap(difference, len(place), np.random.default_rng(SEED), times)
    sums = zip(values.sum(axis=1).tolist(), counts.sum(axis=1).tolist(), strict=True)
    means = [[total / n if n else None for total in totals] for totals, n in sums]
    rows = zip(names, means, low.tolist(), high.tolist(), strict=True)
    return {name: Change(mean[0], mean[1], down, up) for name, mean, down, up in rows}

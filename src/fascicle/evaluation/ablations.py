"""What each part of the program is worth: the same cases answered without it, and the difference with its uncertainty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fascicle import evidence as evidences
from fascicle import triage
from fascicle.engine.network import Floats, Network
from fascicle.engine.posterior import posterior
from fascicle.errors import ImpossibleEvidence, TooManyFindings
from fascicle.evaluation.calibration import bootstrap
from fascicle.evaluation.metrics import log_score
from fascicle.evaluation.score import Scored
from fascicle.evaluation.simulation import without_syndromes
from fascicle.evaluation.vignettes import Vignette
from fascicle.inference import infer, infer_within
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.model import Evidence, Explanation, Level
from fascicle.networks import Compiled, compiled
from fascicle.pipeline import recognised

TIMES = 2000
SEED = 20261120


@dataclass(frozen=True)
class Ablation:
    """One part taken away: from the knowledge, from every network compiled from it, or from the choice of level.

    knowledge: gives None where there is nothing of the kind yet. cautious: choose at the quantile of the loss the
    knowledge asks for; otherwise by the plain expectation. graded: tell levels of graded signs, not only that they are there.
    """

    name: str
    knowledge: Callable[[Knowledge], Knowledge | None] = lambda knowledge: knowledge
    network: Callable[[Network], Network] | None = None
    cautious: bool = True
    graded: bool = True


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


WHOLE = Ablation("the program")
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


@dataclass(frozen=True, eq=False)
class _Changed(Compiled):
    """Networks with one part taken away, blocks of draws included."""

    change: Callable[[Network], Network] = lambda network: network
    _kept: dict[int, Network] = field(default_factory=dict)

    def block(self, index: int) -> Network:
        if index not in self._kept:
            self._kept[index] = self.change(super().block(index))
        return self._kept[index]


def answers(vignettes: Sequence[Vignette], knowledge: Knowledge, ablation: Ablation = WHOLE) -> list[Scored] | None:
    """Answer every case without one part, as `pipeline.assess` would but with every cause listed; None: no data yet.

    Where nothing explains a case red flags and caution answer, and no cause is named. A hundredth of a second a case, and
    a fraction of a second to compile.
    """
    less = ablation.knowledge(knowledge)
    if less is None:
        return None
    # another version, so that networks kept by version are never those of the whole knowledge
    less = knowledge if less is knowledge else replace(less, version=f"{knowledge.version} {ablation.name}")
    kept: dict[tuple[tuple[str, str], ...], Compiled] = {}
    found = []
    for vignette in vignettes:
        case = vignette.as_case()
        known = evidences.gather(case, less)
        who = tuple(sorted(known.observed_by.items()))
        networks = kept[who] if who in kept else kept.setdefault(who, _networks(less, known, ablation))
        # readings differ from the case in one statement, never in who reported what
        readings = [_urgency(r, less, networks, ablation, ())[1] for r in evidences.readings(case, less)]
        explained, level = _urgency(known, less, networks, ablation, readings)
        shares = {e.cause: e.probability for e in explained}
        found.append(Scored(vignette, tuple(shares), shares, level, recognised(known, less, explained)))
    return found


def _networks(knowledge: Knowledge, known: Evidence, ablation: Ablation) -> Compiled:
    """The networks for these reporters, changed if the ablation changes networks."""
    whole = compiled(knowledge, known.observed_by)
    if ablation.network is None:
        return whole
    return _Changed(knowledge, ablation.network(whole.point), whole.who, whole.facts, change=ablation.network)


def _urgency(
    known: Evidence, knowledge: Knowledge, networks: Compiled, ablation: Ablation, readings: Sequence[Level]
) -> tuple[tuple[Explanation, ...], Level]:
    """The causes, and the level with red flags, contradictory readings and earlier questions."""
    known = known if ablation.graded else replace(known, levels={})
    flags = triage.red_flags(known, knowledge)
    try:
        answer = infer(known, knowledge, networks, least=0.0)
    except TooManyFindings:
        answer = infer_within(known, knowledge, networks)
    except ImpossibleEvidence:
        return (), triage.decide(known, knowledge, flags, None, readings=readings).level
    chosen = answer.level
    if not ablation.cautious and answer.missing == 0:
        whole = posterior(networks.point, answer.observation)
        losses = triage.losses_in(networks.point, answer.observation, known, knowledge, whole)
        chosen, _ = triage.choose(losses, np.ones(1), knowledge.triage.quantile)
    return answer.explanations, triage.decide(known, knowledge, flags, chosen, readings=readings).level


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


def ablate(
    vignettes: Sequence[Vignette], knowledge: Knowledge, ablations: Sequence[Ablation] = ABLATIONS
) -> list[Ablated]:
    """Take each part away in turn. Two hundredths of a second a case and part; the same numbers every time."""
    mine = [v for v in vignettes if v.species == knowledge.species]
    whole = answers(mine, knowledge) or []
    found = []
    for ablation in ablations:
        without = answers(mine, knowledge, ablation) if mine else None
        if without is None:
            found.append(Ablated(ablation, None, {}, ()))
        else:
            found.append(Ablated(ablation, tuple(without), changes(whole, without), differing(whole, without)))
    return found


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

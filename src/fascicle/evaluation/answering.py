"""The program's answers to published cases, whole or without one part: what evaluation counts.

As `pipeline.assess` answers, but with every cause listed and without reasons, care and a next question, which nobody
counts and which cost three quarters of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fascicle import evidence as evidences
from fascicle import triage
from fascicle.engine.network import Network
from fascicle.engine.posterior import posterior
from fascicle.errors import ImpossibleEvidence, NotForThis, TooManyFindings
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import Vignette
from fascicle.inference import infer
from fascicle.knowledge.base import Knowledge
from fascicle.model import Evidence, Explanation, Level
from fascicle.networks import Compiled, compiled
from fascicle.pipeline import load
from fascicle.remarks import recognised


def as_it_is(knowledge: Knowledge) -> Knowledge:
    """The knowledge with nothing taken away."""
    return knowledge


@dataclass(frozen=True)
class Ablation:
    """One part taken away: from the knowledge, from every network compiled from it, or from the choice of level.

    knowledge: gives None where there is nothing of the kind yet. cautious: choose at the quantile of the loss the
    knowledge asks for; otherwise by the plain expectation. graded: tell levels of graded signs, not only that they are there.
    """

    name: str
    knowledge: Callable[[Knowledge], Knowledge | None] = as_it_is
    network: Callable[[Network], Network] | None = None
    cautious: bool = True
    graded: bool = True


WHOLE = Ablation("the program")


def score(vignettes: Sequence[Vignette]) -> list[Scored]:
    """Answer every vignette with all that the owner knew, by today's knowledge of its species; in the order given.

    Some ten milliseconds a case with 16 causes, twenty with 145, and a second for the first.
    """
    found = {
        species: iter(answers([v for v in vignettes if v.species == species], load(species)) or ())
        for species in {v.species for v in vignettes}
    }
    return [next(found[vignette.species]) for vignette in vignettes]


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
        readings = [_urgency(r, less, networks, ablation, ())[2] for r in evidences.readings(case, less)]
        explained, fits, level = _urgency(known, less, networks, ablation, readings)
        shares = {e.cause: e.probability for e in explained}
        found.append(
            Scored(
                vignette, tuple(shares), shares, level, recognised(known, less, explained), tuple(e.cause for e in fits)
            )
        )
    return found


def _networks(knowledge: Knowledge, known: Evidence, ablation: Ablation) -> Compiled:
    """The networks for these reporters, changed if the ablation changes networks."""
    whole = compiled(knowledge, known.observed_by)
    if ablation.network is None:
        return whole
    return _Changed(knowledge, ablation.network(whole.point), whole.who, whole.facts, change=ablation.network)


def _urgency(
    known: Evidence, knowledge: Knowledge, networks: Compiled, ablation: Ablation, readings: Sequence[Level]
) -> tuple[tuple[Explanation, ...], tuple[Explanation, ...], Level]:
    """The causes, those named because they fit, and the level with red flags, contradictory readings and earlier questions."""
    known = known if ablation.graded else replace(known, levels={})
    flags = triage.red_flags(known, knowledge)
    try:
        answer = infer(known, knowledge, networks, least=0.0)
    except (ImpossibleEvidence, NotForThis, TooManyFindings):
        return (), (), triage.decide(known, knowledge, flags, None, readings=readings).level
    chosen = answer.level
    if not ablation.cautious:
        whole = posterior(networks.point, answer.observation)
        losses = triage.losses_in(networks.point, known, knowledge, whole)
        chosen, _ = triage.choose(losses, np.ones(1), knowledge.triage.quantile)
    return answer.explanations, answer.fits, triage.decide(known, knowledge, flags, chosen, readings=readings).level

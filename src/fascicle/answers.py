"""What each answer to a question would make known, without putting it into the evidence one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fascicle.engine.imagine import Alternative
from fascicle.engine.network import Attribute, Floats, Network, Observation
from fascicle.engine.posterior import posterior
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.ties import NONE, Ties
from fascicle.model import Evidence

YES, NO = np.array([1.0, 0.0]), np.array([0.0, 1.0])
"""Reports on a yes/no attribute."""
TINY = 1e-300


@dataclass(frozen=True)
class Imagined:
    """One way to answer a part of a question. gained: findings that become present, implied ones too."""

    told: Alternative
    gained: frozenset[str]


Part = tuple[Imagined, ...]


@dataclass(frozen=True)
class Situation:
    """A case as it stands, for imagining answers to it.

    place: index of each sign. likely: (causes,) P(R = cause | evidence). log_evidence: log P(evidence).
    """

    evidence: Evidence
    network: Network
    observation: Observation
    ties: Ties
    place: Mapping[str, int]
    likely: Floats
    log_evidence: float

    @classmethod
    def of(cls, evidence: Evidence, knowledge: Knowledge, network: Network, observation: Observation) -> Situation:
        """One posterior, on a network of one draw. Raises ImpossibleEvidence when the case cannot be."""
        now = posterior(network, observation)
        place = {sign: i for i, sign in enumerate(network.signs)}
        log_evidence = float(now.log_evidence[0])
        return cls(evidence, network, observation, knowledge.ties, place, now.responsible[0], log_evidence)

    def knows(self, finding: str) -> bool:
        """Whether the network has anything to say about a finding, and nothing is known of its level."""
        known = finding in self.place or finding in self.network.attributes
        return known and finding not in self.evidence.levels

    def covariate(self, finding: str) -> Attribute | None:
        """The attribute of a yes/no finding that counts against a background, None for signs and events."""
        attribute = self.network.attributes.get(finding)
        return None if attribute is None or attribute.background is None else attribute


def option_part(group: str, names: Sequence[str], case: Situation) -> Part:
    """The options of a choice group: exactly one of them would be told."""
    background = case.network.attributes[group].background
    shares = np.ones(len(names)) if background is None else background[0]
    told = (
        Alternative(weights={group: report}, share=float(b))
        for report, b in zip(np.eye(len(names)), shares, strict=True)
    )
    gained = (case.ties.generals([name]) - case.evidence.present for name in names)
    return tuple(Imagined(*each) for each in zip(told, gained, strict=True))


def item_parts(items: Iterable[str], case: Situation) -> list[Part]:
    """The parts of a question that lists these items: one for each item, one for all items that hang together.

    Items the network knows nothing about are left out, and those of which part of the level is known already.
    """
    left, found = [item for item in items if case.knows(item)], list[Part]()
    while left:
        tied = {left[0]}
        while more := {i for i in left if i not in tied and any(case.ties.between(i, j) for j in tied)}:
            tied |= more
        own = [i for i in left if i in tied]
        found.append(_tied(own, case) if case.ties.any(own[0]) else _alone(own[0], case))
        left = [i for i in left if i not in tied]
    return found


def _alone(item: str, case: Situation) -> Part:
    """Present or absent, and nothing else changes."""
    covariate = case.covariate(item)
    share = 1.0 if covariate is None or covariate.background is None else float(covariate.background[0, 0])
    absent = 1.0 if covariate is None else 1.0 - share
    return Imagined(_told([item], [], share, case), frozenset([item])), Imagined(_told([], [item], absent, case), NONE)


def _tied(items: Sequence[str], case: Situation) -> Part:
    """Every answer to items that hang together which contradicts neither itself nor what is known.

    As in `evidence.gather`, a finding that is present brings what it implies, one that is absent rules out what implies
    it, and the network sees only the most special present and the most general absent ones. So an answer may take the
    place of a finding known before; that one then stands in some alternatives or in none. Several nested exposures do
    not multiply to a joint distribution, so each answer is given the share that makes it as likely as the chain rule says.
    """
    ties, known = case.ties, case.evidence
    related = ties.generals(items) | ties.specials(items)
    before = _factor([f for f in related if f in known.scored], known.present, case)
    weighed = any(case.covariate(item) for item in items)
    found = []
    for ticked, chance in _chances(items, case).items():
        gained = ties.generals(ticked)
        present = known.present | gained
        absent = (known.absent | ties.specials([i for i in items if i not in present])) - present
        seen = [f for f in related & present if ties.special.get(f, NONE).isdisjoint(present)]
        missed = [f for f in related & absent if ties.general.get(f, NONE).isdisjoint(absent)]
        counted = case.likely * _factor([*seen, *missed], present, case) / np.where(before > 0, before, 1.0)
        share = float(case.likely @ chance) / max(float(counted.sum()), TINY) if weighed else 1.0
        if share > 0:
            found.append(Imagined(_told(seen, missed, share, case), gained - known.present))
    return tuple(found)


def _chances(items: Sequence[str], case: Situation) -> dict[frozenset[str], Floats]:
    """Every set of these items that can be ticked, with P(it | R), (causes,), where they are exposures.

    By the chain rule, general findings first, over unknown generals and known absent specials too. Signs and events
    count 1: the network itself weighs them.
    """
    ties, known = case.ties, case.evidence
    wider = {f for f in ties.generals(items) - known.present if f in items or case.covariate(f)}
    fixed = {f for f in ties.specials(wider) & known.absent if case.covariate(f)}
    states = [(NONE, np.ones(len(case.likely)))]
    decided = known.absent - wider - fixed
    for finding in sorted(wider | fixed, key=lambda f: (len(ties.generals([f])), f)):
        following = []
        for state, likely in states:
            present = state | known.present
            absent = decided - present
            chance = _chance(finding, absent, present, case)
            possible = ties.general.get(finding, NONE).isdisjoint(absent)
            possible = possible and ties.apart.get(finding, NONE).isdisjoint(present)
            if possible and finding not in known.absent:
                following.append((state | {finding}, likely if chance is None else likely * chance))
            following.append((state, likely if chance is None or not possible else likely * (1.0 - chance)))
        states, decided = following, decided | {finding}
    total = np.sum([likely for _, likely in states], axis=0)
    found: dict[frozenset[str], Floats] = {}
    for state, likely in states:
        ticked = state.intersection(items)
        found[ticked] = found.get(ticked, 0.0) + likely / np.where(total > 0, total, 1.0)
    return found


def _chance(finding: str, absent: Collection[str], present: Collection[str], case: Situation) -> Floats | None:
    """P(exposure | R, its generals present, some that exclude it absent): (causes,); None for signs and events.

    Its share of the least of its generals, and of what those that exclude it leave.
    """
    own = case.covariate(finding)
    if own is None:
        return None
    room, exposed = np.ones(len(case.likely)), own.table[0, :, 0]
    for general in case.ties.general.get(finding, NONE):
        wider = case.covariate(general)
        room = room if wider is None else np.minimum(room, wider.table[0, :, 0])
    rivals = [f for f in case.ties.apart.get(finding, NONE) if f in absent and case.ties.apart[f].isdisjoint(present)]
    for rival in rivals:
        taken = case.covariate(rival)
        if taken is not None and case.ties.general.get(rival, NONE).isdisjoint(rivals):
            room = room * (1.0 - taken.table[0, :, 0])
    chance: Floats = exposed / np.maximum(room, exposed)
    return chance


def _factor(told: Iterable[str], present: Collection[str], case: Situation) -> Floats:
    """What exposures told present or absent do to the weight of each cause."""
    factor = np.ones(len(case.likely))
    for finding in told:
        covariate = case.covariate(finding)
        if covariate is not None and covariate.background is not None:
            option = 0 if finding in present else 1
            factor = factor * (covariate.table[0, :, option] / covariate.background[0, option])
    return factor


def _told(seen: Iterable[str], missed: Iterable[str], share: float, case: Situation) -> Alternative:
    """The findings the network sees, in its terms."""
    seen, missed = list(seen), list(missed)
    reports = [(f, YES) for f in seen] + [(f, NO) for f in missed]
    return Alternative(
        tuple(case.place[f] for f in seen if f in case.place),
        tuple(case.place[f] for f in missed if f in case.place),
        {f: report for f, report in reports if f in case.network.attributes},
        share,
    )

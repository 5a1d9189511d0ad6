"""What answers may change about how soon to act: the rules they can still meet, and the loss under each of them.

The level needed under an answer is at least what its red flags say, and each cause is as urgent as its modifiers make it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fascicle.answers import Part
from fascicle.engine.network import Floats, Ints, Network
from fascicle.evidence import warning
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.ties import NONE
from fascicle.model import Evidence, Level
from fascicle.triage import SET_LEVELS, asked_again, beyond_usual, both_levels, loss_table, needed, red_flags


@dataclass(frozen=True)
class Rule:
    """A red flag (cause None) or a cause's modifier that is not met yet, and the findings it still wants.

    beside: whether it makes a bystander more urgent too.
    """

    every: frozenset[str]
    one_of: frozenset[str]
    level: Level
    cause: int | None
    beside: bool = False

    def open(self, known: frozenset[str], absent: frozenset[str]) -> bool:
        """Whether it is not met by what is known, but still can be."""
        if not self.every.isdisjoint(absent):
            return False
        wanting = bool(self.one_of) and self.one_of.isdisjoint(known)
        return not self.one_of <= absent if wanting else not self.every <= known

    def given(self, known: frozenset[str]) -> Rule:
        """What is left of it when this is known."""
        if known.isdisjoint(self.every) and known.isdisjoint(self.one_of):
            return self
        return replace(self, every=self.every - known, one_of=NONE if self.one_of & known else self.one_of)


@dataclass(frozen=True)
class Stakes:
    """What the answers may change about the urgency.

    levels: (2, causes) urgency of each cause as things stand, as the responsible one and as a bystander. standing: what the
    red flags already set. again: the level asking before makes of each level, were the trouble new. chronic, worsening: whether
    findings that are present make it an old one, or one that gets worse; and which others would. rules: those that some
    answer can still meet. loss: [chosen, needed]. prevalence: (causes,) of each cause as a bystander, before any evidence.
    """

    levels: Ints
    standing: Level
    again: Ints
    chronic: tuple[bool, frozenset[str]]
    worsening: tuple[bool, frozenset[str]]
    rules: tuple[Rule, ...]
    loss: Floats
    prevalence: Floats

    @classmethod
    def of(cls, evidence: Evidence, knowledge: Knowledge, network: Network) -> Stakes:
        """Read off the knowledge what is not met yet, may still be, and would change a level."""
        own, beside = both_levels(evidence, knowledge, network)
        standing = max((flag.level for flag in red_flags(evidence, knowledge)), default=Level.NORMAL)
        known, rules = warning(evidence, knowledge), list[Rule]()
        for flag in knowledge.red_flags:
            if Level.of(flag.to) > standing:
                rules.append(Rule(frozenset(flag.all), frozenset(flag.any), Level.of(flag.to), None))
        again = knowledge.triage.asked_before
        new = replace(evidence, present=evidence.present - set(again.unless))
        place = {cause: x for x, cause in enumerate(network.causes)}
        for modifier in knowledge.modifiers:
            x = place[modifier.cause]
            if modifier.level > own[x] or (modifier.beside and modifier.level > beside[x]):
                rules.append(Rule(modifier.when, NONE, modifier.level, x, modifier.beside))
        return cls(
            np.array([own, beside]),
            standing,
            np.array([asked_again(level, new, knowledge) for level in Level]),
            (not evidence.present.isdisjoint(again.unless), frozenset(again.unless)),
            (not evidence.present.isdisjoint(again.but), frozenset(again.but)),
            tuple(rule.given(known) for rule in rules if rule.open(known, evidence.absent)),
            loss_table(knowledge),
            network.prevalence.max(axis=0),
        )

    @cached_property
    def by_finding(self) -> Mapping[str, list[Rule]]:
        """The rules each finding takes part in."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for finding in rule.every | rule.one_of:
                found.setdefault(finding, []).append(rule)
        return found

    @cached_property
    def flagged(self) -> frozenset[str]:
        """What takes part in a red flag that would raise what stands."""
        return NONE.union(*(rule.every | rule.one_of for rule in self.rules if rule.cause is None))

    def raised_by(self, gained: frozenset[str]) -> bool:
        """Whether these findings alone meet a red flag that would raise what stands."""
        flags = (rule for rule in self.rules if rule.cause is None)
        return any(r.every <= gained and not (r.one_of and r.one_of.isdisjoint(gained)) for r in flags)

    def under(self, parts: Sequence[Part], index: Ints) -> tuple[Ints, Ints]:
        """Least level by red flags, (answers,), and `levels` under every answer: (2, answers, causes).

        One row of urgencies where no answer changes any.
        """
        answers = index.shape[1]
        gained = {
            finding: np.array([finding in alternative.gained for alternative in part])[chosen]
            for part, chosen in zip(parts, index, strict=True)
            for finding in frozenset[str]().union(*(alternative.gained for alternative in part))
        }
        touched = dict.fromkeys(rule for finding in gained for rule in self.by_finding.get(finding, ()))
        least, levels = np.full(answers, int(self.standing)), self.levels[:, None, :]
        for rule in touched:
            if not rule.every <= gained.keys() or (rule.one_of and rule.one_of.isdisjoint(gained)):
                continue
            met = np.all([gained[f] for f in rule.every], axis=0) if rule.every else np.ones(answers, dtype=bool)
            if rule.one_of:
                met = met & np.any([gained[f] for f in rule.one_of & gained.keys()], axis=0)
            if rule.cause is None:
                least[met] = np.maximum(least[met], int(rule.level))
            else:
                levels = np.tile(levels, (1, answers // levels.shape[1], 1))
                for own in levels[: 1 + rule.beside]:
                    own[met, rule.cause] = np.maximum(own[met, rule.cause], int(rule.level))
        return self._asked_again(least, gained), levels

    def sets(self, levels: Ints) -> NDArray[np.bool_]:
        """For each answer the causes that would need SET_LEVELS as bystanders, and first nobody: (3, answers, causes).

        levels: (answers, causes) urgency as bystanders.
        """
        nobody = np.zeros(levels.shape, dtype=bool)
        return np.stack([nobody, *((self.prevalence > 0) & (levels >= level) for level in SET_LEVELS)])

    def beyond_usual(self, tables: Floats, sets: NDArray[np.bool_]) -> Floats:
        """The joint of R and each answer with no bystander of these sets, usual ones not counted: (3, answers, causes)."""
        return beyond_usual(tables, tables[0], sets, self.prevalence)

    def losses(self, tables: Floats, least: Ints, levels: Ints) -> tuple[Floats, Ints]:
        """Expected loss of choosing each level under each answer, (answers, levels), and the best choice, (answers,).

        tables: (3, answers, causes) joint of R and the answer, with no unusual bystander of `sets`. As in `triage.needed`, with
        the urgency of each cause as it is under the answer; where less than the least level is needed, that is needed.
        """
        mass = tables[0].sum(axis=1)
        share = tables / np.where(mass > 0, mass, 1.0)[:, None]
        by_level = np.stack([np.where(levels == level, share, 0.0).sum(axis=2) for level in Level], axis=2)
        probability = needed(tuple(Level), by_level[0], [by_level[1], by_level[2]]).probability
        below = np.arange(len(Level)) < least[:, None]
        raised = np.where(below, 0.0, probability)
        raised[np.arange(len(least)), least] += np.where(below, probability, 0.0).sum(axis=1)
        expected: Floats = raised @ self.loss.T
        allowed = np.where(below, np.inf, expected)
        return expected, len(Level) - 1 - allowed[:, ::-1].argmin(axis=1)  # of equals the more urgent, as in triage

    def _asked_again(self, least: Ints, gained: Mapping[str, NDArray[np.bool_]]) -> Ints:
        """`triage.asked_again` of the least level under each answer. gained: finding -> (answers,) whether it is known then."""
        nothing = np.zeros(len(least), dtype=bool)
        chronic, worsening = (
            here | np.any([nothing, *(gained[f] for f in names & gained.keys())], axis=0)
            for here, names in (self.chronic, self.worsening)
        )
        raised: Ints = np.where(chronic & ~worsening, least, self.again[least])
        return raised

    def falls(self, questions: Sequence[tuple[Floats, Sequence[frozenset[str]]]]) -> list[float]:
        """The fall in expected loss that the answer to each question brings, were there no bystanders.

        A question is the joint of R and the answer, (answers, causes), and what the first answers make known.
        """
        tables = [table for table, _ in questions]
        starts = np.cumsum([0, *(len(table) for table in tables)])
        every = np.concatenate([*tables, *(table.sum(axis=0, keepdims=True) for table in tables)])
        least, levels = np.full(len(every), int(self.standing)), np.tile(self.levels[0], (len(every), 1))
        gained = {f: np.zeros(len(every), dtype=bool) for f in self.chronic[1] | self.worsening[1]}
        for start, (_, gains) in zip(starts.tolist(), questions, strict=False):
            for row, known in enumerate(gains, start=start):
                for finding in known & gained.keys():
                    gained[finding][row] = True
                for rule in dict.fromkeys(rule for finding in known for rule in self.by_finding.get(finding, ())):
                    if rule.every <= known and not (rule.one_of and rule.one_of.isdisjoint(known)):
                        if rule.cause is None:
                            least[row] = max(least[row], int(rule.level))
                        else:
                            levels[row, rule.cause] = max(levels[row, rule.cause], int(rule.level))
        asked = self._asked_again(least, gained)
        losses, best = self.losses(np.broadcast_to(every, (1 + len(SET_LEVELS), *every.shape)), asked, levels)
        found = []
        for n, (a, b) in enumerate(pairwise(starts.tolist())):
            mass, now = every[a:b].sum(axis=1), best[starts[-1] + n]
            saved = losses[a:b, now] - losses[np.arange(a, b), best[a:b]]
            found.append(float(mass @ saved / mass.sum()))
        return found

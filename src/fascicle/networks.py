"""The networks of one knowledge version, and the weighted joint draws behind one case's intervals."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import RLock

import numpy as np

from fascicle.engine import draws
from fascicle.engine.network import Floats, Network, Observation, some_draws
from fascicle.engine.posterior import Posterior, posterior
from fascicle.knowledge import cache
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import build
from fascicle.knowledge.heard import heard
from fascicle.knowledge.numbers import Columns, at_the_values, columns, numbers

_MAKING = RLock()
"""Held while networks are made: two threads that want the same ones make them once, and every block has its own draws."""


@dataclass(frozen=True, eq=False)
class Facts:
    """Networks of facts with the values they were built from: the point, and blocks of joint draws as needed."""

    knowledge: Knowledge
    point: tuple[Columns, Network]
    _blocks: list[tuple[Columns, Network]] = field(default_factory=list)

    def block(self, index: int) -> tuple[Columns, Network]:
        """The index-th block of joint draws; the same numbers whenever it is asked for."""
        with _MAKING:
            while len(self._blocks) <= index:
                drawn = _drawn(self.knowledge, len(self._blocks))
                self._blocks.append(_built(self.knowledge, columns(self.knowledge, drawn)))
        return self._blocks[index]


@dataclass(frozen=True, eq=False)
class Compiled:
    """Networks of reports. point: at the values, one draw. who: finding -> reporter, where it is not the usual one."""

    knowledge: Knowledge
    point: Network
    who: Mapping[str, str]
    facts: Facts
    _blocks: dict[int, Network] = field(default_factory=dict)

    def block(self, index: int) -> Network:
        """The index-th block of joint draws."""
        with _MAKING:
            if index not in self._blocks:
                at, facts = self.facts.block(index)
                self._blocks[index] = heard(facts, self.knowledge, at, self.who)
        return self._blocks[index]


MADE_OF = ("causes", "findings", "groups", "options", "profile", "reports", "triage")
"""The parts of a knowledge that networks and draws are made of."""
_FACTS: dict[tuple[str, str], Facts] = {}
_COMPILED: dict[tuple[str, str, tuple[tuple[str, str], ...]], Compiled] = {}
KEPT = 16
"""Networks kept for so many sets of reporters; few cases have findings that a vet or a recording reported."""


def compiled(knowledge: Knowledge, who: Mapping[str, str] | None = None) -> Compiled:
    """Return the networks of this knowledge, computed once: a case never shows two answers.

    who: finding -> reporter, where it is not the usual one; about a millisecond for reporters not met before. Knowledge that was
    changed and kept its version gets networks of its own, and those of the other are dropped.
    """
    reported = {name: reporter for name, reporter in (who or {}).items() if name in knowledge.reports.findings}
    who = {name: reporter for name, reporter in reported.items() if reporter != knowledge.findings[name].observed_by}
    version = (knowledge.species, knowledge.version)
    key = (*version, tuple(sorted(who.items())))
    with _MAKING:
        if version in _FACTS and not _alike(_FACTS[version].knowledge, knowledge):
            del _FACTS[version]
            for other in [k for k in _COMPILED if k[:2] == version]:
                del _COMPILED[other]
        if version not in _FACTS:
            _FACTS[version] = Facts(knowledge, _built(knowledge, at_the_values(knowledge)))
        if key not in _COMPILED:
            at, facts = _FACTS[version].point
            if len(_COMPILED) >= KEPT:
                del _COMPILED[next(iter(_COMPILED))]
            _COMPILED[key] = Compiled(knowledge, heard(facts, knowledge, at, who), who, _FACTS[version])
        return _COMPILED[key]


def _alike(one: Knowledge, other: Knowledge) -> bool:
    """Whether the same networks come of both; the parts are compared only where they are not the same objects."""
    pairs = ((getattr(one, part), getattr(other, part)) for part in MADE_OF)
    return one is other or all(a is b or a == b for a, b in pairs)


def _built(knowledge: Knowledge, at: Columns) -> tuple[Columns, Network]:
    return at, build(knowledge, at)


@dataclass(frozen=True, eq=False)
class Sample:
    """The draws one case was worked through with: networks, their posteriors, and a weight for every draw."""

    parts: tuple[tuple[Network, Posterior], ...]
    weights: Floats

    def each(self, compute: Callable[[Network, Posterior], Floats]) -> Floats:
        """Apply a function to every block and join the rows."""
        return np.concatenate([compute(network, whole) for network, whole in self.parts])

    def interval(self, values: Floats, share: float) -> tuple[Floats, Floats]:
        """The central interval of each column of (draws, columns) values that holds this share of the weight."""
        tail = (1 - share) / 2
        low, high = draws.weighted_quantiles(values, self.weights, [tail, 1 - tail])
        return low, high


def sample(networks: Compiled, observation: Observation, most: int = sys.maxsize) -> Sample:
    """Return the weighted draws for a case.

    Draws weigh as much as they make the case likely. Further blocks are added while fewer than the knowledge asks for
    are effective, up to its limit; with very many present signs fewer draws are worked through (`draws.affordable`),
    and never more than `most`.
    """
    rules = networks.knowledge.triage
    affordable = min(most, draws.affordable(rules.draws, len(observation.present)))
    parts: list[tuple[Network, Posterior]] = []
    weights = np.zeros(0)
    most = min(most, draws.affordable(rules.most_draws, len(observation.present)))
    for network in _blocks(networks, max(1, most // rules.draws)):
        part = network if affordable == network.draws else some_draws(network, 0, affordable)
        parts.append((part, posterior(part, observation)))
        weights = weights_of(np.concatenate([whole.log_evidence for _, whole in parts]))
        if draws.effective(weights) >= rules.effective_draws or affordable < network.draws:
            break
    return Sample(tuple(parts), weights)


def _blocks(networks: Compiled, most: int) -> Iterator[Network]:
    """Blocks of draws, one after the other."""
    for index in range(most):
        yield networks.block(index)


def _drawn(knowledge: Knowledge, block: int) -> Floats:
    """One block of joint draws of every number, from the cache when it was made before."""
    found, count = numbers(knowledge), knowledge.triage.draws
    name = f"draws-{cache.digest([str(draws.METHOD), str(count), str(block), *map(repr, found)])}.npy"
    kept = cache.read_array(name, (count, len(found)))
    if kept is None:
        kept = draws.draw(found, count, block)
        cache.write_array(name, kept)
    return kept


def weights_of(log_evidence: Floats) -> Floats:
    """Return the (draws,) weights of draws, adding up to 1: how well each explains what was seen."""
    finite = np.where(np.isfinite(log_evidence), log_evidence, -np.inf)
    weight = np.exp(finite - finite.max())
    normalised: Floats = weight / weight.sum()
    return normalised

"""Which findings hang together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from fascicle.knowledge.schema import Finding

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ties:
    """Which findings hang together: those each one implies (all the way up), those that imply it, those it excludes."""

    general: Mapping[str, frozenset[str]]
    special: Mapping[str, frozenset[str]]
    apart: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, findings: Mapping[str, Finding]) -> Ties:
        """The ties of a vocabulary; only findings that have any are listed."""
        general: dict[str, frozenset[str]] = {}
        special: dict[str, frozenset[str]] = {}
        apart: dict[str, frozenset[str]] = {}
        for finding in findings.values():
            wider, found = list(finding.implies), set[str]()
            while wider:
                found.add(wider[-1])
                wider = [f for f in (*wider[:-1], *findings[wider[-1]].implies) if f not in found]
            if found:
                general[finding.id] = frozenset(found)
            for other in found:
                special[other] = special.get(other, NONE) | {finding.id}
            for other in finding.excludes:
                apart[other] = apart.get(other, NONE) | {finding.id}
                apart[finding.id] = apart.get(finding.id, NONE) | {other}
        return cls(general, special, apart)

    def any(self, finding: str) -> bool:
        """Whether anything hangs together with a finding."""
        return finding in self.general or finding in self.special or finding in self.apart

    def between(self, one: str, two: str) -> bool:
        """Whether one excludes or implies the other, or both imply a third."""
        return two in self.apart.get(one, NONE) or not self.generals([one]).isdisjoint(self.generals([two]))

    def ruled_out(self, present: Collection[str]) -> frozenset[str]:
        """All that cannot be so beside these present findings: what they exclude, and what implies that."""
        return self.specials(NONE.union(*(self.apart.get(name, NONE) for name in present)))

    def generals(self, names: Collection[str]) -> frozenset[str]:
        """These findings and all that they imply."""
        return frozenset(names).union(*(self.general.get(name, NONE) for name in names))

    def specials(self, names: Collection[str]) -> frozenset[str]:
        """These findings and all that imply one of them."""
        return frozenset(names).union(*(self.special.get(name, NONE) for name in names))

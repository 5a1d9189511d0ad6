"""The uncertain numbers of the knowledge with the ids that seed their draws, and values looked up by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from fascicle.engine.draws import Number, means
from fascicle.engine.network import Floats
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.figures import Figure, OptionShare, Share
from fascicle.knowledge.reports import REPORTERS, OwnReliability, Reliability, ReportsFile


def numbers(knowledge: Knowledge) -> list[Number]:
    """Every uncertain number of the network, with the id that seeds its draws.

    Not among them, so the same in every draw, is what stands on the side of the observation (`compile.observe`): how loosely
    a second kind is ticked (`kind_rules.loose`), and the shares of kinds where they weigh such a tick. An observation has no
    axis of draws.
    """
    profile = knowledge.profile
    found: list[Number] = []
    for page in knowledge.causes.values():
        found.append(_positive(f"{page.id}/rate", page.rate))
        if page.prevalence is not None:
            found.append(_probability(f"{page.id}/prevalence", page.prevalence))
        for name, effect in page.context.items():
            make = _probability if effect.p is not None else _positive
            found.append(make(f"{page.id}/context/{name}", effect))
        found += _named_alone(f"{page.id}/kinds", page.kinds, profile.kind_rules.surest)
        for group, distribution in page.choices.items():
            found += _shares(f"{page.id}/choices/{group}", distribution.shares)
        found += [_probability(f"{page.id}/event/{name}", share) for name, share in page.event.items()]
        found += [_probability(f"{page.id}/signs/{name}", link) for name, link in page.signs.items()]
        for name, link in page.signs.items():
            found += [_probability(f"{page.id}/signs/{name}/{level}", share) for level, share in link.levels.items()]
        found += [_probability(f"{page.id}/syndromes/{name}", share) for name, share in page.syndromes.items()]
    for name, share in (*profile.background.items(), *profile.of_events.items()):
        found.append(_probability(f"ordinary/{name}", share))
    for name, levels in profile.levels.items():
        found += [_probability(f"ordinary/{name}/{level}", share) for level, share in levels.items()]
    for group, distribution in (*profile.background_choices.items(), *profile.event_choices.items()):
        found += _shares(f"ordinary/{group}", distribution.shares)
    for name, entry in profile.syndromes.items():
        found.append(_probability(f"syndrome/{name}", entry.background))
        found += [_probability(f"syndrome/{name}/{member}", share) for member, share in entry.members.items()]
    for name, event in profile.event_syndromes.items():
        found.append(_probability(f"event syndrome/{name}", event.share))
        found += [_probability(f"event syndrome/{name}/{member}", share) for member, share in event.members.items()]
        found += _shares(f"event syndrome/{name}/kinds", event.kinds.shares)
    found += _shares("ordinary/kinds", profile.kinds.shares)
    found.append(_probability("ordinary/stray", profile.kind_rules.stray))
    found.append(_probability("other/sign", profile.other.sign))
    return found + list(_reliabilities(knowledge.reports))


def _reliabilities(reports: ReportsFile) -> Iterator[Number]:
    """Manners, and what differs from them for single findings."""
    for name, entry in (*reports.manners.items(), *reports.findings.items()):
        for reporter in REPORTERS:
            own: Reliability | OwnReliability = getattr(entry, reporter)
            for what in ("sensitivity", "false_report"):
                share: Share | None = getattr(own, what)
                if share is not None:
                    yield _probability(f"report/{name}/{reporter}/{what}", share)


def _positive(identity: str, figure: Figure) -> Number:
    return Number(identity, "positive", figure.mean, figure.low, figure.high, figure.tied)


def _probability(identity: str, figure: Figure) -> Number:
    return Number(identity, "probability", figure.mean, figure.low, figure.high, figure.tied)


def _shares(prefix: str, shares: Mapping[str, Share] | Mapping[str, OptionShare]) -> Iterator[Number]:
    """Shares that add up to 1."""
    total = sum(share.p for share in shares.values()) or 1.0
    for name, share in shares.items():
        scaled = (share.p / total, share.low / total, min(1.0, share.high / total))
        yield Number(f"{prefix}/{name}", "share", *scaled, group=prefix)


def _named_alone(prefix: str, kinds: Mapping[str, Share], surest: float) -> Iterator[Number]:
    """P(this kind | just one is named), where each is shown by itself with the p on the page: their odds, made to add up to 1."""
    odds = {n: [p / (1 - p) for p in np.minimum([kind.p, kind.low, kind.high], surest)] for n, kind in kinds.items()}
    total = sum(own for own, _, _ in odds.values()) or 1.0
    for name, (own, low, high) in odds.items():
        yield Number(f"{prefix}/{name}", "share", own / total, low / total, min(1.0, high / total), group=prefix)


@dataclass(frozen=True)
class Columns:
    """Values by number id, with an axis of draws."""

    values: Floats
    place: Mapping[str, int] = field(repr=False)

    def __call__(self, identity: str) -> Floats:
        """The (draws,) values of one number."""
        column: Floats = self.values[:, self.place[identity]]
        return column


def columns(knowledge: Knowledge, values: Floats) -> Columns:
    """(draws, numbers) values in the order of `numbers`, by number id."""
    return Columns(values, {number.id: i for i, number in enumerate(numbers(knowledge))})


def at_the_values(knowledge: Knowledge) -> Columns:
    """The numbers themselves as a single draw, by number id."""
    return columns(knowledge, means(numbers(knowledge)))

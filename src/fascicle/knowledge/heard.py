"""From what is there to what is told: report reliability folded into a network, so a “no” stays as cheap as it was.

With sensitivity s and false reports f, a source that brings a sign with q is noticed with s q, and the leak becomes
1 - (1 - f)(1 - s leak): each source is noticed or missed by itself, which keeps the noisy-OR form and so the absorbed
negatives. A yes/no property told by somebody has probability s p + f (1 - p). Choice groups have a confusion table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from fascicle.engine.network import Attribute, EventSyndrome, Floats, Grades, Network
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.numbers import Columns


@dataclass(frozen=True)
class Reliabilities:
    """(draws,) sensitivity and false-report share of every reported finding."""

    sensitivity: Mapping[str, Floats]
    false_report: Mapping[str, Floats]


def reliabilities(knowledge: Knowledge, at: Columns, who: Mapping[str, str]) -> Reliabilities:
    """Look up each finding's reliability for who reported it, by default whoever its entry names."""
    sensitivity, false_report = {}, {}
    for name, entry in knowledge.reports.findings.items():
        reporter = who.get(name, knowledge.findings[name].observed_by)
        own = getattr(entry, reporter)
        place = {True: f"report/{name}/{reporter}", False: f"report/{entry.manner}/{reporter}"}
        sensitivity[name] = at(f"{place[own.sensitivity is not None]}/sensitivity")
        false_report[name] = at(f"{place[own.false_report is not None]}/false_report")
    return Reliabilities(sensitivity, false_report)


def heard(network: Network, knowledge: Knowledge, at: Columns, who: Mapping[str, str]) -> Network:
    """Return the network of reports for a network of facts; linear in the number of links.

    who: finding -> reporter, where it is not the usual one. A sign without reliability (a hidden state) stays as it is.
    """
    found = reliabilities(knowledge, at, who)
    ones, zeros = np.ones(network.draws), np.zeros(network.draws)
    s = np.stack([found.sensitivity.get(sign, ones) for sign in network.signs], axis=1)
    f = np.stack([found.false_report.get(sign, zeros) for sign in network.signs], axis=1)
    leak = 1 - (1 - f) * (1 - s * network.leak)
    seen, fact = s[:, network.link_sign], network.leak[:, network.link_sign]
    return replace(
        network,
        leak=leak,
        link=network.link * seen,
        link_responsible=_through(network.link_responsible, fact, seen),
        attributes={name: _told(name, a, knowledge, found) for name, a in network.attributes.items()},
        grades=tuple(_noticed(grades, s, f) for grades in network.grades),
        syndromes=tuple(replace(state, strength=state.strength * s[:, state.members]) for state in network.syndromes),
        event_syndromes=tuple(
            EventSyndrome(
                state.share,
                {n: table @ confusion(n, knowledge, found) for n, table in state.on.items()},
                {n: table @ confusion(n, knowledge, found) for n, table in state.off.items()},
            )
            for state in network.event_syndromes
        ),
    )


def confusion(name: str, knowledge: Knowledge, found: Reliabilities) -> Floats:
    """P(told | true) of an attribute: (draws or 1, options, options), rows sum to 1."""
    if name in found.sensitivity:
        s, f = found.sensitivity[name], found.false_report[name]
        return np.stack([np.stack([s, 1 - s], axis=-1), np.stack([f, 1 - f], axis=-1)], axis=-2)
    options = knowledge.options.get(name, ())
    count = len(options) or 2  # a measured yes/no finding is told as it is
    table = np.eye(count)
    group = knowledge.groups.get(name)
    several = group is not None and group.several
    entry = knowledge.reports.choices.get(name)
    called = knowledge.profile.kind_rules.called if several else entry.called if entry is not None else {}
    for option, names in called.items():
        row = options.index(option)
        for other, share in names.items():
            table[row, options.index(other)] = share
        table[row, row] = 1 - sum(names.values())
    return table[None]


def _told(name: str, attribute: Attribute, knowledge: Knowledge, found: Reliabilities) -> Attribute:
    """An attribute as it is told."""
    table = confusion(name, knowledge, found)
    background = attribute.background
    told = None if background is None else (background[:, None, :] @ table)[:, 0, :]
    return replace(attribute, table=attribute.table @ table, background=told)


def _noticed(grades: Grades, s: Floats, f: Floats) -> Grades:
    """A graded sign as told: each level is noticed with s, a false report is of the lowest level."""
    seen, false = s[:, grades.sign, None], f[:, grades.sign, None]
    lowest = np.arange(grades.leak.shape[1]) == 0
    return replace(
        grades,
        leak=1 - (1 - np.where(lowest, false, 0.0)) * (1 - seen * grades.leak),
        link=grades.link * seen[:, :, None],
        responsible=_through(grades.responsible, grades.leak[:, None, :], seen[:, :, None]),
    )


def _through(link: Floats, leak: Floats, seen: Floats) -> Floats:
    """A link of the responsible cause as noticed; below 0 it lowers the leak, and what is left of that is noticed."""
    return link * np.where(link < 0, seen * (1 - leak) / (1 - seen * leak), seen)

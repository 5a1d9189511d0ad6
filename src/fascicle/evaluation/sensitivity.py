"""Which numbers move the answers most, which causes can never lead, and which findings never matter.

For reviewers: what to check first, and what the knowledge holds without effect. All at the values of the figures, one
number at a time; the tables of wrong names, losses and thresholds have no range and are not moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fascicle import evidence as evidences
from fascicle import triage
from fascicle.engine import draws
from fascicle.engine.many import posteriors
from fascicle.engine.network import Floats, Ints, Observation
from fascicle.engine.posterior import posterior
from fascicle.evaluation.vignettes import Vignette
from fascicle.evaluation.workers import Shown, Workers, unshown
from fascicle.knowledge import schema
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import build, observe
from fascicle.knowledge.heard import heard
from fascicle.knowledge.numbers import at_the_values, numbers
from fascicle.model import Case, Evidence, Level
from fascicle.networks import Compiled, compiled

TOGETHER = 256
"""Changed numbers worked out as if they were draws of one network; bounds the memory, changes no answer."""
AT_A_TIME = 4 * TOGETHER
"""Ends of numbers that one worker takes at a time: enough to make up for answering the cases at the values first."""
MOST_CASES = 50
"""Cases in which numbers are moved: the time goes with numbers times cases, the order of the numbers hardly changes."""
_SMALLEST = 1e-12
MOST_FINDINGS = 12
"""Findings in the best case of a cause: more than people tell, few enough to be one story."""
LEAST_CHANGE = 0.1
"""A finding that never changes the log-odds of a cause by so much (the odds by a tenth) does not matter."""


@dataclass(frozen=True)
class Moved:
    """What one number does when it is put at either end of its range.

    movement: mean over the cases of how far the answers move, the further end (total variation: the probability that
    goes to other causes). loss: the same of the change in expected loss of the level chosen now. first, level: cases
    whose likeliest cause, or whose level, is another at either end.
    """

    number: str
    value: float
    low: float
    high: float
    movement: float
    loss: float
    first: tuple[str, ...]
    level: tuple[str, ...]


@dataclass(frozen=True)
class _Told:
    """One case as the networks see it, and what they say at the values. flags: the level its red flags ask for."""

    known: Evidence
    observation: Observation
    responsible: Floats
    losses: Floats
    flags: Level


def movements(vignettes: Sequence[Vignette], workers: Workers, shown: Shown = unshown) -> list[Moved]:
    """Put every number at both ends of its range and answer all cases again; the largest movement first.

    Other options of a choice group give way in proportion, numbers tied together move together. The level is that of the
    plain expected loss, red flags included. About a tenth of a millisecond a number and case.
    """
    found, names = numbers(workers.knowledge), [vignette.id for vignette in vignettes]
    starts = range(0, 2 * len(found), AT_A_TIME)
    if not names or not found:
        return [Moved(number.id, number.mean, number.low, number.high, 0.0, 0.0, (), ()) for number in found]
    done = workers.each(_moved, [tuple(vignettes)] * len(starts), starts)
    parts = list(shown("Numbers", done, len(starts)))
    distance, loss, first, level = np.concatenate(parts, axis=1)
    moved = []
    for n, number in enumerate(found):
        ends = slice(2 * n, 2 * n + 2)
        far, cost = (float(part[ends].mean(axis=1).max()) for part in (distance, loss))
        causes, levels = (tuple(names[i] for i in np.flatnonzero(part[ends].any(axis=0))) for part in (first, level))
        moved.append(Moved(number.id, number.mean, number.low, number.high, far, cost, causes, levels))
    return sorted(moved, key=lambda m: (-m.movement, m.number))


def _moved(knowledge: Knowledge, vignettes: Sequence[Vignette], start: int) -> Floats:
    """AT_A_TIME ends of numbers from one on: (distance, loss, first cause changes, level changes; ends, cases)."""
    found = numbers(knowledge)
    whole = at_the_values(knowledge)
    stop = min(start + AT_A_TIME, 2 * len(found))
    moved = np.zeros((4, stop - start, len(vignettes)))
    by_reporters: dict[tuple[tuple[str, str], ...], tuple[Compiled, list[tuple[int, _Told]]]] = {}
    for i, vignette in enumerate(vignettes):
        known = evidences.gather(vignette.as_case(), knowledge)
        networks = compiled(knowledge, known.observed_by)
        own = by_reporters.setdefault(tuple(sorted(networks.who.items())), (networks, []))
        own[1].append((i, _at_the_values(known, knowledge, networks)))
    for rows, values in _ends(found, start, stop):
        at = replace(whole, values=values)
        facts = build(knowledge, at)
        here = slice(rows.start - start, rows.stop - start)
        for networks, cases in by_reporters.values():
            network = heard(facts, knowledge, at, networks.who)
            for i, told in cases:
                then = posterior(network, told.observation)
                losses = triage.losses_in(network, told.known, knowledge, then)
                chosen = _chosen(told.losses)[0]
                moved[0, here, i] = np.abs(then.responsible - told.responsible).sum(axis=1) / 2
                moved[1, here, i] = np.abs(losses[:, chosen] - told.losses[0, chosen])
                moved[2, here, i] = then.responsible.argmax(axis=1) != told.responsible.argmax()
                moved[3, here, i] = np.maximum(_chosen(losses), told.flags) != max(chosen, told.flags)
    return moved


def _at_the_values(known: Evidence, knowledge: Knowledge, networks: Compiled) -> _Told:
    observation = observe(knowledge, known, networks.point)
    now = posterior(networks.point, observation)
    losses = triage.losses_in(networks.point, known, knowledge, now)
    flags = max((flag.level for flag in triage.red_flags(known, knowledge)), default=Level.NORMAL)
    return _Told(known, observation, now.responsible, losses, flags)


def _chosen(losses: Floats) -> Ints:
    """The level of least expected loss in each row, of equals the more urgent, as `triage.choose`."""
    good = losses <= losses.min(axis=1, keepdims=True) * (1 + 1e-12)
    found: Ints = losses.shape[1] - 1 - good[:, ::-1].argmax(axis=1)
    return found


def _ends(found: Sequence[draws.Number], start: int, stop: int) -> Iterator[tuple[slice, Floats]]:
    """Values of every number with one at its low end (row 2 n) or its high end (row 2 n + 1), some rows at a time."""
    means = draws.means(found)[0]
    groups: dict[str, list[int]] = {}
    for i, number in enumerate(found):
        for name in (f"share {number.group}" if number.kind == "share" else None, f"tied {number.tied}"):
            if name is not None and name != "tied None":
                groups.setdefault(name, []).append(i)
    for first in range(start, stop, TOGETHER):
        rows = range(first, min(first + TOGETHER, stop))
        values = np.repeat(means[None], len(rows), axis=0)
        for row, end in enumerate(rows):
            for i in groups.get(f"tied {found[end // 2].tied}", [end // 2]):
                _put(values[row], i, end % 2 == 1, found, groups)
        yield slice(rows.start, rows.stop), values


def _put(row: Floats, i: int, high: bool, found: Sequence[draws.Number], groups: Mapping[str, list[int]]) -> None:
    """Put one number at an end of its range; the other options of its group keep their proportions and add up to the rest."""
    number = found[i]
    end = number.high if high else number.low
    if number.kind != "positive":
        end = min(max(end, _SMALLEST), 1 - _SMALLEST)
    if number.kind == "share":
        others = [j for j in groups[f"share {number.group}"] if j != i]
        rest = row[others].sum()
        if rest <= 0:  # the only option: whatever its figure, it is certain
            return
        row[others] *= (1 - end) / rest
    row[i] = end


@dataclass(frozen=True)
class BestCase:
    """The most favourable story found for one cause. leader: the likeliest other cause there. leads: at any step of it."""

    cause: str
    present: tuple[str, ...]
    absent: tuple[str, ...]
    probability: float
    leader: str
    leader_probability: float
    leads: bool


def best_cases(workers: Workers, most: int = MOST_FINDINGS, shown: Shown = unshown) -> list[BestCase]:
    """For every cause, add the answer that makes it likeliest, again and again, up to `most` answers.

    Answers are those its page speaks of, present or absent, members of its syndromes included; of the unknown cause, which
    has nothing on its page, all. Greedy, so what is found is a lower bound of what is possible. About 0.6 s a cause.
    """
    causes = list(workers.knowledge.causes)
    return list(shown("Best cases", workers.each(best_case, causes, [most] * len(causes)), len(causes)))


def best_case(knowledge: Knowledge, cause: str, most: int = MOST_FINDINGS) -> BestCase:
    """`best_cases` for one cause."""
    causes = list(knowledge.causes)
    x, spoken_of = causes.index(cause), _spoken_of(knowledge, cause)
    story = Case(species=knowledge.species)
    share = _shares(knowledge, [evidences.gather(story, knowledge)])[0]
    leads = bool(share.argmax() == x)
    for _ in range(most):
        longer = list(_longer(knowledge, story, spoken_of))
        shares = _shares(knowledge, [known for _, _, known in longer])
        if not longer or shares[:, x].max() <= share[x]:
            break
        best = int(shares[:, x].argmax())
        (_, story, _), share = longer[best], shares[best]
        leads = leads or bool(share.argmax() == x)
    leader = int(np.where(np.arange(len(causes)) == x, -1.0, share).argmax())
    told = tuple(story.present), tuple(story.absent)
    return BestCase(cause, *told, float(share[x]), causes[leader], float(share[leader]), leads)


def never_leading(cases: Sequence[BestCase]) -> list[BestCase]:
    """The causes that lead nowhere in their most favourable story."""
    return [case for case in cases if not case.leads]


def _spoken_of(knowledge: Knowledge, cause: str) -> list[str]:
    """Findings that could speak for a cause, in the order of the vocabulary."""
    if cause == knowledge.profile.other.cause:
        return list(knowledge.findings)
    page = knowledge.causes[cause]
    options = (option for distribution in page.choices.values() for option in distribution.shares)
    states: dict[str, Mapping[str, object]] = {n: s.members for n, s in knowledge.profile.syndromes.items()}
    states |= {n: s.members for n, s in knowledge.profile.event_syndromes.items()}
    members = (member for name in page.syndromes for member in states[name])
    found = {*page.kinds, *page.event, *page.signs, *page.context, *options, *members}
    return [finding for finding in knowledge.findings if finding in found]


def _longer(knowledge: Knowledge, case: Case, findings: Iterable[str]) -> Iterator[tuple[str, Case, Evidence]]:
    """The case with one more finding, present or absent, where that is news, contradicts nothing and names no second breed."""
    before = evidences.gather(case, knowledge)
    breeds = set(knowledge.breeds.decides.get(knowledge.species, ()))
    known = before.present | before.absent | before.disputed | (breeds if before.present & breeds else set())
    for finding in findings:
        if finding not in known:
            yes = replace(case, present=(*case.present, finding))
            for longer in (yes, replace(case, absent=(*case.absent, finding))):
                evidence = evidences.gather(longer, knowledge)
                if evidence.conflicts == before.conflicts:
                    yield finding, longer, evidence


def _shares(knowledge: Knowledge, told: Sequence[Evidence]) -> Floats:
    """P(R = cause) of every case, (cases, causes), at the values; who reported what is left out."""
    network = compiled(knowledge).point
    observations = [observe(knowledge, known, network) for known in told]
    stages = np.zeros((len(told), len(network.causes)), dtype=np.int64)
    return posteriors(network, observations, stages, 1).responsible


def never_mattering(
    vignettes: Sequence[Vignette], knowledge: Knowledge, cases: Sequence[BestCase], least: float = LEAST_CHANGE
) -> dict[str, float]:
    """Findings that stand in no rule and hardly change any answer, with the most they change log-odds by.

    Tried present and absent in the best case of every cause, with its first answer alone and whole, and in every vignette;
    counted on causes that are listed before or after. A rule is a red flag or the raised urgency of a page, met by the
    finding or by what it implies. Effects on bystanders alone are not looked at. Seconds: most findings matter soon.
    """
    left = {finding: 0.0 for finding in knowledge.findings if not _in_a_rule(knowledge, finding)}
    matter = set[str]()
    for case in _stories(vignettes, knowledge, cases):
        tried = list(_longer(knowledge, case, [f for f in left if f not in matter]))
        shares = _shares(knowledge, [evidences.gather(case, knowledge), *(known for _, _, known in tried)])
        listed = (shares >= knowledge.triage.listed_above) | (shares[0] >= knowledge.triage.listed_above)
        odds = np.log(np.maximum(shares, _SMALLEST)) - np.log(np.maximum(1 - shares, _SMALLEST))
        change = np.where(listed, np.abs(odds - odds[0]), 0.0).max(axis=1)
        for (finding, _, _), by in zip(tried, change[1:].tolist(), strict=True):
            left[finding] = max(left[finding], by)
        matter = {finding for finding, by in left.items() if by >= least}
    return {finding: by for finding, by in left.items() if by < least}


def _stories(vignettes: Sequence[Vignette], knowledge: Knowledge, cases: Sequence[BestCase]) -> Iterator[Case]:
    """Best cases first, as they differ most."""
    for best in cases:
        yield Case(species=knowledge.species, present=best.present[:1])
        yield Case(species=knowledge.species, present=best.present, absent=best.absent)
    for vignette in vignettes:
        yield vignette.as_case()


def _in_a_rule(knowledge: Knowledge, finding: str) -> bool:
    """Whether the finding, or what it implies, can raise the urgency by rule."""
    alone = evidences.gather(Case(species=knowledge.species, present=[finding]), knowledge)
    pages: list[schema.CausePage] = list(knowledge.causes.values())
    met = {f for page in pages for rule in page.urgency.raise_ for f in rule.when}
    met |= {f for flag in knowledge.red_flags for f in (*flag.all, *flag.any)}
    return bool(alone.present & met) or alone.asked_before > 0

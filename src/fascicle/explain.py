"""Why: contributions that add up, what each answer is worth, what speaks against a cause and what would change it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fascicle.engine.gain import hypotheticals
from fascicle.engine.imagine import Alternative, Asked, joint
from fascicle.engine.leave_out import Drop, without
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import posterior
from fascicle.evidence import with_present
from fascicle.interview import MOST_PRESENT
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import observe
from fascicle.model import Contribution, Evidence, Explanation, Status

STEPS = ("base rate", "context", "event", "sign")


@dataclass(frozen=True)
class WhyNot:
    """Why a cause is not the answer: what speaks against it, and which single finding would put it on top.

    would_change: findings nobody was asked for, any one of which, if present, makes this the likeliest cause; the
    strongest first. leads: it is the likeliest already, so nothing would. weighed: False where so many signs are present
    that further findings were not tried.
    """

    explanation: Explanation
    against: tuple[Contribution, ...]
    in_favour: tuple[Contribution, ...]
    would_change: tuple[str, ...]
    leads: bool = False
    weighed: bool = True


def contributions(
    evidence: Evidence, knowledge: Knowledge, network: Network, causes: Sequence[str]
) -> tuple[Contribution, ...]:
    """Decompose the log-odds of each cause: base rate, then every answer in the order context, event, signs.

    The steps of one cause add up to log(p / (1 - p)) of its reported probability. Within a step answers are added
    in the order of the vocabulary, so the order in which they were given changes nothing. network: one draw.
    One posterior for each answer, and one more to leave it out.
    """
    steps = _steps(evidence, knowledge)
    running = [_responsible(replace(evidence, scored={}, options={}, levels={}), knowledge, network)]
    known: set[str] = set()
    for step in steps:
        known |= set(step.findings)
        running.append(_responsible(_only(evidence, known), knowledge, network))
    drops = [_drop(step.findings, network) for step in steps]
    left_out_each = without(network, observe(knowledge, evidence, network), drops) if drops else ()
    found = []
    for cause in causes:
        x = network.causes.index(cause)
        before = _logit(running[0][x])
        full = _logit(running[-1][x])
        found.append(Contribution(cause, STEPS[0], None, "how common it is among such questions", before))
        for step, after, left_out in zip(steps, running[1:], left_out_each, strict=True):
            now = _logit(after[x])
            key = step.findings[0] if len(step.findings) == 1 else None
            found.append(Contribution(cause, step.about, key, step.words, now - before, full - _logit(left_out[x])))
            before = now
    return tuple(found)


def why_not(explanation: Explanation, evidence: Evidence, knowledge: Knowledge, network: Network) -> WhyNot:
    """Say what speaks against a cause and which single unasked finding, if present, would put it first.

    network: one draw. For a cause that leads nothing is tried, nor with more present signs than a next question is weighed
    for (`interview.MOST_PRESENT`); else about two passes of the engine over all unasked findings.
    """
    observation = observe(knowledge, evidence, network)
    x = network.causes.index(explanation.cause)
    steps = contributions(evidence, knowledge, network, [explanation.cause])
    answers = [c for c in steps if c.step != STEPS[0]]
    now = posterior(network, observation)
    leads = int(np.argmax(now.responsible[0])) == x
    weighed = len(observation.present) <= MOST_PRESENT
    changing: dict[str, float] = {}
    if weighed and not leads:
        scale = float(now.log_evidence[0])
        changing = {
            f: float(p[x]) for f, p in _each_present(evidence, knowledge, network, scale) if int(p.argmax()) == x
        }
    return WhyNot(
        explanation,
        tuple(sorted((c for c in answers if c.log_odds < 0), key=lambda c: c.log_odds)),
        tuple(sorted((c for c in answers if c.log_odds > 0), key=lambda c: -c.log_odds)),
        tuple(sorted(changing, key=lambda finding: -changing[finding])),
        leads,
        weighed,
    )


def _each_present(
    evidence: Evidence, knowledge: Knowledge, network: Network, scale: float
) -> Iterator[tuple[str, Floats]]:
    """Every finding nobody was asked for, with P(R = cause | evidence, it present): (causes,).

    A finding that only adds a sign is a row of one table; one that takes the place of others is a question with two
    answers, of which the second says what was known of these.
    """
    before, nobody = observe(knowledge, evidence, network), np.zeros(len(network.causes), dtype=bool)
    signs: dict[str, int] = {}
    others: dict[str, tuple[Alternative, Alternative]] = {}
    known = evidence.present | evidence.absent | evidence.disputed | {"asked_before"}
    for finding in (f for f in knowledge.findings if f not in known):
        after = observe(knowledge, with_present(evidence, finding, knowledge), network)
        new, old = _differing(after, before), _differing(before, after)
        if new.weights or old != Alternative() or len(new.present) != 1 or new.absent:
            others[finding] = (new, old)
        else:
            signs[finding] = new.present[0]
    single = hypotheticals(network, before, list(signs.values()), (), nobody, scale)
    sets = np.broadcast_to(nobody, (1, 2, len(nobody)))
    told = joint(network, before, [Asked((pair,), sets) for pair in others.values()], scale)
    rows = {f: np.maximum(single.now - single.absent[sign], 0.0) for f, sign in signs.items()}
    rows |= {finding: table[0, 0] for finding, table in zip(others, told, strict=True)}
    for finding, row in rows.items():
        if row.sum() > 0:
            yield finding, row / row.sum()


def _differing(one: Observation, other: Observation) -> Alternative:
    """What one observation says and the other does not."""
    changed = {
        name: weight
        for name, weight in one.weights.items()
        if name not in other.weights or not np.array_equal(weight, other.weights[name])
    }
    present = tuple(sign for sign in one.present if sign not in other.present)
    return Alternative(present, tuple(sign for sign in one.absent if sign not in other.absent), changed)


def natural_frequency(explanation: Explanation, knowledge: Knowledge) -> str:
    """The probability as a count: “of 1,000 dogs with this story about 610 (between 480 and 720)”; certainty is never told."""
    telling, many = knowledge.triage.telling, knowledge.profile.many
    per = 1000 if explanation.probability >= telling.rare_below else 10000
    most = round(telling.over * per)
    if explanation.low > telling.over:
        return f"of {per:,} {many} with this story more than {most:,}"
    told = (explanation.probability, explanation.low, explanation.high)
    counts = [min(_round(value * per), most) for value in told]
    return f"of {per:,} {many} with this story about {counts[0]:,} (between {counts[1]:,} and {counts[2]:,})"


def _round(count: float) -> int:
    """Two significant digits, no false precision."""
    if count < 1:
        return round(count)
    digits = max(0, math.floor(math.log10(count)) - 1)
    return int(round(count / 10**digits) * 10**digits)


@dataclass(frozen=True)
class _Step:
    """Answers that are added together."""

    about: str
    findings: tuple[str, ...]
    words: str


def _steps(evidence: Evidence, knowledge: Knowledge) -> list[_Step]:
    """Every scored answer, in the order context, event, sign; what a known breed rules out is one step."""
    decided = knowledge.breeds.decides.get(knowledge.species, ())
    steps: list[_Step] = []
    for group in knowledge.groups:
        if group in evidence.options:
            names = [knowledge.findings[o].name for o in knowledge.options[group] if o in evidence.options[group]]
            words = (
                " / ".join(names) if len(names) <= 3 else f"{knowledge.groups[group].ask[knowledge.species]} narrowed"
            )
            steps.append(_Step(knowledge.groups[group].about, (group,), words))
    other_breeds = tuple(f for f in decided if evidence.scored.get(f) is Status.ABSENT)
    if other_breeds:
        steps.append(_Step("context", other_breeds, "none of the other breeds with a figure"))
    for finding, entry in knowledge.findings.items():
        if finding in evidence.levels and finding not in evidence.scored:
            steps.append(
                _Step(entry.about, (finding,), f"{entry.name}: {_span(entry.levels, evidence.levels[finding])}")
            )
        if finding in evidence.scored and finding not in other_breeds:
            words = entry.name if evidence.scored[finding] is Status.PRESENT else f"not: {entry.name}"
            if finding in evidence.levels:
                words = f"{entry.name}: {_span(entry.levels, evidence.levels[finding])}"
            steps.append(_Step(entry.about, (finding,), words))
    return sorted(steps, key=lambda step: STEPS.index(step.about))


def _only(evidence: Evidence, keep: set[str]) -> Evidence:
    """The evidence with only these answers scored."""
    return replace(
        evidence,
        options={g: o for g, o in evidence.options.items() if g in keep},
        scored={f: s for f, s in evidence.scored.items() if f in keep},
        levels={f: span for f, span in evidence.levels.items() if f in keep},
    )


def _span(levels: Sequence[str], span: tuple[int, int]) -> str:
    """The levels from the lowest to the highest that may be, in words."""
    names = ("none", *levels)
    low, high = names[span[0]], names[span[1]]
    if span[0] == span[1]:
        return low
    return f"{low} or more" if span[1] == len(levels) else f"{low} to {high}"


def _drop(findings: Sequence[str], network: Network) -> Drop:
    """The engine's name for leaving these answers out."""
    place = {sign: i for i, sign in enumerate(network.signs)}
    signs = frozenset(place[f] for f in findings if f in place)
    return Drop(frozenset(f for f in findings if f in network.attributes), signs)


def _responsible(evidence: Evidence, knowledge: Knowledge, network: Network) -> Floats:
    observation: Observation = observe(knowledge, evidence, network)
    share: Floats = posterior(network, observation).responsible[0]
    return share


def _logit(p: float) -> float:
    """Log-odds, finite for 0 and 1 as floats round them."""
    p = min(max(float(p), 1e-300), 1.0)
    return math.log(p) - (math.log1p(-p) if p < 1.0 else math.log(2.0**-53))

"""Draws behind the intervals: enough of them, and always the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fascicle import Case, assess, load
from fascicle.engine.draws import effective
from fascicle.evidence import gather
from fascicle.knowledge.compile import observe
from fascicle.networks import Sample, compiled, sample

KNOWLEDGE = load("dog")


def drawn(**told) -> Sample:
    """The weighted draws of a case."""
    networks = compiled(KNOWLEDGE)
    return sample(networks, observe(KNOWLEDGE, gather(Case("dog", **told), KNOWLEDGE), networks.point))


def test_an_ordinary_case_needs_one_block() -> None:
    """200 draws, most of them effective."""
    found = drawn(present=["back_skin_twitch_on_touch"])
    assert len(found.weights) == KNOWLEDGE.triage.draws
    assert found.weights.sum() == pytest.approx(1.0)
    assert effective(found.weights) > KNOWLEDGE.triage.effective_draws


@pytest.mark.parametrize("wanted", [100, 400, 5000])
def test_more_draws_are_added_until_enough_are_effective(wanted: int) -> None:
    """When fewer draws than asked for explain what was seen, further blocks are drawn, up to the limit."""
    rules = KNOWLEDGE.triage.model_copy(update={"effective_draws": wanted})
    knowledge = replace(KNOWLEDGE, triage=rules, version=f"asks for {wanted}")
    told = Case("dog", present=["tremor_rhythmic", "slug_bait_access", "wobbly_gait", "drooling", "vomiting"])
    networks = compiled(knowledge)
    found = sample(networks, observe(knowledge, gather(told, knowledge), networks.point))
    blocks = len(found.weights) // rules.draws
    assert len(found.weights) == blocks * rules.draws <= rules.most_draws
    assert effective(found.weights) >= wanted or len(found.weights) == rules.most_draws
    assert blocks == 1 or effective(found.weights[: (blocks - 1) * rules.draws]) < wanted


def test_an_uninformative_answer_changes_no_interval() -> None:
    """What every cause explains equally leaves figures and intervals as they are."""
    quiet = [
        f.id
        for f in KNOWLEDGE.findings.values()
        if f.about == "context"
        and f.group is None
        and not f.implies
        and f.id != "asked_before"
        and not any(f.id in page.context for page in KNOWLEDGE.causes.values())
        and not any(f.id in other.implies for other in KNOWLEDGE.findings.values())
        and not any(f.id in (*r.all, *r.any) for r in KNOWLEDGE.red_flags)
    ]
    assert quiet
    plain = assess(Case("dog", present=["twitch_limb"]))
    more = assess(Case("dog", present=["twitch_limb", quiet[0]]))
    for one, two in zip(plain.explanations, more.explanations, strict=True):
        assert one.cause == two.cause
        assert (one.low, one.high) == pytest.approx((two.low, two.high), rel=1e-12)


def test_blocks_are_independent_and_always_the_same() -> None:
    """A further block is new draws, and the same ones whenever it is asked for."""
    networks = compiled(KNOWLEDGE)
    first, second = networks.block(0), networks.block(1)
    assert networks.block(1) is second
    assert not np.array_equal(first.log_rate, second.log_rate)
    correlation = np.corrcoef(first.log_rate[:, 0], second.log_rate[:, 0])[0, 1]
    assert abs(correlation) < 0.25

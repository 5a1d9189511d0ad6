"""Networks for whoever reports, and draws behind the intervals: enough of them, and always the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import numpy as np
import pytest

from fascicle import Case, assess, load, networks
from fascicle.engine.draws import effective
from fascicle.evidence import gather
from fascicle.knowledge.compile import observe
from fascicle.networks import KEPT, Sample, compiled, sample
from fascicle.points import assess_points

KNOWLEDGE = load("dog")


def drawn(**told) -> Sample:
    """The weighted draws of a case."""
    found = compiled(KNOWLEDGE)
    return sample(found, observe(KNOWLEDGE, gather(Case("dog", **told), KNOWLEDGE), found.point))


def test_an_ordinary_case_needs_one_block() -> None:
    """200 draws, most of them effective."""
    found = drawn(present=["back_skin_twitch_on_touch"])
    assert len(found.weights) == KNOWLEDGE.triage.draws
    assert found.weights.sum() == pytest.approx(1.0)
    assert effective(found.weights) > KNOWLEDGE.triage.effective_draws


@pytest.mark.slow
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


@pytest.mark.slow
def test_an_uninformative_answer_changes_no_interval() -> None:
    """What every cause explains equally leaves figures and intervals as they are."""
    quiet = [
        f.id
        for f in KNOWLEDGE.findings.values()
        if f.about == "context"
        and f.group is None
        and not f.implies
        and f.id != "asked_before"
        and not any(f.id in other.implies for other in KNOWLEDGE.findings.values())
        and not any(f.id in (*r.all, *r.any) for r in KNOWLEDGE.red_flags)
    ]
    told = quiet[0]
    pages = {
        name: page.model_copy(update={"context": {f: p for f, p in page.context.items() if f != told}})
        for name, page in KNOWLEDGE.causes.items()
    }
    silent = replace(KNOWLEDGE, causes=pages, version=f"no page names {told}")
    plain = assess(Case("dog", present=["twitch_limb"]), silent)
    more = assess(Case("dog", present=["twitch_limb", told]), silent)
    for one, two in zip(plain.explanations, more.explanations, strict=True):
        assert one.cause == two.cause
        assert (one.low, one.high) == pytest.approx((two.low, two.high), rel=1e-12)


def test_blocks_are_independent_and_always_the_same() -> None:
    """A further block is new draws, and the same ones whenever it is asked for."""
    found = compiled(KNOWLEDGE)
    first, second = found.block(0), found.block(1)
    assert found.block(1) is second
    assert not np.array_equal(first.log_rate, second.log_rate)
    correlation = np.corrcoef(first.log_rate[:, 0], second.log_rate[:, 0])[0, 1]
    assert abs(correlation) < 0.25


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The networks as they are before the first case."""
    monkeypatch.setattr(networks, "_COMPILED", {})
    monkeypatch.setattr(networks, "_FACTS", {})
    yield


def test_the_same_reporters_give_the_same_networks(nothing_kept: None) -> None:
    """One object for one set of reporters, in whatever order they are named; another set is another."""
    usual = compiled(KNOWLEDGE)
    one = compiled(KNOWLEDGE, {"itching": "examination", "drooling": "recording"})
    assert compiled(KNOWLEDGE) is usual
    assert compiled(KNOWLEDGE, {}) is usual
    assert compiled(KNOWLEDGE, {"drooling": "recording", "itching": "examination"}) is one
    assert one is not usual
    assert compiled(KNOWLEDGE, {"itching": "recording", "drooling": "examination"}) is not one


def test_a_reporter_that_changes_nothing_needs_no_network_of_its_own(nothing_kept: None) -> None:
    """The usual reporter said outright, and findings that nobody reports singly, are the usual networks."""
    usual = compiled(KNOWLEDGE)
    assert KNOWLEDGE.findings["itching"].observed_by == "lay"
    assert compiled(KNOWLEDGE, {"itching": "lay"}) is usual
    assert compiled(KNOWLEDGE, {"tremor_rhythmic": "recording", "male": "examination"}) is usual
    assert dict(compiled(KNOWLEDGE, {"itching": "recording", "male": "examination"}).who) == {"itching": "recording"}


def test_the_facts_are_built_once_whoever_reports(nothing_kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another reporter changes the report, not the world: the same draws of the same facts stand behind both."""
    built = []
    build = networks.build
    monkeypatch.setattr(networks, "build", lambda *given: built.append(1) or build(*given))
    usual, other = compiled(KNOWLEDGE), compiled(KNOWLEDGE, {"itching": "examination"})
    assert len(built) == 1
    first, second = usual.block(0), other.block(0)
    assert len(built) == 2
    np.testing.assert_array_equal(first.log_rate, second.log_rate)
    changed = np.flatnonzero(np.any(first.leak != second.leak, axis=0))
    assert [first.signs[j] for j in changed] == ["itching"]


def test_changed_knowledge_gets_its_own_networks_under_the_same_version(nothing_kept: None) -> None:
    """Who changes a page and leaves the version as it is gets the new answer, one case at a time and many at once."""
    case = Case("dog", present=["back_skin_twitch_on_touch"])
    page = KNOWLEDGE.causes["normal_cutaneous_trunci_reflex"]
    rarer = page.model_copy(update={"rate": page.rate.model_copy(update={"value": 1e-6, "low": 1e-7, "high": 1e-5})})
    changed = replace(KNOWLEDGE, causes={**KNOWLEDGE.causes, page.id: rarer})
    before, after, again = (assess(case, k, reasons=False, further=False) for k in (KNOWLEDGE, changed, KNOWLEDGE))
    assert before.explanations[0].cause == again.explanations[0].cause == page.id
    assert page.id not in {e.cause for e in after.explanations}
    many = [assess_points([case], k)[0] for k in (KNOWLEDGE, changed)]
    assert [point.explanations[0].cause for point in many] == [e.explanations[0].cause for e in (before, after)]


def test_knowledge_that_differs_elsewhere_shares_its_networks(nothing_kept: None) -> None:
    """Limits of the interview are no part of the networks."""
    patient = replace(KNOWLEDGE, interview=KNOWLEDGE.interview.model_copy(update={"most_questions": 99}))
    assert compiled(patient) is compiled(KNOWLEDGE)


def test_networks_are_kept_for_a_bounded_number_of_reporters(nothing_kept: None) -> None:
    """A long day of cases does not fill the memory; what was dropped is built again, to the last digit."""
    first = compiled(KNOWLEDGE, {"itching": "examination"})
    for finding in sorted(KNOWLEDGE.reports.findings)[: KEPT + 5]:
        compiled(KNOWLEDGE, {finding: "recording"})
        assert len(networks._COMPILED) <= KEPT
    assert len(networks._COMPILED) == KEPT
    again = compiled(KNOWLEDGE, {"itching": "examination"})
    assert again is not first
    np.testing.assert_array_equal(again.point.leak, first.point.leak)
    np.testing.assert_array_equal(again.block(0).link, first.block(0).link)


SEEN = {"present": ["twitch_generalised", "wobbly_gait", "pale_gums"], "absent": ["loss_of_awareness"]}


@pytest.mark.slow
def test_a_case_with_reporters_never_shows_two_answers(nothing_kept: None) -> None:
    """The same answer again, also after so many others that its networks were dropped."""
    case = Case("dog", **SEEN, observed_by={"pale_gums": "clinician"})
    first = assess(case)
    assert assess(case) == first
    for finding in sorted(KNOWLEDGE.reports.findings)[: KEPT + 1]:
        compiled(KNOWLEDGE, {finding: "recording"})
    assert assess(case) == first


def test_what_a_vet_saw_differs_from_what_an_owner_saw() -> None:
    """The reporter moves figures and intervals; naming the usual one moves nothing."""
    plain = assess(Case("dog", **SEEN))
    owner = assess(Case("dog", **SEEN, observed_by={"pale_gums": "lay"}))
    vet = assess(Case("dog", **SEEN, observed_by={"pale_gums": "clinician", "loss_of_awareness": "clinician"}))
    film = assess(Case("dog", **SEEN, observed_by={"pale_gums": "recording", "loss_of_awareness": "recording"}))
    assert owner.explanations == plain.explanations
    figures = [[(e.cause, e.probability, e.low, e.high) for e in a.explanations] for a in (plain, vet, film)]
    assert figures[0] != figures[1] != figures[2] != figures[0]


def test_threads_that_ask_at_once_get_the_same_blocks_each_with_draws_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page asked for while the server still warms up must not freeze one block of draws in the place of the next."""
    made: list[int] = []
    monkeypatch.setattr(networks, "_drawn", lambda _, block: made.append(block) or block)
    monkeypatch.setattr(networks, "columns", lambda _, block: block)
    monkeypatch.setattr(networks, "_built", lambda _, block: (block, f"network {block}"))
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(200):
            made.clear()
            facts = networks.Facts(KNOWLEDGE, (None, None))
            start = Barrier(4)
            with ThreadPoolExecutor(4) as pool:
                found = list(
                    pool.map(lambda _, start=start, facts=facts: start.wait() >= 0 and facts.block(2), range(4))
                )
            assert made == [0, 1, 2]
            assert found == [(2, "network 2")] * 4
    finally:
        sys.setswitchinterval(usual)

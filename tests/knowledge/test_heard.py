"""From what is there to what is told, held to enumerations of who noticed what."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle import Case, load
from fascicle.engine.attributes import attribute_evidence
from fascicle.engine.draws import draw, means
from fascicle.engine.network import Floats, Network, Observation
from fascicle.engine.posterior import posterior, sign_likelihood
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import build, observe
from fascicle.knowledge.heard import confusion, heard, reliabilities
from fascicle.knowledge.lint_reports import measured
from fascicle.knowledge.numbers import Columns, at_the_values, columns, numbers
from fascicle.knowledge.reports import REPORTERS, ReportsFile
from fascicle.knowledge.schema import Finding, Group

from ..engine.networks import eventful, grown, random_network

CALLED = {"called_a": {"called_b": 0.3, "called_c": 0.1}, "called_b": {"called_a": 0.25}}
KNOWLEDGE = load("dog")
REPORTED = sorted(set(KNOWLEDGE.reports.findings) - {"asked_before"})
AT = at_the_values(KNOWLEDGE)
FACTS = build(KNOWLEDGE, AT)
TOLD = heard(FACTS, KNOWLEDGE, AT, {})
PRIOR = posterior(FACTS, Observation()).responsible[0]
"""P(R) before any answer, which reports do not touch."""


# A small world of its own: any network, with reliabilities of any size


def share(p: float) -> dict[str, object]:
    """A figure as it stands in a file."""
    return {"p": p, "low": min(p, 0.5), "high": max(p, 0.500001), "basis": "estimate", "why": "For this test."}


def reliability(sensitivity: float, false_report: float) -> dict[str, object]:
    """Both figures of one reporter."""
    return {"sensitivity": share(sensitivity), "false_report": share(false_report)}


def small(reported: dict[str, tuple[float, float]], *, confused: bool = True) -> Knowledge:
    """Knowledge in which these findings are told with such sensitivity and false reports, whoever tells them.

    Its groups are those of `random_network` and `eventful`: onset, of which one option holds, and called, the kinds.
    """
    usual = {reporter: reliability(0.9, 0.1) for reporter in REPORTERS}
    entries = {
        name: {"manner": "usual", **{reporter: reliability(*figures) for reporter in REPORTERS}}
        for name, figures in reported.items()
    }
    choices = {"onset": {"why": "x", "called": {"onset_b": {"onset_a": 0.2, "onset_c": 0.3}}}} if confused else {}
    finding = {"about": "sign", "name": "x", "ask": {"dog": "x"}, "help": "x", "zone": "x"}
    group = {"about": "event", "ask": {"dog": "x"}, "help": "x"}
    rules = KNOWLEDGE.profile.kind_rules.model_copy(update={"called": CALLED if confused else {}})
    return replace(
        KNOWLEDGE,
        reports=ReportsFile.model_validate(
            {
                "species": "dog",
                "manners": {"usual": {"name": "x", **usual}},
                "findings": entries,
                "choices": choices,
            }
        ),
        findings={name: Finding.model_validate({"id": name, **finding}) for name in reported},
        groups={"onset": Group.model_validate(group), "called": Group.model_validate({**group, "several": True})},
        options={"onset": ("onset_a", "onset_b", "onset_c"), "called": tuple(f"called_{x}" for x in "abc")},
        profile=KNOWLEDGE.profile.model_copy(update={"kind_rules": rules}),
    )


def told(network: Network, knowledge: Knowledge) -> Network:
    """The network of reports, with the reliabilities at their values in every draw."""
    values = np.repeat(means(numbers(knowledge)), network.draws, axis=0)
    return heard(network, knowledge, columns(knowledge, values), {})


def unnoticed(sources: list[float], sensitivity: float, false_report: float) -> float:
    """P(told absent): every set of sources that may be at work, each noticed by itself, and no false report."""
    total = 0.0
    for at_work in product((False, True), repeat=len(sources)):
        chance = float(np.prod([q if on else 1 - q for q, on in zip(sources, at_work, strict=True)]))
        total += chance * (1 - sensitivity) ** sum(at_work)
    return (1 - false_report) * total


def told_given(
    network: Network, figures: dict[str, tuple[float, float]], answers: dict[int, bool], responsible: int
) -> float:
    """P(these answers | R) by adding up who is there, which syndrome is on, which source is at work and noticed."""
    causes, total = range(len(network.causes)), 0.0
    others = [y for y in causes if y != responsible]
    for there in product((False, True), repeat=len(others)):
        present = {responsible, *(y for y, on in zip(others, there, strict=True) if on)}
        for states in product((False, True), repeat=len(network.syndromes)):
            chance = 1.0
            for y, on in zip(others, there, strict=True):
                chance *= network.prevalence[0, y] if on else 1 - network.prevalence[0, y]
            for syndrome, on in zip(network.syndromes, states, strict=True):
                off = unnoticed(sources_of(network, syndrome.node, present, responsible), 1.0, 0.0)
                chance *= 1 - off if on else off
            for sign, said in answers.items():
                sources = sources_of(network, sign, present, responsible)
                for syndrome, on in zip(network.syndromes, states, strict=True):
                    if on and sign in syndrome.members:
                        sources.append(float(syndrome.strength[0, syndrome.members.tolist().index(sign)]))
                absent = unnoticed(sources, *figures.get(network.signs[sign], (1.0, 0.0)))
                chance *= 1 - absent if said else absent
            total += chance
    return total


def sources_of(network: Network, sign: int, present: set[int], responsible: int) -> list[float]:
    """What may bring a sign in fact: its leak, lowered where R argues against it, and every cause that is there."""
    leak, found = float(network.leak[0, sign]), []
    for column in np.flatnonzero(network.link_sign == sign):
        cause = int(network.link_cause[column])
        table = network.link_responsible if cause == responsible else network.link
        q = float(table[0, column])
        if cause in present and q < 0:
            leak = 1 - (1 - leak) * (1 - q)
        elif cause in present:
            found.append(q)
    return [leak, *found]


reliable = st.tuples(st.sampled_from([0.0, 0.3, 0.75, 0.98, 1.0]), st.sampled_from([0.0, 0.001, 0.1, 0.4]))


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(reliable, min_size=4, max_size=4), st.data())
def test_signs_are_told_as_an_enumeration_of_who_noticed_what_says(
    seed: int, figures: list[tuple[float, float]], data: st.DataObject
) -> None:
    """Each source at work is noticed by itself or missed; a false report comes on top; a hidden state is not told.

    Also for causes that argue against a sign, and for signs of one syndrome, together.
    """
    rng = np.random.default_rng(seed)
    facts = grown(rng, random_network(rng, 3, 4), graded=False, syndromes=1)
    reported = {f"s{i}": pair for i, pair in enumerate(figures) if i != 3}
    network = told(facts, small(reported))
    answers = data.draw(st.dictionaries(st.integers(0, 3), st.booleans(), min_size=1))
    observation = Observation(
        present=tuple(sorted(i for i, said in answers.items() if said)),
        absent=tuple(sorted(i for i, said in answers.items() if not said)),
    )
    found = np.exp(sign_likelihood(network, observation, network.prevalence))[0]
    expected = [told_given(facts, reported, answers, x) for x in range(3)]
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), reliable)
def test_a_negative_link_never_makes_a_report_less_likely_than_a_false_one(
    seed: int, figures: tuple[float, float]
) -> None:
    """A cause that argues against a sign lowers its leak, and false reports stay; no probability leaves 0 to 1."""
    rng = np.random.default_rng(seed)
    facts = random_network(rng, 4, 3, density=0.9)
    lowest = -facts.leak[:, facts.link_sign] / (1 - facts.leak[:, facts.link_sign])
    facts = replace(facts, link_responsible=np.where(rng.random(facts.link.shape) < 0.5, lowest, facts.link))
    network = told(facts, small(dict.fromkeys(facts.signs, figures)))
    silent = (1 - network.leak[:, network.link_sign]) * (1 - network.link_responsible)
    assert np.all(silent >= 0)
    assert np.all(silent <= 1 - figures[1] + 1e-12)


def test_a_graded_sign_is_noticed_or_missed_as_a_whole_and_false_reports_are_of_the_lowest_level() -> None:
    """P(told at most l) = product over sources of 1 - s P(more than l), times 1 - f for “none at all”."""
    rng = np.random.default_rng(5)
    facts = grown(rng, random_network(rng, 3, 2, density=1.0), graded=True, syndromes=0)
    (grades,) = facts.grades
    against = -0.6 * grades.leak / (1 - grades.leak)  # the first cause argues against every level
    responsible = np.concatenate([against[:, None, :], grades.responsible[:, 1:]], axis=1)
    grades = replace(grades, responsible=responsible)
    whole = facts.link_responsible.copy()
    whole[:, facts.link_sign == 0] = responsible[:, :, 0]
    facts = replace(facts, grades=(grades,), link_responsible=whole)
    s, f = 0.7, 0.2
    network = told(facts, small({"s0": (s, f)}))
    causes = facts.link_cause[facts.link_sign == 0].tolist()

    def at_most(level: int, responsible: int) -> float:
        if level == 3:
            return 1.0
        leak = grades.leak[0, level]
        if responsible == causes[0]:
            leak = 1 - (1 - leak) * (1 - grades.responsible[0, 0, level])
        silent = (1 - s * leak) * (1 - f if level == 0 else 1.0)
        for i, cause in enumerate(causes):
            if cause == responsible == causes[0]:
                continue
            if cause == responsible:
                silent *= 1 - s * grades.responsible[0, i, level]
            else:
                silent *= 1 - facts.prevalence[0, cause] * s * grades.link[0, i, level]
        return float(silent)

    for low, high in [(0, 0), (1, 1), (1, 3), (2, 3), (0, 2)]:
        found = np.exp(sign_likelihood(network, Observation(ranges={0: (low, high)}), network.prevalence))[0]
        expected = [at_most(high, x) - (at_most(low - 1, x) if low else 0.0) for x in range(3)]
        np.testing.assert_allclose(found, expected, rtol=1e-10)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), reliable)
def test_a_yes_or_no_property_is_told_with_s_p_plus_f_times_the_rest(seed: int, figures: tuple[float, float]) -> None:
    """The table of a finding and the background of an exposure, row by row."""
    rng = np.random.default_rng(seed)
    facts = eventful(rng, random_network(rng, 4, 1, draws=3))
    network = told(facts, small({"exposed": figures, "lost": figures}))
    s, f = figures
    for name in ("exposed", "lost"):
        p = facts.attributes[name].table[..., 0]
        np.testing.assert_allclose(network.attributes[name].table[..., 0], s * p + f * (1 - p), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(network.attributes[name].table.sum(axis=-1), 1.0, rtol=1e-12)
    b, told_b = facts.attributes["exposed"].background, network.attributes["exposed"].background
    assert b is not None
    assert told_b is not None
    np.testing.assert_allclose(told_b[:, 0], s * b[:, 0] + f * (1 - b[:, 0]), rtol=1e-12)
    np.testing.assert_array_equal(
        network.attributes["exposed"].moves_prevalence, facts.attributes["exposed"].moves_prevalence
    )


def test_options_are_told_by_their_table_of_wrong_names() -> None:
    """P(told l | R) is the sum over options k of P(k | R) P(called l | k), for choice groups and for kinds."""
    rng = np.random.default_rng(8)
    facts = eventful(rng, random_network(rng, 3, 1, draws=2))
    network = told(facts, small({}))
    wrong = {
        "onset": np.array([[1, 0, 0], [0.2, 0.5, 0.3], [0, 0, 1]]),
        "called": np.array([[0.6, 0.3, 0.1], [0.25, 0.75, 0], [0, 0, 1]]),
    }
    for name, names in wrong.items():
        expected = np.zeros_like(facts.attributes[name].table)
        for draw_, cause, option, called in np.ndindex(2, 3, 3, 3):
            expected[draw_, cause, called] += facts.attributes[name].table[draw_, cause, option] * names[option, called]
        np.testing.assert_allclose(network.attributes[name].table, expected, rtol=1e-12)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), reliable)
def test_what_comes_together_is_told_together(seed: int, figures: tuple[float, float]) -> None:
    """Two reports on one event syndrome: sum over the state, what is so, and what is said of each by itself."""
    rng = np.random.default_rng(seed)
    facts = eventful(rng, random_network(rng, 3, 1))
    knowledge = small({"lost": figures})
    network = told(facts, knowledge)
    (state,) = facts.event_syndromes
    s, f = figures
    said = {"lost": [[s, 1 - s], [f, 1 - f]], "called": [[0.6, 0.3, 0.1], [0.25, 0.75, 0], [0, 0, 1]]}
    for lost, called in product(range(2), range(3)):
        weights = {"lost": np.eye(2)[lost], "called": np.eye(3)[called]}
        found = np.exp(attribute_evidence(network, weights)[0])[0]
        expected = np.zeros(3)
        for x, on, is_lost, kind in np.ndindex(3, 2, 2, 3):
            share_of, tables = (state.share, state.on) if on else (1 - state.share, state.off)
            fact = share_of[0, x] * tables["lost"][0, x, is_lost] * tables["called"][0, x, kind]
            expected[x] += fact * said["lost"][is_lost][lost] * said["called"][kind][called]
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-15)


def test_perfect_reports_change_nothing() -> None:
    """With s = 1, f = 0 and every option told by its name the network of reports is that of facts."""
    rng = np.random.default_rng(3)
    facts = eventful(rng, grown(rng, random_network(rng, 4, 5, draws=2), graded=True, syndromes=1))
    assert_same(
        told(facts, small(dict.fromkeys([*facts.signs[:5], "exposed", "lost"], (1.0, 0.0)), confused=False)), facts
    )


def assert_same(one: Network, two: Network) -> None:
    """Two networks hold the same numbers, to rounding."""
    for name in ("log_rate", "prevalence", "leak", "link", "link_responsible"):
        np.testing.assert_allclose(getattr(one, name), getattr(two, name), rtol=1e-12, atol=1e-15)
    for name, attribute in two.attributes.items():
        np.testing.assert_allclose(one.attributes[name].table, attribute.table, rtol=1e-12)
        if attribute.background is not None:
            np.testing.assert_allclose(one.attributes[name].background, attribute.background, rtol=1e-12)
    for mine, other in zip(one.grades, two.grades, strict=True):
        np.testing.assert_allclose(mine.leak, other.leak, rtol=1e-12)
        np.testing.assert_allclose(mine.link, other.link, rtol=1e-12)
    for mine, other in zip(one.syndromes, two.syndromes, strict=True):
        np.testing.assert_allclose(mine.strength, other.strength, rtol=1e-12)
    for mine, other in zip(one.event_syndromes, two.event_syndromes, strict=True):
        np.testing.assert_array_equal(mine.share, other.share)
        for name in other.on:
            np.testing.assert_allclose(mine.on[name], other.on[name], rtol=1e-12)
            np.testing.assert_allclose(mine.off[name], other.off[name], rtol=1e-12)


# The shipped knowledge


def with_reliability(sensitivity: float, false_report: float) -> Columns:
    """The values of the shipped knowledge with one reliability for every finding and reporter."""
    values = AT.values.copy()
    for i, number in enumerate(numbers(KNOWLEDGE)):
        if number.id.startswith("report/"):
            values[:, i] = sensitivity if number.id.endswith("/sensitivity") else false_report
    return Columns(values, AT.place)


def own_figures(finding: str, reporter: str) -> tuple[float, float]:
    """Sensitivity and false reports as they stand in the file: the finding's own, or those of its manner."""
    entry = KNOWLEDGE.reports.findings[finding]
    own, usual = getattr(entry, reporter), getattr(KNOWLEDGE.reports.manners[entry.manner], reporter)
    return (own.sensitivity or usual.sensitivity).p, (own.false_report or usual.false_report).p


def alone(network: Network, finding: str, *, present: bool) -> Floats:
    """P(R | this one answer), (causes,)."""
    return posterior(network, one_answer(network, finding, present=present)).responsible[0]


def one_answer(network: Network, finding: str, *, present: bool) -> Observation:
    """A case in which only one finding is known."""
    if finding in network.attributes:
        return Observation(weights={finding: np.array([1.0, 0.0] if present else [0.0, 1.0])})
    place = (network.signs.index(finding),)
    return Observation(present=place) if present else Observation(absent=place)


@pytest.mark.slow
@pytest.mark.parametrize("sign", FACTS.signs)
def test_every_sign_of_the_knowledge_is_told_by_the_formula(sign: str) -> None:
    """P(told | R) = 1 - (1 - f)(1 - s leak) product(1 - s q), bystanders and the state behind it averaged over."""
    s, f = own_figures(sign, "lay") if sign in REPORTED else (1.0, 0.0)
    j = FACTS.signs.index(sign)
    found = np.exp(sign_likelihood(TOLD, Observation(present=(j,)), TOLD.prevalence))[0]
    state = next((syndrome for syndrome in FACTS.syndromes if j in syndrome.members), None)
    strength = 0.0 if state is None else float(state.strength[0, state.members.tolist().index(j)])
    node = -1 if state is None else state.node
    for x in range(len(FACTS.causes)):
        silent = (1 - f) * (1 - s * FACTS.leak[0, j])  # whatever the state
        off = 1.0 if state is None else 1 - FACTS.leak[0, node]  # and the state off as well
        for y in range(len(FACTS.causes)):
            links = {
                int(FACTS.link_sign[c]): float((FACTS.link_responsible if y == x else FACTS.link)[0, c])
                for c in np.flatnonzero(FACTS.link_cause == y)
            }
            there = 1.0 if y == x else FACTS.prevalence[0, y]
            quiet = 1 - s * links.get(j, 0.0)
            silent *= 1 - there + there * quiet
            off *= (1 - there + there * quiet * (1 - links.get(node, 0.0))) / (1 - there + there * quiet)
        assert found[x] == pytest.approx(1 - silent * (1 - s * strength * (1 - off)), rel=1e-10)


@pytest.mark.parametrize("finding", sorted(set(REPORTED) & set(FACTS.attributes)))
def test_every_property_of_the_knowledge_is_told_by_the_formula(finding: str) -> None:
    """s p + f (1 - p) for every cause, and for the background of an exposure."""
    s, f = own_figures(finding, "lay")
    before, after = FACTS.attributes[finding], TOLD.attributes[finding]
    p = before.table[..., 0]
    np.testing.assert_allclose(after.table[..., 0], s * p + f * (1 - p), rtol=1e-12)
    if before.background is not None and after.background is not None:
        b = before.background[:, 0]
        np.testing.assert_allclose(after.background[:, 0], s * b + f * (1 - b), rtol=1e-12)


def test_wrong_names_leave_the_shares_whole() -> None:
    """Every table of names has rows that add up to 1, and the right name is the likeliest."""
    found = reliabilities(KNOWLEDGE, AT, {})
    for name in FACTS.attributes:
        table = confusion(name, KNOWLEDGE, found)[0]
        np.testing.assert_allclose(table.sum(axis=1), 1.0, rtol=1e-12)
        assert np.all(table >= 0)
        if name in KNOWLEDGE.groups:
            assert np.array_equal(table.argmax(axis=1), np.arange(len(table)))
    assert not np.array_equal(confusion("onset", KNOWLEDGE, found)[0], np.eye(4))


def test_a_told_kind_costs_no_factor_of_a_thousand() -> None:
    """A tremor that is told as twitching all over is told so by the table, not by the stray share alone."""
    kinds, x = KNOWLEDGE.options["kind"], FACTS.causes.index("tox_metaldehyde")
    called = KNOWLEDGE.profile.kind_rules.called
    truly = dict(zip(kinds, FACTS.attributes["kind"].table[0, x], strict=True))
    expected = truly["twitch_generalised"] * (1 - sum(called["twitch_generalised"].values()))
    expected += sum(truly[kind] * names.get("twitch_generalised", 0.0) for kind, names in called.items())
    assert TOLD.attributes["kind"].table[0, x, kinds.index("twitch_generalised")] == pytest.approx(expected, rel=1e-12)


def test_perfect_reports_change_nothing_of_the_shipped_knowledge() -> None:
    """s = 1, f = 0 and right names give back the network of facts."""
    rules = KNOWLEDGE.profile.kind_rules.model_copy(update={"called": {}})
    plain = replace(
        KNOWLEDGE,
        profile=KNOWLEDGE.profile.model_copy(update={"kind_rules": rules}),
        reports=KNOWLEDGE.reports.model_copy(update={"choices": {}}),
    )
    assert_same(heard(FACTS, plain, with_reliability(1.0, 0.0), {}), FACTS)


def test_what_is_measured_is_told_as_it_is() -> None:
    """Age, sex, weight and breed pass through unchanged, and no reporter is asked for them."""
    found = sorted(measured(KNOWLEDGE) & set(FACTS.attributes))
    assert {"male", "breed_beagle", "weight_under_10kg"} <= set(found)
    for name in (*found, "age"):
        np.testing.assert_array_equal(TOLD.attributes[name].table, FACTS.attributes[name].table)
        np.testing.assert_array_equal(TOLD.attributes[name].background, FACTS.attributes[name].background)
    assert measured(KNOWLEDGE) & set(KNOWLEDGE.reports.findings) == set()


def test_a_hidden_state_is_reported_by_nobody() -> None:
    """The syndrome itself keeps its leak and links; its members are what is told."""
    node = FACTS.syndromes[0].node
    np.testing.assert_allclose(TOLD.leak[:, node], FACTS.leak[:, node], rtol=1e-15)
    own = FACTS.link_sign == node
    np.testing.assert_array_equal(TOLD.link[:, own], FACTS.link[:, own])


def test_the_usual_reporter_is_the_one_the_finding_names() -> None:
    """A finding that only an examination shows is weighed as one, without a word in the case."""
    finding = KNOWLEDGE.findings["pale_gums"].model_copy(update={"observed_by": "examination"})
    changed = replace(KNOWLEDGE, findings={**KNOWLEDGE.findings, "pale_gums": finding})
    usual, examined = reliabilities(KNOWLEDGE, AT, {}), reliabilities(changed, AT, {})
    for reporter, found in (("lay", usual), ("examination", examined)):
        s, f = own_figures("pale_gums", reporter)
        assert (found.sensitivity["pale_gums"][0], found.false_report["pale_gums"][0]) == (s, f)
    assert own_figures("pale_gums", "lay") != own_figures("pale_gums", "examination")


@pytest.mark.parametrize("reporter", REPORTERS)
def test_a_case_may_name_another_reporter(reporter: str) -> None:
    """Own figures where the finding has them, those of its manner where it has not, for each of the two by itself."""
    found = reliabilities(KNOWLEDGE, AT, dict.fromkeys(KNOWLEDGE.reports.findings, reporter))
    for name in KNOWLEDGE.reports.findings:
        s, f = own_figures(name, reporter)
        assert (found.sensitivity[name][0], found.false_report[name][0]) == (s, f)
    halves = [name for name, e in KNOWLEDGE.reports.findings.items() if e.lay.false_report and not e.lay.sensitivity]
    assert halves != []


@pytest.mark.parametrize("finding", ["pale_gums", "stiff_gait", "loss_of_awareness", "slug_bait_access"])
def test_only_the_finding_that_somebody_else_saw_changes(finding: str) -> None:
    """A sign, a member of a syndrome, a property of the event and an exposure: all else stays to the last digit."""
    other = heard(FACTS, KNOWLEDGE, AT, {finding: "examination"})
    changed = {name for name in TOLD.attributes if not same(other, TOLD, name)}
    leaks = {sign for j, sign in enumerate(TOLD.signs) if other.leak[0, j] != TOLD.leak[0, j]}
    links = {TOLD.signs[TOLD.link_sign[c]] for c in np.flatnonzero(other.link[0] != TOLD.link[0])}
    members = {
        TOLD.signs[m]
        for one, two in zip(other.syndromes, TOLD.syndromes, strict=True)
        for m in one.members[one.strength[0] != two.strength[0]]
    }
    together = {
        name
        for one, two in zip(other.event_syndromes, TOLD.event_syndromes, strict=True)
        for name in one.on
        if not np.array_equal(one.on[name], two.on[name])
    }
    if finding in TOLD.attributes:
        assert (changed, leaks, links, members) == ({finding}, set(), set(), set())
        assert together == ({finding} if finding == "loss_of_awareness" else set())
    else:
        assert (changed, leaks, links, together) == (set(), {finding}, {finding}, set())
        assert members == ({finding} if finding == "stiff_gait" else set())


def same(one: Network, two: Network, name: str) -> bool:
    """Whether an attribute holds the same numbers in two networks."""
    pair = (one.attributes[name], two.attributes[name])
    return all(np.array_equal(*(getattr(a, part) for a in pair)) for part in ("table", "background"))


SURER = [
    name
    for name in REPORTED
    for (s, f), (s_vet, f_vet) in [(own_figures(name, "lay"), own_figures(name, "examination"))]
    if s_vet >= s and f_vet <= f and np.ptp(alone(FACTS, name, present=True) / PRIOR) > 1e-6
]
"""Findings that speak for some cause, told better by a vet."""


def test_many_findings_are_told_better_by_a_vet() -> None:
    """The check below looks at something."""
    assert len(SURER) > 40


@pytest.mark.parametrize("finding", SURER)
def test_a_surer_answer_weighs_at_least_as_much(finding: str) -> None:
    """Where a vet misses less and errs less, yes and no of the vet speak at least as strongly as those of the owner.

    For every cause against the one that the finding speaks for least.
    """
    both = [heard(FACTS, KNOWLEDGE, AT, {finding: who}) for who in ("lay", "examination")]
    least = int(np.argmin(alone(FACTS, finding, present=True) / PRIOR))
    surer = []
    for present, direction in ((True, 1), (False, -1)):
        owner, vet = (alone(network, finding, present=present) / PRIOR for network in both)
        surer.append(direction * (np.log(vet / vet[least]) - np.log(owner / owner[least])))
    assert np.min(surer) >= -1e-9
    assert own_figures(finding, "lay") == own_figures(finding, "examination") or np.max(surer) > 1e-6


def bound(finding: str) -> float:
    """The least factor by which one reported “no” can lower any cause, derived from the folding.

    A property: P(told absent | x) = (1 - s) p + (1 - f)(1 - p) >= 1 - s, since f < s; P(told absent) <= 1.
    A sign: P(told absent | x) = (1 - f) · (1 - s q_x) · the rest, where the rest, each factor 1 - s a being at least
    1 - a, is at least the 1 - b of the facts, and 1 - s q_x >= 1 - s; a syndrome that may be on is one more 1 - s r.
    """
    s, f = own_figures(finding, "lay")
    if finding in FACTS.attributes:
        return 1 - s
    strength = next((e.members[finding].p for e in KNOWLEDGE.profile.syndromes.values() if finding in e.members), 0.0)
    return (1 - s) * (1 - f) * (1 - KNOWLEDGE.profile.background[finding].p) * (1 - s * strength)


@pytest.mark.parametrize("finding", REPORTED)
def test_no_single_no_of_an_owner_rules_any_cause_out(finding: str) -> None:
    """Every cause keeps at least the share that the folding promises, however sure its page is of the finding."""
    left = alone(TOLD, finding, present=False)
    possible = PRIOR > 1e-6
    assert np.all(left[possible] >= PRIOR[possible] * bound(finding) * (1 - 1e-9))
    assert bound(finding) > 0.004


def test_taken_as_facts_some_answers_would_rule_out_more() -> None:
    """The bound above is one that the network of facts breaks."""
    broken = {n for n in REPORTED if np.any(alone(FACTS, n, present=False) < PRIOR * bound(n))}
    assert {"loss_of_awareness", "slug_bait_access"} <= broken


def test_one_yes_of_an_owner_proves_no_cause() -> None:
    """A false report keeps every cause possible: at least f / P(told) of what it had."""
    for finding in REPORTED:
        kept = alone(TOLD, finding, present=True) / PRIOR
        assert np.all(kept[PRIOR > 1e-6] >= own_figures(finding, "lay")[1] * (1 - 1e-9))


def test_an_absent_answer_still_costs_nothing() -> None:
    """Reports are plain yes and no to the engine: as many positives as signs told, no soft evidence, no further link."""
    signs = [sign for sign in TOLD.signs if sign in REPORTED]
    case = Case("dog", present=["itching", "drooling"], absent=[s for s in signs if s not in ("itching", "drooling")])
    evidence = gather(case, KNOWLEDGE)
    observation = observe(KNOWLEDGE, evidence, TOLD)
    assert observation.present == tuple(sorted(TOLD.signs.index(s) for s in ("itching", "drooling")))
    assert len(observation.absent) > 40
    assert dict(observation.soft) == {}
    assert TOLD.signs == FACTS.signs
    assert TOLD.link.shape == FACTS.link.shape
    assert posterior(TOLD, observation).responsible.sum() == pytest.approx(1.0)


def test_reliabilities_are_numbers_of_their_own_and_move_with_the_draws() -> None:
    """Each manner and each own figure has an id; in a draw leak, links and tables of what is reported move with it."""
    found = numbers(KNOWLEDGE)
    ids = [number.id for number in found]
    assert len(set(ids)) == len(ids)
    expected = set()
    for name, entry in (*KNOWLEDGE.reports.manners.items(), *KNOWLEDGE.reports.findings.items()):
        for reporter in REPORTERS:
            for what in ("sensitivity", "false_report"):
                if getattr(getattr(entry, reporter), what) is not None:
                    expected.add(f"report/{name}/{reporter}/{what}")
    assert {i for i in ids if i.startswith("report/")} == expected
    drawn = draw(found, 20)
    values = np.repeat(means(found), 20, axis=0)
    own = [i for i, name in enumerate(ids) if name.startswith("report/")]
    values[:, own] = drawn[:, own]
    at = columns(KNOWLEDGE, values)
    network = heard(build(KNOWLEDGE, at), KNOWLEDGE, at, {})
    for j, sign in enumerate(network.signs):
        assert (np.ptp(network.leak[:, j]) > 0) == (sign in REPORTED)
    moving = {name for name, a in network.attributes.items() if np.ptp(a.table, axis=0).max() > 0}
    assert moving == set(REPORTED) & set(network.attributes)
    np.testing.assert_array_equal(
        reliabilities(KNOWLEDGE, at, {}).sensitivity["itching"], drawn[:, ids.index(LAY_ITCH)]
    )


LAY_ITCH = "report/itching/lay/sensitivity"


@pytest.mark.slow
@pytest.mark.parametrize("reporter", REPORTERS)
def test_every_draw_is_a_network_of_reports_too(reporter: str) -> None:
    """Whoever reports, drawn numbers give probabilities: nothing below 0, above 1 or not a number."""
    at = columns(KNOWLEDGE, draw(numbers(KNOWLEDGE), 25))
    who = dict.fromkeys(REPORTED, reporter)
    network = heard(build(KNOWLEDGE, at), KNOWLEDGE, at, who)
    for found in (network.leak, network.link, network.prevalence):
        assert np.all((found >= 0) & (found < 1))
    silent = (1 - network.leak[:, network.link_sign]) * (1 - network.link_responsible)
    assert np.all((silent >= 0) & (silent <= 1))
    for attribute in network.attributes.values():
        np.testing.assert_allclose(attribute.table.sum(axis=2), 1.0, rtol=1e-9)
        assert np.all(attribute.table >= 0)

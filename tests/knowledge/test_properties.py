"""Properties of the event, alone and together: what stands on a page stays whole, and a fit is counted once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle import Case, assess, load
from fascicle.engine.attributes import attribute_evidence
from fascicle.engine.draws import draw
from fascicle.engine.network import Attribute, EventSyndrome, Network
from fascicle.engine.posterior import posterior
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import build, observe
from fascicle.knowledge.numbers import Columns, at_the_values, columns, numbers
from fascicle.knowledge.properties import attributes, event_syndromes, kind_group
from fascicle.networks import compiled

KNOWLEDGE = load("dog")
NUMBERS = numbers(KNOWLEDGE)
AT = at_the_values(KNOWLEDGE)
FACTS = build(KNOWLEDGE, AT)
FIT = KNOWLEDGE.profile.event_syndromes["fit"]
(STATE,) = FACTS.event_syndromes
EPILEPSY = FACTS.causes.index("epilepsy_generalised")
PARTS = ["seizure_generalised", "loss_of_awareness", "post_episode_confusion", "jaw_champing"]
WITHOUT = replace(
    KNOWLEDGE,
    version="without event syndromes",
    profile=KNOWLEDGE.profile.model_copy(update={"event_syndromes": {}}),
)


def with_values(**told: float) -> Columns:
    """The values of the shipped knowledge but for some numbers, by id."""
    values = AT.values.copy()
    for identity, value in told.items():
        values[:, AT.place[identity]] = value
    return Columns(values, AT.place)


def split(p: float, share: float, given: float) -> tuple[float, float]:
    """P(jaw champing | state on), P(… | off) for epilepsy, solved for these figures."""
    at = with_values(
        **{"epilepsy_generalised/syndromes/fit": share, "event syndrome/fit/jaw_champing": given},
    )
    whole = attributes(KNOWLEDGE, at)
    table = np.tile([p, 1 - p], (1, len(KNOWLEDGE.causes), 1))
    (state,) = event_syndromes(KNOWLEDGE, at, {**whole, "jaw_champing": Attribute(table)})
    on, off = state.on["jaw_champing"][0, EPILEPSY], state.off["jaw_champing"][0, EPILEPSY]
    assert on.sum() == pytest.approx(1.0, rel=1e-12)
    assert off.sum() == pytest.approx(1.0, rel=1e-12)
    return float(on[0]), float(off[0])


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ((0.5, 0.4, 0.9), (0.9, (0.5 - 0.36) / 0.6)),  # there is room: the strength stands
        ((0.3, 0.4, 0.9), (0.3 / 0.4, 0.0)),  # the state alone would bring more than the page says: the strength gives
        ((0.9, 0.4, 0.3), ((0.9 - 0.6) / 0.4, 1.0)),  # the state alone would spare more than the page says
        ((0.5, 1.0, 0.9), (0.5, 0.0)),  # always on: the page's figure is the strength
        ((0.0, 0.4, 0.9), (0.0, 0.0)),  # what never happens does not happen in the state either
    ],
)
def test_a_property_is_split_as_worked_out_by_hand(
    figures: tuple[float, float, float], expected: tuple[float, float]
) -> None:
    """Off, there is what is left of the whole; where nothing is left the page stands and the strength gives way."""
    on, off = split(*figures)
    assert on == pytest.approx(expected[0], abs=1e-12)
    if figures[1] < 1:
        assert off == pytest.approx(expected[1], abs=1e-12)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1), st.just(0.0) | st.floats(1e-38, 1), st.floats(0, 1))
def test_on_and_off_together_are_the_whole(p: float, share: float, given: float) -> None:
    """Whatever the figures: probabilities, and share on + (1 - share) off is the page's figure."""
    on, off = split(p, share, given)
    assert 0 <= on <= 1
    assert 0 <= off <= 1
    assert share * on + (1 - share) * off == pytest.approx(p, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("block", [0, 1])
def test_on_and_off_together_are_the_whole_table_in_every_draw(block: int) -> None:
    """200 joint draws of the shipped knowledge, every member and the kinds: to 1e-12."""
    network = build(KNOWLEDGE, columns(KNOWLEDGE, draw(NUMBERS, 200, block)))
    (state,) = network.event_syndromes
    assert set(state.on) == set(state.off) == {*FIT.members, "kind"}
    share = state.share[..., None]
    for name, on in state.on.items():
        off = state.off[name]
        np.testing.assert_allclose(share * on + (1 - share) * off, network.attributes[name].table, rtol=0, atol=1e-12)
        for table in (on, off):
            assert np.all(table >= 0)
            np.testing.assert_allclose(table.sum(axis=-1), 1.0, rtol=1e-12)


def test_on_and_off_together_are_the_whole_of_what_is_told_too() -> None:
    """The network of reports keeps the identity."""
    network = compiled(KNOWLEDGE).block(0)
    (state,) = network.event_syndromes
    share = state.share[..., None]
    for name, on in state.on.items():
        whole = network.attributes[name].table
        np.testing.assert_allclose(share * on + (1 - share) * state.off[name], whole, rtol=0, atol=1e-12)


@pytest.mark.parametrize("member", FIT.members)
def test_page_figures_stay_whole(member: str) -> None:
    """P(member | cause) in the network of facts is the page's p, or the share among events where a page is silent."""
    found = np.exp(attribute_evidence(FACTS, {member: np.array([1.0, 0.0])})[0])[0]
    for x, page in enumerate(KNOWLEDGE.causes.values()):
        figure = page.event.get(member, KNOWLEDGE.profile.of_events[member])
        assert found[x] == pytest.approx(figure.p, rel=1e-12)


def test_kinds_stay_whole() -> None:
    """P(kind | cause) is the same with the event syndrome as without it."""
    kinds = KNOWLEDGE.options[kind_group(KNOWLEDGE)]
    plain = build(WITHOUT, at_the_values(WITHOUT))
    for option in range(len(kinds)):
        weights = {"kind": np.eye(len(kinds))[option]}
        one, two = (attribute_evidence(network, weights)[0] for network in (FACTS, plain))
        np.testing.assert_allclose(np.exp(one), np.exp(two), rtol=1e-10)


def test_only_pages_that_list_the_state_and_the_unknown_cause_have_it() -> None:
    """In every draw the others never have it; the unknown cause has it at the share of the profile."""
    drawn = build(KNOWLEDGE, columns(KNOWLEDGE, draw(NUMBERS, 50))).event_syndromes[0].share
    for x, page in enumerate(KNOWLEDGE.causes.values()):
        if page.id == KNOWLEDGE.profile.other.cause:
            assert STATE.share[0, x] == FIT.share.p
        elif "fit" in page.syndromes:
            assert STATE.share[0, x] == page.syndromes["fit"].p
            assert np.ptp(drawn[:, x]) > 0
        else:
            assert STATE.share[0, x] == 0
            assert np.all(drawn[:, x] == 0)
    listing = {page.id for page in KNOWLEDGE.causes.values() if "fit" in page.syndromes}
    assert {"epilepsy_generalised", "tox_metaldehyde", "eclampsia"} <= listing
    assert "osteoarthritis" not in listing


def test_an_ordinary_cause_has_independent_properties() -> None:
    """A cause that never has the state: the joint is the product of its page's figures."""
    x = FACTS.causes.index("osteoarthritis")
    weights = {name: np.array([1.0, 0.0]) for name in PARTS[1:]}
    found = np.exp(attribute_evidence(FACTS, weights)[0])[0, x]
    page = KNOWLEDGE.causes["osteoarthritis"]
    figures = [page.event.get(name, KNOWLEDGE.profile.of_events[name]).p for name in PARTS[1:]]
    assert found == pytest.approx(np.prod(figures), rel=1e-12)


@pytest.mark.parametrize("cause", ["epilepsy_generalised", "tox_metaldehyde", "other"])
@pytest.mark.parametrize("present", [True, False])
def test_the_joint_of_all_members_is_that_of_a_hand_calculation(cause: str, present: bool) -> None:
    """Kind and all members known: state on and state off, each a plain product, worked out from pages and profile."""
    page, x = KNOWLEDGE.causes[cause], FACTS.causes.index(cause)
    share = (page.syndromes.get("fit") or FIT.share).p
    kinds = KNOWLEDGE.options["kind"]
    weights = {name: np.array([1.0, 0.0] if present else [0.0, 1.0]) for name in FIT.members}
    weights["kind"] = np.eye(len(kinds))[kinds.index("seizure_generalised")]
    on, off = share, 1 - share
    for name, strength in FIT.members.items():
        p = page.event.get(name, KNOWLEDGE.profile.of_events[name]).p
        left = [max(p - share * strength.p, 0.0), max(1 - p - share * (1 - strength.p), 0.0)]
        without = left[0] / sum(left)
        within = (p - (1 - share) * without) / share
        on *= within if present else 1 - within
        off *= without if present else 1 - without
    whole = FACTS.attributes["kind"].table[0, x]
    left = [max(w - share * FIT.kinds.shares[kind].p, 0.0) for w, kind in zip(whole, kinds, strict=True)]
    place = kinds.index("seizure_generalised")
    without = left[place] / sum(left)
    on *= (whole[place] - (1 - share) * without) / share
    off *= without
    found = np.exp(attribute_evidence(FACTS, weights)[0])[0, x]
    assert found == pytest.approx(on + off, rel=1e-9)


def chance(knowledge: Knowledge, cause: str, **told: list[str]) -> float:
    """P(R = cause | what an owner told)."""
    point = compiled(knowledge).point
    observation = observe(knowledge, gather(Case("dog", **told), knowledge), point)  # type: ignore[arg-type]
    return float(posterior(point, observation).responsible[0, point.causes.index(cause)])


def test_the_parts_of_a_fit_do_not_make_epilepsy_certain() -> None:
    """Told two parts or four, epilepsy stays well short of certain: most parts are no news once it is known to be a fit.

    Counted singly, as without the event syndrome, four parts leave a quarter as much for all other causes. What still grows
    is the part that pages keep for themselves, such as partial fits that leave the dog awake.
    """
    rate = np.exp(FACTS.log_rate[0])
    fits = rate * STATE.share[0]
    assert 0.5 < float(fits[EPILEPSY] / fits.sum()) < 0.75
    told, singly = (
        [chance(knowledge, "epilepsy_generalised", present=PARTS[:n]) for n in (2, 3, 4)]
        for knowledge in (KNOWLEDGE, WITHOUT)
    )
    assert told[2] < 0.85 < 0.95 < singly[2]
    assert told[2] - told[0] < 0.7 * (singly[2] - singly[0])
    assert 1 - told[2] > 4 * (1 - singly[2])


@pytest.mark.parametrize("part", PARTS)
def test_one_part_alone_says_what_it_said(part: str) -> None:
    """With a single answer the event syndrome changes nothing, for any cause."""
    for cause in KNOWLEDGE.causes:
        one, two = (chance(knowledge, cause, present=[part]) for knowledge in (KNOWLEDGE, WITHOUT))
        assert one == pytest.approx(two, rel=1e-9)


def test_a_fit_with_slug_bait_is_slug_bait() -> None:
    """What is not part of the fit still decides between the causes of fits."""
    told = [*PARTS, "slug_bait_access"]
    assert chance(KNOWLEDGE, "tox_metaldehyde", present=told) > 0.8
    result = assess(Case("dog", present=PARTS))
    assert result.explanations[0].cause == "epilepsy_generalised"
    assert result.explanations[0].high < 0.95


def test_two_parts_that_are_missing_speak_against_a_fit_less_than_twice() -> None:
    """“Knew us” and “was itself at once” hang together too: a fit keeps more than if each were news of its own."""
    told = {"present": ["seizure_generalised"], "absent": ["loss_of_awareness", "post_episode_confusion"]}
    assert chance(KNOWLEDGE, "epilepsy_generalised", **told) > chance(WITHOUT, "epilepsy_generalised", **told)


def test_a_network_without_event_syndromes_has_none() -> None:
    """Knowledge that declares no state compiles to a network without one, otherwise the same."""
    plain = build(WITHOUT, at_the_values(WITHOUT))
    assert plain.event_syndromes == ()
    assert isinstance(STATE, EventSyndrome)
    for name, attribute in FACTS.attributes.items():
        np.testing.assert_array_equal(plain.attributes[name].table, attribute.table)
    assert isinstance(plain, Network)

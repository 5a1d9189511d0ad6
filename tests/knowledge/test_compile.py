"""What stands on a page is what the network of facts says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fascicle import Case, load
from fascicle.engine.attributes import chance
from fascicle.engine.draws import draw
from fascicle.engine.network import Network, Observation
from fascicle.engine.posterior import sign_likelihood
from fascicle.evidence import gather
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import build, observe
from fascicle.knowledge.numbers import at_the_values, columns, numbers
from fascicle.knowledge.properties import kind_group


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The shipped dog knowledge."""
    return load("dog")


@pytest.fixture(scope="module")
def network(knowledge: Knowledge) -> Network:
    """Its network of facts at the values."""
    return build(knowledge, at_the_values(knowledge))


def marginal(network: Network, sign: str) -> np.ndarray:
    """P(sign present | R = cause), the other causes by chance, for every cause."""
    observation = Observation(present=(network.signs.index(sign),))
    return np.exp(sign_likelihood(network, observation, network.prevalence)[0])


def signs(network: Network) -> list[str]:
    """The signs a person can be asked for, without the hidden syndromes."""
    return [sign for sign in network.signs if not sign.startswith("syndrome ")]


def test_a_page_frequency_is_the_whole_probability_given_the_cause(knowledge: Knowledge, network: Network) -> None:
    """For every link above its background, cause and leak and ordinary bystanders give exactly the p on the page."""
    for x, page in enumerate(knowledge.causes.values()):
        for sign, link in page.signs.items():
            if link.p > knowledge.profile.background[sign].p:
                assert marginal(network, sign)[x] == pytest.approx(link.p, rel=1e-12)


def test_a_cause_that_is_silent_gives_the_background(knowledge: Knowledge, network: Network) -> None:
    """Normal physiology adds nothing: leak and bystanders together give exactly the background frequency."""
    x = network.causes.index("normal_cutaneous_trunci_reflex")
    for sign in signs(network):
        assert marginal(network, sign)[x] == pytest.approx(knowledge.profile.background[sign].p, rel=1e-12)


def test_a_figure_below_the_background_is_read_as_the_background(knowledge: Knowledge, network: Network) -> None:
    """Slug bait poisoning does not make an itch fifteen times less likely."""
    link, background = knowledge.causes["tox_metaldehyde"].signs["itching"], knowledge.profile.background["itching"]
    assert link.p < background.p
    assert marginal(network, "itching")[network.causes.index("tox_metaldehyde")] == pytest.approx(
        background.p, rel=1e-6
    )


def test_other_has_the_flat_sign_probability_where_that_is_above_the_background(
    knowledge: Knowledge, network: Network
) -> None:
    """The unknown cause brings any sign at the flat figure, or at the background where that is higher."""
    x = network.causes.index("other")
    flat = knowledge.profile.other.sign.p
    for sign in signs(network):
        expected = max(flat, knowledge.profile.background[sign].p)
        assert marginal(network, sign)[x] == pytest.approx(expected, rel=1e-12)


def test_two_kinds_ticked_are_a_movement_of_both(knowledge: Knowledge, network: Network) -> None:
    """Either came to mind first; the other is so too, or was ticked loosely, as often as among all asked-about events."""
    group, loose = kind_group(knowledge), knowledge.profile.kind_rules.loose.p
    one, two = knowledge.options[group][:2]
    table = network.attributes[group].table[0]
    share_one, share_two = (knowledge.profile.kinds.shares[kind].p for kind in (one, two))
    first = table[:, 0] * ((1 - loose) * table[:, 1] + loose * share_two)
    second = table[:, 1] * ((1 - loose) * table[:, 0] + loose * share_one)
    told = gather(Case(knowledge.species, present=[two, one]), knowledge)
    weight = observe(knowledge, told, network).weights[group]
    np.testing.assert_allclose(chance(table, weight), first + second, rtol=1e-12)
    alone = observe(knowledge, gather(Case(knowledge.species, present=[one]), knowledge), network).weights[group]
    np.testing.assert_allclose(chance(table, alone), table[:, 0], rtol=1e-12)


def test_a_kind_no_page_lists_has_only_its_stray_probability(knowledge: Knowledge, network: Network) -> None:
    """A sleep-only twitch is explained by slug bait only as a slip: 3 in 100 of its share among all complaints."""
    group = kind_group(knowledge)
    option = knowledge.options[group].index("twitch_asleep_only")
    share = network.attributes[group].table[0, network.causes.index("tox_metaldehyde"), option]
    slips, common = knowledge.profile.kind_rules.stray.p, knowledge.profile.kinds.shares["twitch_asleep_only"].p
    assert share == pytest.approx(slips * common, rel=1e-3)
    np.testing.assert_allclose(network.attributes[group].table.sum(axis=2), 1.0, rtol=1e-12)


def test_a_kind_is_named_alone_by_the_odds_of_its_share(knowledge: Knowledge) -> None:
    """Each shown by itself, by enumeration of the patterns in which just one is there; none surer than the profile allows."""
    own = {name: kind.p for name, kind in knowledge.causes["idiopathic_head_tremor"].kinds.items()}
    surest = knowledge.profile.kind_rules.surest
    shown = {name: min(p, surest) for name, p in own.items()}
    assert max(own.values()) > surest
    alone = {
        name: p * np.prod([1 - q for other, q in shown.items() if other != name]) for name, p in shown.items()
    }  # P(this one and no other is shown)
    found = {
        n.id.rpartition("/")[2]: n.mean for n in numbers(knowledge) if n.id.startswith("idiopathic_head_tremor/kinds/")
    }
    assert found == pytest.approx({name: p / sum(alone.values()) for name, p in alone.items()}, rel=1e-12)


def test_a_breed_shares_the_ratio_of_the_wider_group_and_a_poison_raises_the_general_one(
    knowledge: Knowledge, network: Network
) -> None:
    """A long-backed breed without a figure has what the others leave; slug bait makes any poison at least as likely."""
    page = knowledge.causes["ivdd_thoracolumbar"]
    few = {f: figure for f, figure in page.context.items() if f != "breed_basset"}
    silent = page.model_copy(update={"context": few})
    without = replace(knowledge, causes={**knowledge.causes, page.id: silent}, version="silent on bassets")
    network = build(without, at_the_values(without))
    ivdd = network.causes.index("ivdd_thoracolumbar")

    def ratio(finding: str, cause: int) -> float:
        attribute = network.attributes[finding]
        assert attribute.background is not None
        return float(attribute.table[0, cause, 0] / attribute.background[0, 0])

    def share(finding: str) -> tuple[float, float]:
        attribute = network.attributes[finding]
        assert attribute.background is not None
        return float(attribute.table[0, ivdd, 0]), float(attribute.background[0, 0])

    breeds = [f.id for f in knowledge.findings.values() if "long_backed_breed" in f.implies]
    wide, listed = share("long_backed_breed"), [share(breed) for breed in breeds if breed in few]
    left = (wide[0] - max(p for p, _ in listed)) / (wide[1] - sum(b for _, b in listed))
    assert ratio("breed_basset", ivdd) == pytest.approx(left, rel=1e-12)
    bait = network.causes.index("tox_metaldehyde")
    anything, slug = network.attributes["toxin_access_known"], network.attributes["slug_bait_access"]
    assert anything.table[0, bait, 0] >= slug.table[0, bait, 0]
    assert ratio("slug_bait_access", bait) == pytest.approx(
        knowledge.causes["tox_metaldehyde"].context["slug_bait_access"].p
        / knowledge.profile.background["slug_bait_access"].p
    )


def test_what_a_page_leaves_to_other_poisons_is_not_for_one_with_a_page_of_its_own() -> None:
    """A dog's flea drops on a cat made slug bait or mould, both denied, likelier than permethrin."""
    cat, drops = load("cat"), "permethrin_dog_spot_on_used_on_cat"
    network = build(cat, at_the_values(cat))
    found = network.attributes[drops]
    assert found.background is not None
    shares = dict(zip(network.causes, found.table[0, :, 0] / found.background[0, 0], strict=True))
    poisons = {f.id for f in cat.findings.values() if "toxin_access_known" in f.implies}
    listing = {name for name, page in cat.causes.items() if poisons & set(page.context) and drops not in page.context}
    assert {"tox_metaldehyde_mycotoxin_other", "tox_stimulant_serotonergic"} <= listing
    assert {name: shares[name] for name in listing} == pytest.approx(dict.fromkeys(listing, 1.0))
    given = cat.causes["tox_pyrethroid"].context[drops].p
    assert shares["tox_pyrethroid"] == pytest.approx(given / found.background[0, 0])


def test_every_draw_is_a_network_too(knowledge: Knowledge) -> None:
    """Drawn numbers compile to probabilities: nothing below 0, above 1 or not a number."""
    found = numbers(knowledge)
    assert len({n.id for n in found}) == len(found)
    drawn = build(knowledge, columns(knowledge, draw(found, 25)))
    for values in (drawn.leak, drawn.link, drawn.prevalence):
        assert np.all((values >= 0) & (values < 1))
    assert np.all(drawn.link_responsible < 1)
    assert np.all(np.isfinite(drawn.log_rate))
    for attribute in drawn.attributes.values():
        np.testing.assert_allclose(attribute.table.sum(axis=2), 1.0, rtol=1e-9)


def test_members_of_a_syndrome_travel_together_and_keep_their_figures(knowledge: Knowledge, network: Network) -> None:
    """Two signs of pain are likelier together than apart given a painful cause, each as frequent as its page says."""
    x = network.causes.index("ivdd_thoracolumbar")
    pair = ("yelps_when_touched_or_lifted", "reluctant_to_jump_or_climb")
    both = Observation(present=tuple(network.signs.index(s) for s in pair))
    together = float(np.exp(sign_likelihood(network, both, network.prevalence)[0, x]))
    single = [knowledge.causes["ivdd_thoracolumbar"].signs[s].p for s in pair]
    assert single[0] * single[1] < together < min(single)


def test_a_syndrome_has_its_share_given_a_cause_and_its_background_otherwise(
    knowledge: Knowledge, network: Network
) -> None:
    """The hidden state itself is solved like a sign."""
    node = network.syndromes[0].node
    observation = Observation(present=(node,))
    share = np.exp(sign_likelihood(network, observation, network.prevalence)[0])
    entry = knowledge.profile.syndromes["pain"]
    for x, page in enumerate(knowledge.causes.values()):
        expected = page.syndromes["pain"].p if "pain" in page.syndromes else entry.background.p
        assert share[x] == pytest.approx(expected, rel=1e-12)

"""Simpler ways to answer: base rates, naive Bayes, one level for all, popular articles, and what others published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fascicle import Case, KnowledgeError, Level, evidence, load
from fascicle.evaluation.baselines import (
    DATA,
    always_today,
    articles,
    base_rates,
    naive_bayes,
    published,
    run,
    signs_as_told,
)
from fascicle.evaluation.metrics import counts as totals
from fascicle.evaluation.vignettes import Vignette, load_vignettes
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.loader import species_covered

DOG = load("dog")
VIGNETTES = load_vignettes(Path(__file__).parents[2] / "vignettes" / "dog")


def told(*present: str, absent: tuple[str, ...] = ()) -> Vignette:
    """A case in which only these findings were told."""
    findings = {"present": dict.fromkeys(present, "told"), "absent": dict.fromkeys(absent, "told")}
    plain = {"age_years": None, "sex": None, "breed": None, "weight_kg": None, "choices": {}}
    return VIGNETTES[0].model_copy(update={"case": VIGNETTES[0].case.model_copy(update={**plain, **findings})})


def two_causes() -> Knowledge:
    """Fleas and the unknown cause alone, answers taken for facts."""
    pages = {name: DOG.causes[name] for name in ("flea_infestation", "other")}
    reports = DOG.reports.model_copy(update={"findings": {}, "choices": {}})
    return replace(DOG, causes=pages, reports=reports, version="two causes")


def test_naive_bayes_is_the_product_of_the_figures() -> None:
    """Two causes, three signs and an exposure by hand: rate x ratio x p of what is told; the unknown cause has its floor."""
    toy = two_causes()
    flea, other, ordinary = toy.causes["flea_infestation"], toy.causes["other"], toy.profile.background
    lapsed = flea.context["flea_prevention_lapsed"]
    b = ordinary["flea_prevention_lapsed"].p
    share = lapsed.p if lapsed.p is not None else b * lapsed.mean / (1 - b + b * lapsed.mean)
    names = ("itching", "drooling", "fleas_or_flea_dirt_seen")
    itching, drooling, seen = (max(toy.profile.other.sign.p, ordinary[sign].p) for sign in names)
    assert drooling > ordinary["drooling"].p and "drooling" not in flea.signs
    by_other = other.rate.value * itching * drooling * (1 - seen)
    by_flea = flea.rate.value * share / b * flea.signs["itching"].p * ordinary["drooling"].p
    by_flea *= 1 - flea.signs["fleas_or_flea_dirt_seen"].p
    case = told("itching", "drooling", "flea_prevention_lapsed", absent=("fleas_or_flea_dirt_seen",))
    (answer,) = naive_bayes([case], toy)
    assert answer.probabilities["flea_infestation"] == pytest.approx(by_flea / (by_flea + by_other), rel=1e-12)
    assert answer.ranking == ("other", "flea_infestation")
    assert sum(answer.probabilities.values()) == pytest.approx(1)


def test_naive_bayes_reads_figures_as_the_program_does() -> None:
    """A sign's p where a page raises it, the background where it is silent or below, all as told and not as true."""
    page, ordinary = DOG.causes["atopic_dermatitis"], DOG.profile.background["itching"].p
    rarely = page.signs["itching"].model_copy(update={"p": ordinary / 2})
    less = page.model_copy(update={"signs": {**page.signs, "itching": rarely}})
    knowledge = replace(DOG, causes={**DOG.causes, page.id: less}, version="rarely itchy")
    manner = DOG.reports.manners[DOG.reports.findings["itching"].manner].lay
    own = DOG.reports.findings["itching"].lay
    s, f = (own.sensitivity or manner.sensitivity).p, (own.false_report or manner.false_report).p
    by_cause = dict(zip(knowledge.causes, signs_as_told(knowledge, {})["itching"], strict=True))
    raised = DOG.causes["flea_infestation"].signs["itching"].p
    for cause, p in [("flea_infestation", raised), ("normal_sleep_twitching", ordinary), (page.id, ordinary)]:
        assert by_cause[cause] == pytest.approx(s * p + f * (1 - p))


def test_naive_bayes_chooses_the_level_of_least_loss_over_its_causes() -> None:
    """The loss table over the level of the responsible cause, its own modifiers included, and nothing else."""
    case = told("myoclonic_jerks", "collapse")
    (answer,) = naive_bayes([case], DOG)
    present = evidence.gather(case.as_case(), DOG).present
    levels = {
        page.id: max([page.level, *(Level.of(r.to) for r in page.urgency.raise_ if set(r.when) <= present)])
        for page in DOG.causes.values()
    }
    loss = DOG.triage.loss
    expected = {
        level: sum(p * loss[level.id][levels[cause].id] for cause, p in answer.probabilities.items()) for level in Level
    }
    assert answer.level == min(expected, key=lambda level: expected[level]) == Level.EMERGENCY_NOW


def test_base_rates_look_at_no_case() -> None:
    """The same causes by rate and the same level for all."""
    found = base_rates(VIGNETTES, DOG)
    assert len({(s.ranking, s.level) for s in found}) == 1
    rates = {name: page.rate.value for name, page in DOG.causes.items()}
    assert list(found[0].ranking) == sorted(rates, key=lambda name: -rates[name])
    assert found[0].probabilities["other"] == pytest.approx(rates["other"] / sum(rates.values()))


def test_always_today_misses_no_urgent_case_and_keeps_no_harmless_one() -> None:
    """Both errors count: this is why one alone means nothing."""
    counts = totals(always_today(VIGNETTES, DOG))
    assert counts["urgent cases at today or above"].share == 1
    assert counts["harmless kept at routine or below"].share == 0
    assert counts["top-3"].hits == 0


@pytest.mark.parametrize(
    ("article", "present", "level"),
    [
        ("dog_back_touch", ("back_skin_twitch_on_touch",), Level.ROUTINE),
        ("dog_back_touch", ("back_skin_twitch_on_touch", "avoids_touch"), Level.TODAY),
        ("dog_back_touch", ("twitch_asleep_only",), Level.NORMAL),
        ("dog_back_touch", ("tremor_rhythmic", "slug_bait_access"), Level.ROUTINE),
        ("dog_muscle_spasms", ("tremor_rhythmic", "slug_bait_access"), Level.EMERGENCY_NOW),
        ("dog_muscle_spasms", ("trembling_with_pain",), Level.ROUTINE),
        ("dog_muscle_spasms", ("seizure_generalised",), Level.WATCH),
    ],
)
def test_an_article_says_how_soon_by_its_first_advice_that_fits(
    article: str, present: tuple[str, ...], level: Level
) -> None:
    """An exposure implied by a special one counts; what an article does not mention falls to its general advice."""
    chosen = next(a for a in articles() if a.id == article)
    assert chosen.level(evidence.gather(Case(species="dog", present=present), DOG)) == level
    (answer,) = chosen.answer([told(*present)], DOG)
    assert (answer.level, answer.ranking[0], answer.probabilities) == (level, "normal_sleep_twitching", {})


def test_an_article_reads_a_contradiction_in_its_worse_meaning() -> None:
    """As the red flags do: pain said to be there and not to be there counts."""
    case = Case(species="dog", present=["back_skin_twitch_on_touch", "avoids_touch"], absent=["avoids_touch"])
    chosen = next(a for a in articles() if a.id == "dog_back_touch")
    assert chosen.level(evidence.gather(case, DOG)) == Level.TODAY


def test_the_four_articles_name_ids_that_exist_where_there_are_pages() -> None:
    """Two on dogs, one on cats, one on people; no cause twice, and what they never name is said."""
    assert sorted(a.species for a in articles()) == ["cat", "dog", "dog", "person"]
    for article in articles():
        assert len(set(article.ranking)) == len(article.ranking)
        if article.species in species_covered():
            knowledge = load(article.species)
            assert set(article.ranking) <= set(knowledge.causes)
            assert {f for advice in article.advice for f in advice.any} | set(article.about) <= set(knowledge.findings)
    missing = {a.id: a.not_covered(DOG) for a in articles()}
    assert {"eclampsia", "tox_metaldehyde", "tox_mycotoxin"} <= set(missing["dog_back_touch"])


def test_an_article_on_another_species_has_no_data_yet() -> None:
    """Every baseline stands in the run; a cat article answers no dog case."""
    found = run(VIGNETTES, DOG)
    by_article = {a.id: found[f"article: {a.title}"] for a in articles()}
    assert by_article["cat_back_petting"] == by_article["person_back_twitching"] == []
    dogs = [v for v in VIGNETTES if v.species == "dog"]
    assert all(len(scored) == len(dogs) for name, scored in found.items() if not name.startswith("article"))
    on_topic = next(a for a in articles() if a.id == "dog_back_touch").on_topic(dogs)
    assert {v.id for v in on_topic} < {v.id for v in dogs}


def test_published_figures_stand_under_a_measure_of_ours_and_name_their_cases() -> None:
    """Each belongs to a line of the table, says what was counted on which cases, and lies in its range."""
    assert {figure.measure for figure in published()} <= set(totals([]))
    for figure in published():
        assert figure.cases and figure.means and figure.source
        assert (figure.low or 0) <= figure.value <= (figure.high or 1)


def test_a_damaged_file_of_articles_is_refused_with_file_and_line(tmp_path: Path) -> None:
    """As for knowledge."""
    text = (DATA / "articles.yaml").read_text(encoding="utf-8").replace("to: normal", "to: never", 1)
    (tmp_path / "articles.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"articles.yaml:\d+: articles.0.advice.0.to"):
        articles(tmp_path)

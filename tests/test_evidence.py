"""From what was told to what is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fascicle import Case, CaseError, Level, Status, UnknownFinding, assess, load
from fascicle.case_checks import REPORTERS
from fascicle.evidence import gather, readings, warning
from fascicle.knowledge import reports
from fascicle.model import Evidence


def known(**told: object) -> Evidence:
    """The evidence of a dog case."""
    return gather(Case(species="dog", **told), load("dog"))  # type: ignore[arg-type]


def test_age_sex_breed_and_weight_become_context_findings() -> None:
    """Measurements are the context findings they mean; a known breed settles all breed questions."""
    evidence = known(age_years=9, sex="male_neutered", breed="beagle", weight_kg=42)
    assert evidence.options["age"] == frozenset({"age_7_to_11_years"})
    assert evidence.scored["male"] is Status.PRESENT
    assert evidence.scored["male_unneutered"] is Status.ABSENT
    assert evidence.scored["breed_beagle"] is Status.PRESENT
    assert evidence.scored["breed_pug"] is Status.ABSENT
    assert "long_backed_breed" in evidence.present
    assert evidence.scored["weight_40kg_or_more"] is Status.PRESENT
    assert evidence.scored["weight_under_10kg"] is Status.ABSENT


def test_only_the_most_specific_of_nested_findings_is_scored() -> None:
    """Slug bait implies a possible poison for the rules, but counts once in the probabilities."""
    evidence = known(present=["slug_bait_access"])
    assert {"slug_bait_access", "toxin_access_known"} <= evidence.present
    assert "toxin_access_known" not in evidence.scored
    nothing = known(absent=["toxin_access_known"])
    assert "slug_bait_access" in nothing.absent
    assert dict(nothing.scored) == {"toxin_access_known": Status.ABSENT}


def test_present_and_absent_is_a_conflict_that_is_left_out() -> None:
    """A finding told both ways is disputed, listed with its question, and not scored."""
    evidence = known(present=["itching", "vomiting"], absent=["itching"])
    (conflict,) = evidence.conflicts
    assert conflict.findings == ("itching",)
    assert conflict.question == load("dog").findings["itching"].ask["dog"]
    assert evidence.disputed == frozenset({"itching"})
    assert dict(evidence.scored) == {"vomiting": Status.PRESENT}


def test_asleep_only_and_awake_exclude_each_other() -> None:
    """Exclusions in the vocabulary are conflicts in either order."""
    for present in (["twitch_asleep_only", "twitch_at_rest_awake"], ["twitch_at_rest_awake", "twitch_asleep_only"]):
        evidence = known(present=present)
        assert evidence.disputed == frozenset(present)
        assert "kind" not in evidence.options


def test_a_finding_and_the_absence_of_what_it_implies_conflict() -> None:
    """A paralysed dog that is said not to be weak needs a question."""
    assert known(present=["paralysis"], absent=["weakness_limbs"]).disputed == {"paralysis", "weakness_limbs"}


@pytest.mark.parametrize("species", ["dog", "cat", "person"])
def test_denying_what_a_finding_implies_however_far_up_is_a_conflict(species: str) -> None:
    """No ticked finding vanishes under a denial of what it always means, and its red flags go on counting it."""
    knowledge = load(species)
    for finding in knowledge.findings:
        if knowledge.findings[finding].group is not None:
            continue
        for wider in knowledge.ties.general.get(finding, ()):
            evidence = gather(Case(species=species, present=[finding], absent=[wider]), knowledge)
            assert evidence.disputed == {finding, wider}
            assert evidence.present.isdisjoint(evidence.absent)
            assert finding in warning(evidence, knowledge)


def test_weakness_that_climbs_stays_an_emergency_when_weakness_is_denied() -> None:
    """Guillain-Barré is not argued away by “no” to the plainer question; the two are put together to be settled."""
    told = Case(species="person", age_years=40, present=["ascending_weakness_days"], absent=["weakness_limbs"])
    answer = assess(told)

    assert answer.urgency.level is Level.EMERGENCY_NOW
    assert [conflict.findings for conflict in answer.evidence.conflicts] == [
        ("ascending_weakness_days", "weakness_limbs")
    ]


def test_what_is_excluded_by_what_a_finding_implies_conflicts() -> None:
    """An entire male dog is no more pregnant than any male."""
    assert known(present=["male_unneutered", "pregnancy"]).disputed == {"male_unneutered", "pregnancy"}


def test_two_options_of_one_choice_conflict_and_kinds_do_not() -> None:
    """One onset holds; several kinds may be ticked."""
    assert known(present=["hyperacute_onset_24h", "since_puppyhood"]).conflicts
    assert not known(present=["tremor_rhythmic", "seizure_generalised"]).conflicts
    assert known(age_years=1, present=["age_11_or_over"]).conflicts


def test_a_choice_may_be_told_as_present_or_under_choices() -> None:
    """Both ways of writing an option give the same evidence."""
    assert known(choices={"onset": "hyperacute_onset_24h"}) == known(present=["hyperacute_onset_24h"])
    assert known(absent=["since_puppyhood"]).options["onset"] == frozenset(load("dog").options["onset"]) - {
        "since_puppyhood"
    }


def test_each_conflict_is_read_in_each_of_its_ways() -> None:
    """Two readings of one contradiction, each without conflict."""
    found = readings(Case(species="dog", present=["itching"], absent=["itching"]), load("dog"))
    assert [dict(e.scored) for e in found] == [{"itching": Status.ABSENT}, {"itching": Status.PRESENT}]
    assert not any(e.conflicts for e in found)


@pytest.mark.parametrize(
    ("told", "finding"),
    [
        ({"weight_kg": 50, "present": ["weight_under_10kg"]}, "weight_under_10kg"),
        ({"sex": "female", "present": ["male"]}, "male"),
        ({"breed": "dachshund", "absent": ["long_backed_breed"]}, "long_backed_breed"),
    ],
)
def test_a_measurement_in_a_contradiction_is_dropped_where_the_other_side_is_kept(
    told: dict[str, object], finding: str
) -> None:
    """Weight, sex and breed are read both ways too: no reading is still disputed, and one says each of the two."""
    assert finding in known(**told).disputed
    found = readings(Case(species="dog", **told), load("dog"))  # type: ignore[arg-type]
    assert not any(e.conflicts for e in found)
    assert {finding in e.present for e in found} == {True, False}
    assert {finding in e.absent for e in found} == {True, False}


def test_order_of_answers_and_repeats_change_nothing() -> None:
    """Evidence does not depend on the order or repetition of answers."""
    assert known(present=["itching", "vomiting", "itching"]) == known(present=["vomiting", "itching"])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"age_years": -3}, "age_years: -3 is not possible; give 0 to 30 years"),
        ({"weight_kg": 4000}, "weight_kg: 4000 is not possible; give 0.1 to 120 kilograms"),
        ({"age_years": float("nan")}, "age_years: nan is not possible"),
        ({"sex": "both"}, "One of: male, male_neutered, female, female_neutered"),
        ({"choices": {"colour": "red"}}, "there is no group 'colour'"),
        ({"choices": {"onset": "itching"}}, "'itching' is no option of onset"),
        ({"levels": {"itching": "severe"}}, "'itching' is not graded"),
        ({"observed_by": {"itching": "neighbour"}}, "'neighbour' is none of lay, clinician, recording"),
        ({"asked_before": -1}, "asked_before: -1 is not possible"),
    ],
)
def test_what_cannot_be_is_refused_with_the_way_out(told: dict[str, object], words: str) -> None:
    """Impossible values name the field and what is possible."""
    with pytest.raises(CaseError, match=words.replace("(", r"\(")):
        known(**told)


def test_an_unknown_finding_names_its_nearest_neighbours() -> None:
    """The message names the id, the nearest ids and how to list them."""
    with pytest.raises(UnknownFinding, match=r"'itchyness'.*'itching'.*fascicle findings --species dog"):
        known(present=["itchyness"])


def test_what_is_kept_but_not_weighed_is_said() -> None:
    """Free text, an unlisted breed and the region are kept with a note; who observed is used, so needs none."""
    evidence = known(text="he shakes", breed="Xoloitzcuintli", region="GB", observed_by={"itching": "clinician"})
    assert len(evidence.notes) == 3
    assert "not read" in evidence.notes[0]


def test_who_observed_is_what_the_knowledge_calls_it() -> None:
    """A clinician is an examination; a finding nobody is named for is left to the knowledge."""
    told = {"itching": "lay", "pale_gums": "clinician", "drooling": "recording"}
    evidence = known(present=["itching", "stiff_gait"], absent=["pale_gums"], observed_by=told)
    assert dict(evidence.observed_by) == {"itching": "lay", "pale_gums": "examination", "drooling": "recording"}
    assert dict(known(present=["itching"]).observed_by) == {}


def test_every_reporter_of_a_case_is_one_of_the_knowledge() -> None:
    """Each word a case may use has reliabilities, and each reliability a word."""
    assert sorted(REPORTERS.values()) == sorted(reports.REPORTERS)


def test_an_old_id_under_observed_by_is_read_as_todays() -> None:
    """A renamed finding keeps its reporter."""
    knowledge = load("dog")
    renamed = knowledge.renamed.model_copy(update={"findings": {"scratching": "itching"}})
    case = Case(species="dog", present=["scratching"], observed_by={"scratching": "clinician"})
    evidence = gather(case, replace(knowledge, renamed=renamed))
    assert dict(evidence.observed_by) == {"itching": "examination"}
    assert evidence.scored["itching"] is Status.PRESENT


def test_a_reporter_of_an_unknown_finding_is_refused() -> None:
    """A misspelt id under observed_by is an error like any other, never ignored."""
    with pytest.raises(UnknownFinding, match=r"'itchyness'.*'itching'"):
        known(present=["itching"], observed_by={"itchyness": "clinician"})

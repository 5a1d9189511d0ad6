"""Arrow in, Arrow out: the answers of `assess` at the values, row for row, whatever the rows beside them."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa
import pytest

import fascicle
from fascicle import Case, Level, case_columns, triage
from fascicle import batch as batches
from fascicle.batch import assess_batch, assess_batches, result_schema
from fascicle.cli import main
from fascicle.engine.network import Observation
from fascicle.errors import CaseError, SpeciesNotCovered, TooManyFindings
from fascicle.points import Point, assess_points

TEXT_MAP = pa.map_(pa.string(), pa.string())
CASES = pa.schema(
    {
        "id": pa.string(),
        "species": pa.string(),
        "age_years": pa.float64(),
        "sex": pa.string(),
        "breed": pa.string(),
        "present": pa.list_(pa.string()),
        "absent": pa.list_(pa.string()),
        "choices": TEXT_MAP,
        "observed_by": TEXT_MAP,
        "asked_before": pa.int64(),
    }
)


def random_rows(count: int, seed: int) -> list[dict[str, Any]]:
    """Cases without a thought to sense: contradictions, implied findings, examined ones, some with many signs."""
    knowledge, draw = fascicle.load("dog"), random.Random(seed)
    grouped = {option for options in knowledge.options.values() for option in options}
    findings = [finding for finding in knowledge.findings if finding not in grouped]
    rows = []
    for i in range(count):
        told = draw.sample(findings, draw.randint(0, 24))
        present = draw.randint(0, min(9, len(told)))
        kinds = draw.sample(knowledge.options["kind"], draw.randint(0, 2))
        rows.append(
            {
                "id": f"case {i}",
                "species": "dog",
                "age_years": draw.choice([None, 0.3, 5.0, 12.0]),
                "sex": draw.choice([None, "male", "female_neutered"]),
                "breed": draw.choice([None, "Beagle", "Pug", "Unheard-of"]),
                "present": [*told[:present], *kinds],
                "absent": told[present:],
                "choices": {"onset": draw.choice(knowledge.options["onset"])} if draw.random() < 0.5 else None,
                "observed_by": {f: draw.choice(["lay", "clinician", "recording"]) for f in told if draw.random() < 0.2},
                "asked_before": draw.choice([None, 0, 2]),
            }
        )
    return rows


def batch(rows: list[dict[str, Any]], schema: pa.Schema = CASES) -> pa.RecordBatch:
    """Rows as a batch; what a row does not mention is null."""
    return pa.RecordBatch.from_pylist(rows, schema)


def case_of(row: Mapping[str, Any]) -> Case:
    """The case a row describes."""
    return Case(**{key: value for key, value in row.items() if key != "id" and value is not None})


def answer(**told: Any) -> dict[str, Any]:
    """The answer to a single case of a dog."""
    (found,) = assess_batch(batch([{"id": "a", "species": "dog", **told}])).to_pylist()
    assert isinstance(found, dict)
    return found


@pytest.mark.slow
def test_random_cases_have_the_answers_of_assess_at_the_values() -> None:
    """Probabilities to 1e-9, causes in order, red flags and notes are those of assess, and no range is claimed."""
    rows = random_rows(40, seed=1)
    for row, found in zip(rows, assess_batch(batch(rows)).to_pylist(), strict=True):
        expected = fascicle.assess(case_of(row))
        assert found["id"] == row["id"]
        assert found["knowledge_version"] == expected.knowledge_version
        assert [c["cause"] for c in found["causes"]] == [e.cause for e in expected.explanations[:5]]
        actual = [c["probability"] for c in found["causes"]]
        np.testing.assert_allclose(actual, [e.probability for e in expected.explanations[:5]], rtol=1e-9)
        assert {(c["low"], c["high"]) for c in found["causes"]} == {(None, None)}
        assert found["red_flags"] == [flag.id for flag in expected.urgency.red_flags]
        assert found["recognised"] == expected.recognised
        assert found["notes"] == list(expected.notes)
        assert (found["basis"], found["error"]) == ("values", None)


def test_the_urgency_is_the_one_of_least_loss_at_the_values() -> None:
    """The level of each case and of each reading of a contradiction is what triage chooses on the point network alone."""
    from fascicle import evidence as evidences
    from fascicle.engine.posterior import posterior
    from fascicle.knowledge.compile import observe
    from fascicle.networks import compiled

    knowledge = fascicle.load("dog")

    def level(known: fascicle.model.Evidence, case: Case) -> Level:
        network = compiled(knowledge, evidences.gather(case, knowledge).observed_by).point
        told = observe(knowledge, known, network)
        losses = triage.losses_in(network, known, knowledge, posterior(network, told))
        return triage.choose(losses, np.ones(1), knowledge.triage.quantile)[0]

    rows = random_rows(40, seed=2)
    for row, found in zip(rows, assess_batch(batch(rows)).to_pylist(), strict=True):
        case = case_of(row)
        known = evidences.gather(case, knowledge)
        readings = [
            triage.decide(reading, knowledge, triage.red_flags(reading, knowledge), level(reading, case)).level
            for reading in evidences.readings(case, knowledge)
        ]
        flags = triage.red_flags(known, knowledge)
        expected = triage.decide(known, knowledge, flags, level(known, case), readings=readings)
        assert found["urgency"] == expected.level.id


@pytest.mark.slow
def test_draws_give_exactly_what_assess_gives() -> None:
    """With draws the urgency, probabilities and ranges are those of assess."""
    rows = random_rows(6, seed=3)
    for row, found in zip(rows, assess_batch(batch(rows), draws=True, top=2).to_pylist(), strict=True):
        expected = fascicle.assess(case_of(row))
        assert found["urgency"] == expected.urgency.level.id
        assert found["basis"] == "draws"
        assert [(c["cause"], c["probability"], c["low"], c["high"]) for c in found["causes"]] == [
            (e.cause, e.probability, e.low, e.high) for e in expected.explanations[:2]
        ]
        assert found["notes"] == list(expected.notes)


@pytest.mark.slow
def test_close_cases_are_worked_through_and_only_these() -> None:
    """The margin says how near the next level is; below the bound given the row is that of the draws, else the fast one."""
    rows = random_rows(30, seed=7)
    fast = assess_batch(batch(rows)).to_pylist()
    bound = sorted(row["margin"] for row in fast if row["margin"] is not None)[3]
    whole = assess_batch(batch(rows), draws=True).to_pylist()
    mixed = assess_batch(batch(rows), close=bound).to_pylist()
    near = [row["margin"] is not None and row["margin"] < bound for row in fast]
    assert sum(near) == 3
    assert mixed == [b if close else a for a, b, close in zip(fast, whole, near, strict=True)]


def test_the_margin_compares_the_next_more_urgent_level() -> None:
    """Its expected loss over the least; none where nothing is more urgent."""
    knowledge = fascicle.load("dog")
    (point,) = assess_points([Case("dog", present=["itching"])], knowledge)
    assert isinstance(point, Point)
    losses = list(point.urgency.losses.values())
    assert point.margin == min(losses[point.urgency.level + 1 :]) / min(losses)
    assert answer(present=["itching"])["margin"] == point.margin > 1
    assert answer(present=["breathing_trouble"])["margin"] is None


def test_rows_do_not_depend_on_their_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shuffled, in slices of one to seven, or beside faulty rows every row has the same answer to the last bit."""
    monkeypatch.setattr(batches, "AT_ONCE", 17)
    rows = random_rows(40, seed=4)
    rows[7]["present"] = ["no_such_finding"]
    rows[9]["species"] = "rabbit"
    whole = {row["id"]: row for row in assess_batch(batch(rows)).to_pylist()}
    draw = random.Random(5)
    draw.shuffle(rows)
    cut = []
    while rows:
        size = draw.randint(1, 7)
        cut.append(batch(rows[:size]))
        rows = rows[size:]
    found = {row["id"]: row for part in assess_batches(iter(cut)) for row in part.to_pylist()}
    assert found == whole


def test_rows_with_faults_say_why_and_the_others_are_answered() -> None:
    """Each faulty row has the message of assess and nulls elsewhere; ids come back as they went in, twice and null too."""
    rows = [
        {"id": "a", "species": "dog", "present": ["itching"]},
        {"id": "a", "species": "dog", "present": ["itchyness"]},
        {"id": None, "species": "dog", "age_years": -3.0},
        {"id": "d", "present": ["itching"]},
        {"id": "e", "species": "rabbit", "present": ["itching"]},
        {"id": "f", "species": "dog", "choices": {"onset": "yesterday"}},
        {"id": "g", "species": "dog"},
    ]
    found = assess_batch(batch(rows)).to_pylist()
    assert [row["id"] for row in found] == ["a", "a", None, "d", "e", "f", "g"]
    faults = {i: row["error"] for i, row in enumerate(found) if row["error"] is not None}
    assert sorted(faults) == [1, 2, 3, 4, 5]
    for i in (1, 2, 5):
        with pytest.raises(CaseError) as raised:
            fascicle.assess(case_of(rows[i]))
        assert faults[i] == str(raised.value)
    assert faults[3].startswith("species is missing.")
    with pytest.raises(SpeciesNotCovered) as uncovered:
        fascicle.assess(case_of(rows[4]))
    assert faults[4] == str(uncovered.value)
    for i in faults:
        assert {key for key, value in found[i].items() if value is not None} <= {"id", "error"}
    assert found[6]["notes"][0].startswith("With so few answers")


def test_species_for_rows_that_name_none() -> None:
    """The species given stands in where the column is missing or empty, and nowhere else."""
    rows = [{"id": "a"}, {"id": "b", "species": "rabbit"}]
    first, second = assess_batch(batch(rows), species="dog").to_pylist()
    assert (first["error"], first["urgency"] is None) == (None, False)
    assert "rabbit" in second["error"]
    (alone,) = assess_batch(pa.RecordBatch.from_pydict({"id": [1]}), species="dog").to_pylist()
    assert alone == {**first, "id": 1}


def test_ids_keep_their_type_and_other_columns_are_ignored() -> None:
    """A numeric id comes back numeric; the schema is the one that was promised."""
    told = pa.RecordBatch.from_pydict({"weather": ["wet"], "id": pa.array([7], pa.int32()), "species": ["dog"]})
    found = assess_batch(told)
    assert found.schema == result_schema(pa.int32())
    assert found.column("id").to_pylist() == [7]
    assert found.validate(full=True) is None


def test_an_empty_batch_has_the_schema_of_answers() -> None:
    """No rows in, no rows out, all columns there."""
    found = assess_batch(batch([]))
    assert (found.num_rows, found.schema) == (0, result_schema())


def test_no_id_is_refused() -> None:
    """Without ids no answer could be told from another."""
    with pytest.raises(CaseError, match="there is no column id"):
        assess_batch(pa.RecordBatch.from_pydict({"species": ["dog"]}))


def test_top_bounds_the_causes_listed() -> None:
    """As many causes as asked for, and never one below what is listed."""
    rows = random_rows(5, seed=6)
    for one, many in zip(
        assess_batch(batch(rows), top=1).to_pylist(), assess_batch(batch(rows), top=99).to_pylist(), strict=True
    ):
        assert one["causes"] == many["causes"][:1]
        assert min(c["probability"] for c in many["causes"]) >= fascicle.load("dog").triage.listed_above


def test_red_flags_contradictions_and_earlier_questions_count() -> None:
    """A red flag sets the level, a contradiction counts at its worse reading, asking again raises it."""
    assert (
        answer(present=["breathing_trouble"])["urgency"],
        answer(present=["breathing_trouble"])["red_flags"] != [],
    ) == (
        "emergency_now",
        True,
    )
    told = {"present": ["back_skin_twitch_on_touch"]}
    worse = answer(present=["back_skin_twitch_on_touch", "breathing_trouble"], absent=["breathing_trouble"])
    assert worse["urgency"] == "emergency_now"
    once, again = answer(**told), answer(**told, asked_before=2)
    assert Level.of(again["urgency"]) == Level.of(once["urgency"]) + 1


def test_examined_findings_count_as_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who saw a finding changes the probabilities as it does in assess."""
    told = {"present": ["weakness_limbs", "wobbly_gait"]}
    examined = {**told, "observed_by": {"weakness_limbs": "clinician", "wobbly_gait": "clinician"}}
    lay, vet = answer(**told), answer(**examined)
    assert lay["causes"] != vet["causes"]
    expected = fascicle.assess(Case("dog", **examined)).explanations
    assert math.isclose(vet["causes"][0]["probability"], expected[0].probability, rel_tol=1e-9)


def test_what_has_no_exact_numbers_goes_through_assess(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case the engine refuses is answered by assess and says so; its neighbours keep the fast path."""
    from fascicle import points

    real = points.posteriors

    def refuse(network: object, told: list[Observation], *rest: Any) -> Any:
        if any(len(observation.present) == 2 for observation in told):
            raise TooManyFindings("too many")
        return real(network, told, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(points, "posteriors", refuse)
    rows = [
        {"id": "a", "species": "dog", "present": ["itching"]},
        {"id": "b", "species": "dog", "present": ["itching", "lethargy"]},
    ]
    first, second = assess_batch(batch(rows)).to_pylist()
    assert (first["basis"], second["basis"]) == ("values", "draws")
    assert second["urgency"] == fascicle.assess(case_of(rows[1])).urgency.level.id
    assert batches.assess is fascicle.assess


def test_when_the_numbers_fail_altogether_the_red_flags_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither path has numbers: the row has its red flags, no causes, and says why; it is not an error row."""
    from fascicle import pipeline, points

    def fail(*_: object, **__: object) -> None:
        raise FloatingPointError("the machine is broken")

    monkeypatch.setattr(points, "posteriors", fail)
    monkeypatch.setattr(pipeline, "infer", fail)
    found = answer(present=["breathing_trouble"])
    assert (found["urgency"], found["basis"], found["causes"], found["recognised"]) == (
        "emergency_now",
        "caution",
        [],
        False,
    )
    assert found["notes"][-1] == (
        "The probabilities could not be computed: a fault in the program (FloatingPointError)"
    )
    assert found["error"] is None


def test_points_explain_the_level_like_assess() -> None:
    """Reasons and losses are there for those who call the function itself."""
    knowledge = fascicle.load("dog")
    (point,) = assess_points([Case("dog", present=["collapse", "itching"])], knowledge)
    assert isinstance(point, Point)
    assert point.urgency.reasons != ()
    assert set(point.urgency.losses) == {level.id for level in Level}
    assert all(math.isnan(e.low) and math.isnan(e.high) for e in point.explanations)


PAGE = (Path(__file__).parent.parent / "docs" / "batch.md").read_text(encoding="utf-8")


def test_the_page_describes_every_column_and_option() -> None:
    """docs/batch.md has a row for each column of an answer, each column of a case and each option of the command."""
    options = [opt for p in main.commands["batch"].params if isinstance(p, click.Option) for opt in p.opts]
    named = set(re.findall(r"`([\w-]+)`", "".join(re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE))))
    assert {*result_schema().names, *case_columns._READ, *options} - named == set()


def test_the_example_of_the_page_runs() -> None:
    """The Python of docs/batch.md answers one case and refuses the other."""
    (example,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, "docs/batch.md", "exec"), names)
    assert [row["error"] is None for row in names["answers"].to_pylist()] == [True, False]


def test_the_schema_for_spark_on_the_page_is_the_schema() -> None:
    """What the page writes out for PySpark names the columns of an answer in their order."""
    written = PAGE.partition('schema = """')[2].partition('"""')[0]
    found = re.findall(r"(\w+) [a-z]", re.sub(r"<[^ ]*>", "", written))
    assert found == result_schema().names

"""The interface for programs says what the command line says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from fascicle.cli import main

CASES = [
    {"species": "dog"},
    {"species": "dog", "age_years": 9, "breed": "lab", "present": ["flinch_pain_on_back_touch", "overgrooming_or_self_biting"],
     "absent": ["fleas_or_flea_dirt_seen"]},
    {"species": "dog", "present": ["slug_bait_access", "tremor_rhythmic"], "observed_by": {"tremor_rhythmic": "recording"}},
    {"species": "dog", "present": ["itching"], "absent": ["itching"]},
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_assess_says_what_the_command_line_prints(client: TestClient, tmp_path: Path, case: dict[str, object]) -> None:
    """The same object, key for key."""
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    printed = json.loads(CliRunner().invoke(main, ["assess", str(file), "--json"]).output)
    assert client.post("/api/v1/assess", json=case).json() == printed


def test_the_next_question_is_not_one_that_was_put(client: TestClient) -> None:
    """skip works as in Python."""
    first = client.post("/api/v1/next-question", json={"species": "dog"}).json()
    second = client.post("/api/v1/next-question", json={"species": "dog", "skip": [first["id"]]}).json()
    assert first["id"] != second["id"]


def test_the_toxin_says_what_the_command_line_prints(client: TestClient) -> None:
    """The same dose."""
    printed = json.loads(
        CliRunner()
        .invoke(main, ["toxin", "chocolate", "--weight", "9kg", "--amount", "50g", "--form", "milk", "--json"])
        .output
    )
    told = {"name": "chocolate", "weight": "9kg", "amount": "50g", "form": "milk"}
    assert client.post("/api/v1/toxin", json=told).json() == printed


def test_lists_have_what_the_command_line_lists(client: TestClient) -> None:
    """Causes and findings by id."""
    for name in ("causes", "findings"):
        printed = json.loads(CliRunner().invoke(main, [name, "--json"]).output)
        assert [row["id"] for row in client.get(f"/api/v1/{name}").json()] == [row["id"] for row in printed]


@pytest.mark.parametrize(
    "path", ["/api/v1/causes?species=unicorn", "/api/v1/causes/nonsense", "/api/v1/nonsense", "/api/v1/assess"]
)
def test_every_refusal_has_one_shape(client: TestClient, path: str) -> None:
    """ok, status, error, errors."""
    answer = client.get(path)
    assert 400 <= answer.status_code < 500
    assert set(answer.json()) == {"ok", "status", "error", "errors"}
    assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("assess", "", 'The body is empty. Send JSON, such as {"species": "dog", "present": ["itching"]}'),
        (
            "assess",
            "species=dog",
            "The body:1: this is not valid JSON (Expecting value). Fix: check commas, quotes and brackets. "
            'Send JSON, such as {"species": "dog", "present": ["itching"]}',
        ),
        (
            "toxin",
            '{"name": "chocolate", "name": "xylitol"}',
            "The body: the key 'name' stands twice. Keep one of the two. "
            'Send JSON, such as {"name": "chocolate", "weight": "9kg"}',
        ),
        ("toxin", '{"name": 3}', "Name: Input should be a valid string."),
    ],
)
def test_a_body_that_is_not_ours_is_told_what_to_send(client: TestClient, path: str, body: str, said: str) -> None:
    """Whatever kind it says it is, the fault is named in plain words with an example."""
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = client.post(f"/api/v1/{path}", content=body, headers={"content-type": kind})
        assert (answer.status_code, answer.json()["error"]) == (422, said)


def test_the_description_is_published_and_names_every_path(client: TestClient) -> None:
    """OpenAPI, with the error shape, and no page in it."""
    described = client.get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == {
        f"/api/v1/{name}"
        for name in ("assess", "next-question", "causes", "causes/{cause}", "findings", "toxin", "version")
    }
    assert "Refusal" in described["components"]["schemas"]

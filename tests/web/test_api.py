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


def test_the_description_is_published_and_names_every_path(client: TestClient) -> None:
    """OpenAPI, with the error shape, and no page in it."""
    described = client.get("/api/v1/openapi.json").json()
    assert set(described["paths"]) == {
        f"/api/v1/{name}"
        for name in ("assess", "next-question", "causes", "causes/{cause}", "findings", "toxin", "version")
    }
    assert "Refusal" in described["components"]["schemas"]

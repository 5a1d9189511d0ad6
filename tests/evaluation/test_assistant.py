"""What a chat assistant said: kept whole, about known cases and causes, and scored as the program is."""

from __future__ import annotations

from pathlib import Path

import pytest

from fascicle import Level, load
from fascicle.errors import KnowledgeError
from fascicle.evaluation.assistant import assistant
from fascicle.evaluation.vignettes import load_vignettes

CASES = {v.id: v for v in load_vignettes(Path(__file__).parents[2] / "vignettes") if v.scope == "in"}


def test_it_answered_every_case_in_scope_with_known_causes() -> None:
    """So that it stands beside the program on the very same cases."""
    said = assistant().answers
    assert set(said) == set(CASES)
    assert [name for name, each in said.items() if not set(each.causes) <= set(load(CASES[name].species).causes)] == []
    assert [name for name, each in said.items() if sum(each.causes.values()) > 1 + 1e-9] == []


def test_its_causes_are_ranked_by_its_own_probabilities(tmp_path: Path) -> None:
    """Likeliest first, whatever their order in the file; cases it was not given are left out."""
    case, other = list(CASES.values())[:2]
    (tmp_path / "assistant.yaml").write_text(
        "name: an assistant\nanswered_on: 2026-11-28\ngiven: the facts\nanswers:\n"
        f"  {case.id}: {{causes: {{itch: 0.2, other: 0.5}}, urgency: today}}\n",
        encoding="utf-8",
    )
    (scored,) = assistant(tmp_path).answer([case, other])
    assert (scored.vignette, scored.ranking, scored.level) == (case, ("other", "itch"), Level.TODAY)
    assert scored.recognised is False


def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path) -> None:
    """A probability above 1 names file and line."""
    (tmp_path / "assistant.yaml").write_text(
        "name: x\nanswered_on: 2026-11-28\ngiven: x\nanswers:\n  a: {causes: {b: 2.0}, urgency: today}\n",
        encoding="utf-8",
    )
    with pytest.raises(KnowledgeError, match=r"assistant\.yaml:5"):
        assistant(tmp_path)

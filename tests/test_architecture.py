"""The rules of the layout, each a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import fascicle

SRC = Path(fascicle.__file__).parent
ORDER = ["errors", "frozen", "case_keys", "model", "engine", "knowledge",
         "case_checks", "evidence", "scope", "triage", "answers", "stakes", "worth",
         "interview", "explain", "care", "popular", "units", "intake", "doses", "scoring", "networks", "inference",
         "pages_say", "pipeline",
         "case_file", "case_columns", "points", "batch", "batch_parts", "batch_files", "report", "terminal",
         "web", "evaluation", "cli_serve", "cli_batch", "cli_evaluate", "cli_toxin", "cli_instrument",
         "cli"]  # fmt: skip
MODULES = sorted(SRC.rglob("*.py"))


def room(module: str) -> str:
    """The top-level room of a dotted module name below fascicle."""
    return module.split(".")[1] if "." in module else "fascicle"


def imports(path: Path) -> set[str]:
    """Modules of fascicle a file imports, those for type checking included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("fascicle"):
            if node.module == "fascicle":
                found |= {f"fascicle.{alias.name}" for alias in node.names}
            else:
                found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_imports_go_one_way(path: Path) -> None:
    """A room imports only rooms before it in the order of the flow."""
    parts = path.relative_to(SRC).with_suffix("").parts
    own = parts[0]
    if own in ("__init__", "__main__"):
        return
    for module in imports(path):
        other = room(module)
        if other in ORDER:
            assert ORDER.index(other) <= ORDER.index(own), f"{own} imports {module}"


@pytest.mark.parametrize("path", sorted((SRC / "engine").glob("*.py")), ids=lambda p: p.name)
def test_the_engine_knows_no_animals_and_does_no_input_or_output(path: Path) -> None:
    """The engine holds no word of the domain, opens no file and prints nothing."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(dogs?|cats?|vets?|owner|flea|seizure)\b", text, re.IGNORECASE)
    assert not re.search(r"\b(open|print|input|Path)\(", text)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_modules_stay_small(path: Path) -> None:
    """No module grows past 310 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 310


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in MODULES
        if p.relative_to(SRC).parts[0] not in ("engine", "evaluation", "report", "terminal.py", "cli.py", "units.py")
    ],
    ids=lambda p: str(p.relative_to(SRC)),
)
def test_no_number_with_a_meaning_stands_in_code(path: Path) -> None:
    """Outside the engine no probability or threshold is written in code; it belongs to the knowledge."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    numbers = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)}
    structural = {0.0, 1.0, 2.0, 1e-12, 1e-9, 1e-6, 1e-3, 1e-300, 0.01, 0.6, 0.5, 1e5}
    assert numbers <= structural, sorted(numbers - structural)


def test_nothing_but_the_command_line_imports_the_evaluation() -> None:
    """Measuring is not part of answering."""
    for path in MODULES:
        if path.relative_to(SRC).parts[0] not in ("evaluation", "cli_evaluate.py"):
            assert not any(m.startswith("fascicle.evaluation") for m in imports(path)), path


def test_every_public_name_has_a_docstring() -> None:
    """What the package exports is explained."""
    for name in fascicle.__all__:
        if name != "__version__":
            assert getattr(fascicle, name).__doc__, name

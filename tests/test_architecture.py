"""The rules of the layout, each a test."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

import fascicle

SRC = Path(fascicle.__file__).parent
ORDER = ["errors", "faults", "output", "frozen", "case_keys", "page_counts", "model", "engine", "knowledge",
         "case_checks", "evidence", "scope", "triage", "answers", "stakes", "worth",
         "interview", "explain", "care", "popular", "units", "intake", "doses", "scoring", "networks", "inference",
         "pages_say", "remarks", "pipeline",
         "case_file", "case_columns", "points", "batch", "batch_parts", "batch_files", "report", "case_saving",
         "terminal",
         "web", "evaluation", "cli_serve", "cli_batch", "cli_evaluate", "cli_toxin", "cli_instrument",
         "cli"]  # fmt: skip
MODULES = sorted(SRC.rglob("*.py"))
DECIDING = ("case_checks", "evidence", "scope", "triage", "answers", "stakes", "worth", "interview", "care", "popular",
            "doses", "scoring", "inference", "pages_say", "pipeline", "points")  # fmt: skip
"""Rooms whose numbers change an answer."""


def room(module: str) -> str:
    """The top-level room of a dotted module name below fascicle."""
    return module.split(".")[1] if "." in module else "fascicle"


def imports(path: Path) -> set[str]:
    """Modules of fascicle a file imports, those for type checking included."""
    return imported(path.read_text(encoding="utf-8"))


def imported(text: str) -> set[str]:
    """Modules of fascicle that source code imports, in either way of writing it."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.split(".")[0] == "fascicle"}
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "fascicle":
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
    assert own in ORDER, f"{own} has no place in ORDER: say what it may import"
    for module in imports(path):
        other = room(module)
        if other == "fascicle" or (other in fascicle.__all__ and other not in ORDER):
            continue
        assert other in ORDER, f"{own} imports {module}, which has no place in ORDER"
        assert ORDER.index(other) <= ORDER.index(own), f"{own} imports {module}"


def test_both_ways_of_importing_are_seen() -> None:
    """`import fascicle.x` counts as `from fascicle import x` and `from fascicle.x import y` do; other packages do not."""
    text = "import fascicle.web.app as app, os\nfrom fascicle import cli\nfrom fascicle.model import Case\nimport fasciclex"
    assert imported(text) == {"fascicle.web.app", "fascicle.cli", "fascicle.model"}


def test_every_room_has_a_place_in_the_order() -> None:
    """The order names each room once, and none that is gone."""
    rooms = {p.relative_to(SRC).with_suffix("").parts[0] for p in MODULES} - {"__init__", "__main__"}
    assert sorted(ORDER) == sorted(rooms)


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


def unexplained(text: str) -> list[int]:
    """Whole numbers over 2 in source code that are no named constant with a docstring.

    Left out: how many guesses a message gives (n), how much a cache keeps (maxsize), and 1000, a change of unit.
    """
    tree = ast.parse(text)
    free: set[ast.AST] = set()
    for node, after in pairwise(tree.body):
        told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if (
            isinstance(node, ast.Assign)
            and told
            and all(isinstance(t, ast.Name) and t.id.isupper() for t in node.targets)
        ):
            free |= set(ast.walk(node))
    for call in ast.walk(tree):
        if isinstance(call, ast.keyword) and call.arg in ("n", "maxsize"):
            free |= set(ast.walk(call))
    numbers = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and n not in free]
    return [value for value in numbers if type(value) is int and value > 2 and value != 1000]


@pytest.mark.parametrize("own", DECIDING)
def test_no_whole_number_decides_without_a_name_and_a_reason(own: str) -> None:
    """Where answers are made a count or limit has a name and a line that says what it is for."""
    assert unexplained((SRC / f"{own}.py").read_text(encoding="utf-8")) == []


def test_a_whole_number_in_code_is_found() -> None:
    """A bare 14 is one, also under a name without a reason; a named one with its reason is none."""
    assert unexplained("def f(k):\n    return k > 14") == [14]
    assert unexplained("MOST = 14\nLEAST = 3\n'Fewer tell nothing.'") == [14]


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

"""The documents say what the program does: every command, key and lint is described, and every example runs."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

import fascicle
from fascicle import case_file, case_keys
from fascicle.case_checks import REPORTERS
from fascicle.cli import main
from fascicle.evaluation import vignettes
from fascicle.knowledge import (
    claims,
    figures,
    instruments,
    lint,
    loader,
    pages_say,
    questions,
    reports,
    schema,
    species,
    toxins,
    wording,
    words,
)
from fascicle.report import plain

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "vignettes/README.md"])
MACHINE_PATH = re.compile(
    r"(?<![\w.~:/-])/(?:home|Users|root|tmp|work|var|opt|usr|mnt|srv|private)(?:/|\b)|\b[A-Z]:\\|file://"
)


def read(name: str) -> str:
    """The text of a document."""
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The code blocks of one language in a document."""
    return re.findall(rf"^```{language}\n(.*?)^```$", read(name), re.MULTILINE | re.DOTALL)


def keys(model: type[BaseModel]) -> set[str]:
    """The keys of a model as they stand in YAML."""
    return {field.alias or name for name, field in model.model_fields.items()}


def models(module: object) -> list[type[BaseModel]]:
    """Every model a module defines."""
    return [
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, BaseModel) and found.__module__ == getattr(module, "__name__")  # noqa: B009
    ]


def described(name: str) -> set[str]:
    """Everything that stands in backticks on a single line of a document."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", read(name), flags=re.MULTILINE | re.DOTALL)))


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_and_option_is_in_the_how_to(command: str) -> None:
    """docs/how-to.md shows each command and names each of its options."""
    text = read("docs/how-to.md")
    assert re.search(rf"fascicle {command}\b", text)
    options = [p for p in main.commands[command].params if isinstance(p, click.Option)]
    assert [o for p in options for o in p.opts if not re.search(rf"(?<![\w-]){o}(?![\w-])", text)] == []


def test_every_option_of_the_program_itself_is_in_the_how_to() -> None:
    """Options before any command, such as --version, are shown too."""
    options = [o for p in main.params if isinstance(p, click.Option) for o in p.opts]
    assert [o for o in options if f"fascicle {o}" not in read("docs/how-to.md")] == []


def test_every_key_of_a_case_file_is_in_the_how_to() -> None:
    """docs/how-to.md describes each key a case file may hold."""
    assert set(case_keys.KEYS) - described("docs/how-to.md") == set()


def test_every_key_of_the_json_is_in_the_how_to() -> None:
    """docs/how-to.md describes each key of the printed JSON object."""
    answer = fascicle.assess(fascicle.Case(species="dog", present=["itching"]))
    assert set(plain.assessment(answer, fascicle.load("dog"))) - described("docs/how-to.md") == set()


def test_every_exit_code_is_in_the_how_to() -> None:
    """docs/how-to.md gives the number of each urgency level as the command line computes it."""
    from fascicle.cli import EXIT_BASE

    text = read("docs/how-to.md")
    assert [level for level in fascicle.Level if f"{EXIT_BASE + level} {level.id}" not in text] == []


@pytest.mark.parametrize("name", [found.__name__ for found in (*lint.LINTS, *lint.ACROSS)])
def test_every_lint_is_in_the_knowledge_format(name: str) -> None:
    """docs/knowledge-format.md has a row for each lint."""
    assert re.search(rf"^\| `{name}` \| \S", read("docs/knowledge-format.md"), re.MULTILINE)


def test_no_lint_is_described_that_is_gone() -> None:
    """The table of lints names only lints that exist."""
    section = read("docs/knowledge-format.md").partition("## What the lints refuse")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", section, re.MULTILINE) != []
    assert set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE)) == {
        found.__name__ for found in (*lint.LINTS, *lint.ACROSS)
    }


def test_every_key_of_a_cause_page_is_in_the_knowledge_format() -> None:
    """The table of a cause page names each of its keys."""
    section = read("docs/knowledge-format.md").partition("## A cause page")[2].partition("\n## ")[0]
    assert keys(schema.CausePage) - set(re.findall(r"`(\w+)`", section)) == set()


KINDS = [
    model
    for module in (schema, questions, figures, species, reports, toxins, claims, pages_say, instruments, wording, words)
    for model in models(module)
]


@pytest.mark.parametrize("model", KINDS, ids=lambda model: model.__name__)
def test_every_key_of_the_knowledge_is_in_the_knowledge_format(model: type[BaseModel]) -> None:
    """Each key that any knowledge file may hold is described."""
    words = {word for text in described("docs/knowledge-format.md") for word in re.findall(r"\w+", text)}
    assert keys(model) - words == set()


@pytest.mark.parametrize(
    ("section", "model"),
    [
        ("## The profile of a species", species.Profile),
        ("## How far reports can be trusted", reports.ReportsFile),
    ],
)
def test_the_table_of_a_file_names_each_of_its_keys(section: str, model: type[BaseModel]) -> None:
    """Profile and reports each have a section with every key at their top."""
    text = read("docs/knowledge-format.md").partition(section)[2].partition("\n## ")[0]
    assert keys(model) - set(re.findall(r"`(\w+)`", text)) == set()


def test_every_reporter_of_a_case_is_in_the_how_to() -> None:
    """docs/how-to.md names each word that may stand under observed_by."""
    assert set(REPORTERS) - described("docs/how-to.md") == set()


@pytest.mark.parametrize("model", models(vignettes), ids=lambda model: model.__name__)
def test_every_key_of_a_vignette_is_in_its_readme(model: type[BaseModel]) -> None:
    """vignettes/README.md describes each key a vignette may hold."""
    assert keys(model) - described("vignettes/README.md") == set()


@pytest.mark.parametrize("name", ["docs/how-to.md", "docs/mathematics.md"])
def test_python_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python blocks of a document run in order, each seeing the names of those before it."""
    monkeypatch.chdir(tmp_path)
    found = blocks(name, "python")
    assert found != []
    names: dict[str, object] = {}
    for number, block in enumerate(found, start=1):
        exec(compile(block, f"{name} block {number}", "exec"), names)


@pytest.mark.parametrize("species", ["dog", "person"])
def test_the_case_file_examples_can_be_read(species: str) -> None:
    """The case files shown in docs/how-to.md are such, and are assessed."""
    cases = [case_file.parse_case("mine.yaml", example.encode()) for example in blocks("docs/how-to.md", "yaml")]
    (case,) = [case for case in cases if case.species == species]
    assert fascicle.assess(case).explanations != ()


@pytest.mark.slow
def test_the_steps_to_add_a_cause_and_a_question_work(tmp_path: Path) -> None:
    """Following docs/knowledge-format.md on a copy gives the faults it shows and then none, and a cause that is found."""
    copy = tmp_path / "copy"
    shutil.copytree(loader.DATA, copy)
    parts = {block.split("\n", 1)[0].removeprefix("# "): block for block in blocks("docs/knowledge-format.md", "yaml")}
    text = read("docs/knowledge-format.md")

    def faults() -> list[str]:
        return [str(issue) for issue in loader.check("dog", copy) if issue.severity == "error"]

    def append(name: str) -> None:
        (copy / name).write_text((copy / name).read_text(encoding="utf-8") + parts[name], encoding="utf-8")

    (copy / "dog/bath_shivering.yaml").write_text(parts["dog/bath_shivering.yaml"], encoding="utf-8")
    assert len(faults()) == 1
    assert f"error: {faults()[0]}" in text
    append("findings.yaml")
    profile = copy / "profiles/dog.yaml"
    background = "background:\n" + parts["profiles/dog.yaml"].split("\n", 1)[1]
    profile.write_text(profile.read_text(encoding="utf-8").replace("background:\n", background, 1), encoding="utf-8")
    assert len(faults()) == 2
    assert "bathed_today stands in 0 questions." in faults()[1]
    append("questions.yaml")
    assert len(faults()) == 1
    assert "bathed_today has no entry." in faults()[0]
    reported = copy / "reports/dog.yaml"
    entry = "findings:\n" + parts["reports/dog.yaml"].split("\n", 1)[1]
    reported.write_text(reported.read_text(encoding="utf-8").replace("findings:\n", entry, 1), encoding="utf-8")
    assert faults() == []
    case = fascicle.Case(species="dog", present=["tremor_rhythmic", "bathed_today"])
    assert fascicle.assess(case, fascicle.load("dog", copy)).explanations[0].cause == "bath_shivering"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_a_path_of_one_machine(path: Path) -> None:
    """No document holds an absolute path, such as somebody's home folder."""
    assert MACHINE_PATH.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """A relative link names a file that exists."""
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_cache_setting_is_in_the_privacy_page() -> None:
    """PRIVACY.md names the setting that moves or turns off the cache."""
    assert "`FASCICLE_CACHE`" in read("PRIVACY.md")


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.stem)
def test_the_promises_of_the_security_page_hold(path: Path) -> None:
    """No module imports pickle, a network library or a way to start other programs; only `serve` may listen."""
    refused = {"pickle", "shelve", "marshal", "socket", "ssl", "urllib", "http", "ftplib", "smtplib", "subprocess"}
    allowed = {"http.HTTPStatus", "urllib.parse"} | ({"socket"} if path.stem == "cli_serve" else set())
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            imported |= {f"{module}.{alias.name}" for alias in node.names} if module == "http" else {module}
    imported = {name.split(".")[0] for name in imported - allowed}
    assert imported & refused == set()

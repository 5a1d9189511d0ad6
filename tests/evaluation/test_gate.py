"""The gate: each rule at its border, and what is named without failing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fascicle import CaseError, Level
from fascicle.evaluation.gate import Entry, compare, of, read, unexplained, write
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import load_vignettes

VIGNETTES = load_vignettes(Path(__file__).parents[2] / "vignettes" / "dog")


def entry(level: str, least: str = "normal", most: str = "emergency_now", top3: float = 1.0) -> Entry:
    """What one version said to one case."""
    return Entry.model_validate({"level": level, "least": least, "most": most, "top3": top3})


@pytest.mark.parametrize(
    ("least", "before", "now", "fails"),
    [
        ("emergency_now", "emergency_now", "today", True),
        ("today", "today", "within_days", True),
        ("today", "emergency_now", "today", False),
        ("emergency_now", "today", "today", False),
        ("emergency_now", "today", "within_days", False),
        ("within_days", "within_days", "routine", False),
    ],
)
def test_an_urgent_case_that_becomes_too_low_fails(least: str, before: str, now: str, fails: bool) -> None:
    """One is enough; what was too low before, or was never urgent, does not fail, but going lower is named."""
    verdict = compare({"a": entry(before, least)}, {"a": entry(now, least)})
    assert [f.startswith("a: an urgent case became too low") for f in verdict.failures] == [True] * fails
    lower_still = not fails and Level.of(now) < min(Level.of(before), Level.of(least))
    assert any("lower than before" in notice for notice in verdict.notices) is lower_still


def test_urgency_is_judged_by_what_the_baseline_calls_acceptable() -> None:
    """Calling a case harmless in the change that gets it wrong does not help, and is named."""
    verdict = compare({"a": entry("today", "today")}, {"a": entry("routine", "normal")})
    assert "a: an urgent case became too low" in verdict.failures[0]
    assert "today to emergency_now was acceptable, now normal to emergency_now" in verdict.notices[0]


def top3(losses: int, gains: int, size: int, by: float = 1.0) -> tuple[str, ...]:
    """Failures when so many of `size` cases lose or gain credit."""
    before = {f"v{i:03}": entry("watch", top3=0.0 if i >= size - gains else 1.0) for i in range(size)}
    now = {f"v{i:03}": entry("watch", top3=1 - by if i < losses else 1.0) for i in range(size)}
    return compare(before, now).failures


@pytest.mark.parametrize(
    ("losses", "gains", "size", "by", "fails"),
    [
        (2, 0, 100, 1.0, True),  # two cases and exactly 2 points
        (2, 0, 101, 1.0, False),  # two cases but 1.98 points
        (1, 0, 10, 1.0, False),  # 10 points but one case
        (3, 2, 10, 1.0, False),  # a net loss of one
        (4, 2, 10, 1.0, True),  # a net loss of two
        (3, 0, 10, 0.5, False),  # near misses: a loss of one and a half
        (4, 0, 10, 0.5, True),
    ],
)
def test_a_net_loss_in_top_3_fails_from_two_cases_and_two_points(
    losses: int, gains: int, size: int, by: float, fails: bool
) -> None:
    """Both must be reached; half credit counts half."""
    assert bool(top3(losses, gains, size, by)) is fails


def test_a_net_loss_names_the_cases() -> None:
    """Which got worse, which better, and how much in all."""
    (failure,) = top3(4, 2, 10)
    assert "a net loss of 2 of 10 cases (20.0 points)" in failure
    assert "Worse: v000 (-1), v001 (-1), v002 (-1), v003 (-1). Better: v008 (+1), v009 (+1)." in failure


@pytest.mark.parametrize(("frightened", "fails"), [(1, False), (2, True)])
def test_harmless_kept_is_counted_among_harmless_cases(frightened: int, fails: bool) -> None:
    """Two of a hundred harmless cases that go above routine fail, however many other cases there are."""
    harmless = {f"h{i:03}": entry("routine", most="routine") for i in range(100)}
    others = {f"o{i:03}": entry("today") for i in range(500)}
    now = {name: entry("within_days" if i < frightened else "watch", most="routine") for i, name in enumerate(harmless)}
    failures = compare(harmless | others, now | others).failures
    assert [f.startswith("harmless kept: a net loss of 2 of 100") for f in failures] == [True] * fails


def test_new_and_removed_vignettes_are_named() -> None:
    """New ones do not count yet; a removed one needs its line in the log, under its whole name."""
    verdict = compare({"gone_1": entry("watch")}, {"new": entry("watch")}, "gone_12: withdrawn by its authors")
    assert verdict.failures == ("gone_1: removed without a word; docs/vignette-log.md needs a line that says why.",)
    assert verdict.notices == ("new: not in the baseline yet.",)
    logged = compare({"gone_1": entry("watch")}, {"new": entry("watch")}, "- `gone_1`: withdrawn")
    assert not logged.failures


def test_a_baseline_is_written_one_line_a_case_and_read_back(tmp_path: Path) -> None:
    """In the order of ids, so a change shows as the lines of the cases that changed."""
    made = of([Scored(v, v.accepted.full, {}, Level.TODAY) for v in reversed(VIGNETTES)])
    write(tmp_path / "baseline.json", made)
    lines = (tmp_path / "baseline.json").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(VIGNETTES) + 2
    assert lines[1].startswith(f'"{VIGNETTES[0].id}": {{"level": "today"')
    assert read(tmp_path / "baseline.json") == made
    assert {e.top3 for e in made.values()} == {1.0}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read"),
        ("", "is damaged"),
        ("[1]", "is damaged"),
        ("<<<<<<< HEAD", "is damaged"),
        ('{"a": {"level": "soon"}}', "is damaged"),
        ('{"a": {"level": "today", "least": "today", "most": "today", "top3": 2}}', "top3"),
        ('{"a": {"level": "today", "least": "today", "most": "today", "top3": 1, "x": 1}}', "x: Extra"),
        ('{"a": 1, "a": 2}', "a stands twice"),
        ("{}", "holds no vignettes"),
    ],
)
def test_a_missing_or_damaged_baseline_is_one_clear_error(tmp_path: Path, text: str | None, words: str) -> None:
    """The message names the file, what is wrong and the way out; an empty file does not pass as success."""
    file = tmp_path / "baseline.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=words) as caught:
        read(file)
    assert str(file) in str(caught.value)
    assert "git checkout" in str(caught.value)


def test_a_new_baseline_comes_alone_or_with_its_reason() -> None:
    """New vignettes alone pass; beside changed entries or sources they fail; changed entries need a word in CHANGELOG."""
    old, new = {"a": entry("watch")}, {"a": entry("watch"), "b": entry("today")}
    other = {"a": entry("routine")}
    assert unexplained(old, new, ["vignettes/baseline.json", "vignettes/dog/b.yaml"], "") == []
    assert (
        "commit of their own: b stand beside src/fascicle/x.py" in unexplained(old, new, ["src/fascicle/x.py"], "")[0]
    )
    assert "b stand beside a" in unexplained(old, {**new, **other}, [], "- New baseline: stricter fits.")[0]
    assert "CHANGELOG.md needs a line" in unexplained(old, other, ["src/fascicle/x.py"], "- Something else.")[0]
    assert unexplained(old, other, ["src/fascicle/x.py"], "- New baseline: stricter fits.") == []
    assert "CHANGELOG.md needs a line" in unexplained(old, {}, [], "")[0]

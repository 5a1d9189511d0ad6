"""The shipped knowledge passes every lint, and each lint speaks when the one thing it guards is broken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fascicle.errors import Issue
from fascicle.knowledge import lint
from fascicle.knowledge.loader import check, species_covered

from .copies import Edit, both, copy_data, line_of, swap, write

PAGE = "dog/eclampsia.yaml"
SLEEP = "dog/normal_sleep_twitching.yaml"
PROFILE = "profiles/dog.yaml"
NEW = 'low: 0.01, high: 0.99, basis: estimate, why: "Only for this test."}'


@dataclass(frozen=True)
class Break:
    """One way to break the knowledge, and what exactly one lint must say about it.

    says: words of every issue that is new. line: words on the line each stands on (the first that has them), "" for
    the first line of the file.
    """

    lint: str
    name: str
    edit: Edit
    file: str
    line: str
    says: tuple[str, ...]
    severity: str = "error"


SORE = (
    "    background: {p: 0.1, low: 0.05, high: 0.2, basis: estimate, why: a reason of its own for sore}\n"
    "    members:\n"
    "      stiff_gait: {p: 0.1, low: 0.05, high: 0.2, basis: estimate, why: a reason of its own for stiff}\n"
    "      itching: {p: 0.1, low: 0.05, high: 0.2, basis: estimate, why: a reason of its own for itch}\n"
)

BREAKS = [
    Break(
        "unknown_finding",
        "sign of a page",
        swap(PAGE, r"^  drooling:", "  droolin:"),
        PAGE,
        "  droolin:",
        ("unknown finding 'droolin'. Fix: did you mean drooling?",),
    ),
    Break(
        "unknown_finding",
        "kind of a page",
        swap(PAGE, r"^kinds:\n", f"kinds:\n  qqqq: {{p: 0.5, {NEW}\n"),
        PAGE,
        "  qqqq:",
        ("unknown finding 'qqqq'. Fix: add it to findings.yaml or correct the id.",),
    ),
    Break(
        "unknown_finding",
        "modifier of an urgency",
        swap(SLEEP, r"when: \[post_episode_confusion\]", "when: [post_episode_confusio]"),
        SLEEP,
        "[post_episode_confusio]",
        ("unknown finding 'post_episode_confusio'.",),
    ),
    Break(
        "unknown_finding",
        "background",
        swap(PROFILE, r"^background:\n", f"background:\n  itchin: {{p: 0.5, {NEW}\n"),
        PROFILE,
        "  itchin:",
        ("unknown finding 'itchin'.",),
    ),
    Break(
        "unknown_finding",
        "share of events",
        swap(PROFILE, r"^of_events:\n", f"of_events:\n  jaw_champin: {{p: 0.5, {NEW}\n"),
        PROFILE,
        "  jaw_champin:",
        ("unknown finding 'jaw_champin'.",),
    ),
    Break(
        "unknown_source",
        "figure",
        swap(PAGE, r'^(  collapse: \{.*)(, why: "[^"]*")\}', r"\1, source: nobody\2}"),
        PAGE,
        "  collapse:",
        ("unknown source 'nobody'. Fix: add it to sources.yaml or correct the id.",),
    ),
    Break(
        "unknown_source",
        "citation behind a figure",
        swap(PAGE, r"^(  collapse: \{.*)\}", r'\1, from: [{source: nobody, locator: "p. 1", says: "so"}]}'),
        PAGE,
        "  collapse:",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unknown_source",
        "urgency",
        swap(PAGE, r"^  sources: \[", "  sources: [nobody, "),
        PAGE,
        "  sources: [nobody",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unknown_source",
        "advice",
        swap(PAGE, r"^(avoid:\n.*sources: \[)", r"\1nobody, "),
        PAGE,
        "[nobody",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unknown_source",
        "outlook",
        swap(PAGE, r"^(outlook: .*sources: \[)", r"\1nobody, "),
        PAGE,
        "outlook:",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unknown_source",
        "distribution",
        swap(PAGE, r"^  onset:\n", "  onset:\n    source: nobody\n"),
        PAGE,
        "  onset:",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unknown_source",
        "red flag",
        swap("red_flags.yaml", r"\A((?:.*\n)*?.*sources: \[)", r"\1nobody, "),
        "red_flags.yaml",
        "  - id: ",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unused_source",
        "nobody names it",
        swap("sources.yaml", r"\Z", '  - {id: spare, title: "x", url: "x", read: "page", accessed: 2026-11-20}\n'),
        "sources.yaml",
        "{id: spare",
        ("source 'spare' is used by no dog figure or line. Fix: use it or remove it.",),
        severity="warning",
    ),
    Break(
        "wrong_place",
        "sign under event",
        swap(PAGE, r"^event:\n", f"event:\n  itching: {{p: 0.5, {NEW}\n"),
        PAGE,
        "  itching:",
        ("itching does not belong here: it is about the sign. Fix: put it in the section it belongs to.",),
    ),
    Break(
        "wrong_place",
        "option of a group under context",
        swap(PAGE, r"^context:\n", f"context:\n  age_11_or_over: {{p: 0.5, {NEW}\n"),
        PAGE,
        "  age_11_or_over:",
        ("age_11_or_over does not belong here: it is about the context of group age.",),
    ),
    Break(
        "wrong_place",
        "kind under event",
        swap(PAGE, r"^event:\n", f"event:\n  myoclonic_jerks: {{p: 0.5, {NEW}\n"),
        PAGE,
        "  myoclonic_jerks:",
        ("myoclonic_jerks does not belong here: it is about the event of group kind.",),
    ),
    Break(
        "missing_background",
        "exposure",
        swap(PROFILE, r"^  breed_pug: .*\n", ""),
        PROFILE,
        "background:",
        ("breed_pug has no figure under background. Fix: give its frequency, with a range and a reason.",),
    ),
    Break(
        "missing_background",
        "event finding",
        swap(PROFILE, r"^  twitch_after_exercise: [^}]*\}\n", ""),
        PROFILE,
        "of_events:",
        ("twitch_after_exercise has no figure under of_events.",),
    ),
    Break(
        "file_name",
        "another id",
        swap(PAGE, r"^id: eclampsia", "id: milk_fever"),
        PAGE,
        "id:",
        ("the page says dog/milk_fever. Fix: rename the file or the id.",),
    ),
    Break(
        "file_name",
        "another species",
        swap(PAGE, r"^species: dog", "species: cat"),
        PAGE,
        "id:",
        ("the page says cat/eclampsia.",),
    ),
    Break(
        "file_name",
        "another file",
        lambda folder: (folder / PAGE).rename(folder / "dog" / "milk_fever.yaml") and None,
        "dog/milk_fever.yaml",
        "id:",
        ("the page says dog/eclampsia.",),
    ),
    Break(
        "groups_and_options",
        "option of another group",
        swap(PAGE, r"^      since_puppyhood:", "      age_11_or_over:"),
        PAGE,
        "  onset:",
        ("options differ: missing ['since_puppyhood'], unknown ['age_11_or_over'].",),
    ),
    Break(
        "groups_and_options",
        "unknown group",
        swap(PAGE, r"^  age:", "  aeg:"),
        PAGE,
        "  aeg:",
        ("unknown group 'aeg'. Fix: one of kind, onset, duration, age.",),
    ),
    Break(
        "groups_and_options",
        "no distribution",
        swap(PAGE, r"^  onset:\n(    .*\n)+", ""),
        PAGE,
        "choices:",
        ("no onset distribution. Fix: add choices.onset with a share for every option.",),
    ),
    Break(
        "groups_and_options",
        "no kind of movement",
        swap(SLEEP, r"^kinds:\n(  .*\n)+", ""),
        SLEEP,
        "",
        ("no kind of movement. Fix: list at least one kind with its share.",),
    ),
    Break(
        "groups_and_options",
        "group without background",
        swap(PROFILE, r"^background_choices:\n(  .*\n)+", "background_choices: {}\n"),
        PROFILE,
        "",
        ("group age has no distribution. Fix: add it to the profile.",),
    ),
    Break(
        "groups_and_options",
        "kind too many in the profile",
        swap(
            PROFILE,
            r"^kinds:\n((?:  .*\n)*?)  shares:\n",
            r"kinds:\n\1  shares:\n    snoring: {p: 0, low: 0, high: 0.1}\n",
        ),
        PROFILE,
        "\nkinds:",
        ("options differ: missing [], unknown ['snoring'].",),
    ),
    Break(
        "same_why",
        "six numbers",
        swap(PROFILE, r'^(  breed_\w+: \{.*why: )"[^"]*"', r'\1"A guess."', count=6),
        PROFILE,
        "  breed_doberman:",
        ("the same reason stands behind 6 numbers ('A guess.'). Fix: think each one through and give its own reason.",),
    ),
    Break(
        "physiology_without_signs",
        "signs without prevalence",
        swap(SLEEP, r"^urgency:", f"signs:\n  itching: {{p: 0.5, {NEW}\nurgency:"),
        SLEEP,
        "signs:",
        ("signs without a prevalence. Fix: add prevalence: or remove the signs.",),
    ),
    Break(
        "below_background",
        "argues against though common",
        swap(PAGE, r"^  stiff_gait: \{p", "  stiff_gait: {argues_against: true, p"),
        PAGE,
        "  stiff_gait:",
        ("stiff_gait argues against, but ",),
    ),
    Break(
        "too_common_together",
        "rare sign of a common cause",
        swap("dog/osteoarthritis.yaml", r"^signs:\n", f"signs:\n  jaw_stiff_or_cannot_open: {{p: 0.5, {NEW}\n"),
        PROFILE,
        "  jaw_stiff_or_cannot_open:",
        ("the causes alone bring jaw_stiff_or_cannot_open in ",),
    ),
    Break(
        "syndrome_paths",
        "two owners",
        swap(PROFILE, r"\Z", "  sore:\n    name: x\n    why: x\n" + SORE),
        PROFILE,
        "  sore:",
        ("stiff_gait is in pain too. Fix: leave it in one.",),
    ),
    Break(
        "syndrome_paths",
        "path above the page",
        swap("dog/osteoarthritis.yaml", r"avoids_touch: \{p: [^,]+, low: [^,]+,", "avoids_touch: {p: 0.08, low: 0.01,"),
        "dog/osteoarthritis.yaml",
        "  avoids_touch:",
        ("the syndrome alone brings avoids_touch more often than the 0.08 on the page.",),
    ),
    Break(
        "syndrome_paths",
        "unknown syndrome",
        swap(PAGE, r"^urgency:", f"syndromes:\n  pian: {{p: 0.5, {NEW}\nurgency:"),
        PAGE,
        "  pian:",
        ("unknown syndrome 'pian'. Fix: correct the id.",),
    ),
    Break(
        "believable_rate",
        "complaints by the thousand",
        both(
            swap(PAGE, r"^rate: \{value: [^,]+, low: [^,]+, high: [^,]+", "rate: {value: 1, low: 0.1, high: 9"),
            swap(
                PAGE,
                r"^prevalence: \{value: [^,]+, low: [^,]+, high: [^,]+",
                "prevalence: {value: 0.000001, low: 0.0000001, high: 0.00001",
            ),
        ),
        PAGE,
        "rate:",
        ("1000 complaints for each year a subject is affected.",),
    ),
    Break(
        "nested_exposures",
        "the whole rarer than the part",
        swap(
            "dog/tox_metaldehyde.yaml",
            r"^  toxin_access_known: \{p: [^,]+, low: [^,]+,",
            "  toxin_access_known: {p: 0.02, low: 0.01,",
        ),
        "dog/tox_metaldehyde.yaml",
        "  toxin_access_known:",
        ("toxin_access_known (0.02) contains slug_bait_access (",),
    ),
    Break(
        "red_flags_known",
        "unknown finding",
        swap("red_flags.yaml", r"all: \[xylitol_eaten\]", "all: [xylitol_eatn]"),
        "red_flags.yaml",
        "- id: xylitol",
        ("unknown finding 'xylitol_eatn'. Fix: did you mean xylitol_eaten?",),
    ),
    Break(
        "ids_once",
        "red flag twice",
        swap(
            "red_flags.yaml",
            r"\Z",
            "  - {id: xylitol, species: [dog], all: [xylitol_eaten], to: today, why: x, act: x, basis: estimate, "
            "reason: x}\n",
        ),
        "red_flags.yaml",
        "{id: xylitol",
        ("the id 'xylitol' stands twice. Fix: keep one.",),
    ),
    Break(
        "emergencies_act",
        "nothing to do",
        swap("dog/other.yaml", r"^now:\n(  - .*\n)+", ""),
        "dog/other.yaml",
        "",
        ("nothing under now. Fix: add at least one line.",),
    ),
    Break(
        "emergencies_act",
        "nothing to avoid",
        swap("dog/other.yaml", r"^avoid:\n(  - .*\n)+", ""),
        "dog/other.yaml",
        "",
        ("nothing under avoid.",),
    ),
    Break(
        "emergencies_act",
        "no way to confirm it",
        swap(SLEEP, r"^confirm: .*\n", ""),
        SLEEP,
        "",
        ("confirm or outlook is missing. Fix: say how it is confirmed and goes on.",),
    ),
    Break(
        "emergencies_act",
        "no outlook",
        swap(SLEEP, r"^outlook: .*\n", ""),
        SLEEP,
        "",
        ("confirm or outlook is missing.",),
    ),
    Break(
        "loss_table",
        "level left out",
        swap("triage.yaml", r"^(  watch: +\{)normal: [^,]+, ", r"\1"),
        "triage.yaml",
        "  watch:  ",
        ("not every level is listed. Fix: list all six.",),
    ),
    Break(
        "loss_table",
        "right choice with a cost",
        swap("triage.yaml", r"^(  watch: +\{.*?watch: )0,", r"\g<1>0.1,"),
        "triage.yaml",
        "  watch:  ",
        ("the right choice costs something. Fix: set it to 0.",),
    ),
    Break(
        "loss_table",
        "further miss cheaper",
        swap("triage.yaml", r"^(  today: +\{normal: )[^,]+", r"\g<1>0.5"),
        "triage.yaml",
        "  today:  ",
        ("a further miss costs less. Fix: order the costs.",),
    ),
    Break(
        "confusion_table",
        "unknown kind",
        swap(PROFILE, r"^(    twitch_asleep_only: \{)t", r"\1snoring: 0.01, t"),
        PROFILE,
        "    twitch_asleep_only: {snoring",
        ("unknown kind 'snoring'. Fix: use a kind of the list.",),
    ),
    Break(
        "confusion_table",
        "wrong names take too much",
        swap(PROFILE, r"^(    twitch_asleep_only: \{twitch_limb: )[^,]+", r"\g<1>0.6"),
        PROFILE,
        "    twitch_asleep_only: {twitch_limb",
        ("the wrong names take too much, or the kind names itself.",),
    ),
    Break(
        "confusion_table",
        "kind that names itself",
        swap(PROFILE, r"^(    twitch_asleep_only: \{)t", r"\1twitch_asleep_only: 0.01, t"),
        PROFILE,
        "    twitch_asleep_only: {twitch_asleep_only",
        ("the wrong names take too much, or the kind names itself.",),
    ),
    Break(
        "questions_complete",
        "asked twice",
        swap("questions.yaml", r"items: \[weight_under_10kg, ", "items: [weight_under_10kg, poor_sleep, "),
        "questions.yaml",
        "\nquestions:",
        ("poor_sleep stands in 2 questions. Fix: put it in exactly one.",),
    ),
    Break(
        "questions_complete",
        "never asked",
        swap("questions.yaml", r", poor_sleep", ""),
        "questions.yaml",
        "\nquestions:",
        ("poor_sleep stands in 0 questions.",),
    ),
    Break(
        "questions_complete",
        "unknown finding",
        swap("questions.yaml", r"items: \[weight_under_10kg, ", "items: [weight_under_10kg, weight_unknown, "),
        "questions.yaml",
        "- id: weight",
        ("unknown finding 'weight_unknown'.",),
    ),
    Break(
        "questions_complete",
        "unknown group",
        swap("questions.yaml", r"\Z", '  - {id: sleep, text: {dog: "x"}, group: sleep, effort: 1}\n'),
        "questions.yaml",
        "{id: sleep",
        ("unknown group 'sleep'. Fix: correct the group.",),
    ),
    Break(
        "breeds_and_bands",
        "unknown finding of a breed",
        swap("breeds.yaml", r"implies: \[breed_pug\]", "implies: [breed_pugg]"),
        "breeds.yaml",
        "breeds:",
        ("unknown finding 'breed_pugg'. Fix: add it to findings.yaml.",),
    ),
    Break(
        "breeds_and_bands",
        "unknown finding that breeds decide",
        swap("breeds.yaml", r"^  dog: \[", "  dog: [curly_tail, "),
        "breeds.yaml",
        "breeds:",
        ("unknown finding 'curly_tail'.",),
    ),
    Break(
        "breeds_and_bands",
        "unknown finding of a weight band",
        swap(PROFILE, r"\{finding: weight_under_10kg", "{finding: weight_tiny"),
        PROFILE,
        "",
        ("unknown finding 'weight_tiny'.",),
    ),
    Break(
        "breeds_and_bands",
        "unknown finding of a sex",
        swap(PROFILE, r"^sex_findings: \[", "sex_findings: [pregnant, "),
        PROFILE,
        "",
        ("unknown finding 'pregnant'.",),
    ),
    Break(
        "breeds_and_bands",
        "gap between ages",
        swap(PROFILE, r"at_least: 3, below: 7", "at_least: 4, below: 7"),
        PROFILE,
        "age_bands:",
        ("the age bands leave a gap. Fix: let each begin where one ends,",),
    ),
    Break(
        "implications",
        "unknown finding",
        swap("findings.yaml", r"(- id: paralysis\n(?:    .*\n)*?    implies: \[)", r"\1limp, "),
        "findings.yaml",
        "- id: paralysis",
        ("paralysis: unknown finding 'limp'.",),
    ),
    Break(
        "implications",
        "implied and excluded",
        swap("findings.yaml", r"(- id: paralysis\n(?:    .*\n)*?    excludes: \[)", r"\1weakness_limbs"),
        "findings.yaml",
        "- id: paralysis",
        ("paralysis implies and excludes one thing. Fix: choose one.",),
    ),
    Break(
        "phrases_unique",
        "one phrase, two findings",
        both(
            swap("findings.yaml", r"(- id: itching\n(?:    .*\n)*?    phrases: \[)", r'\1"itches like mad", '),
            swap("findings.yaml", r"(- id: paralysis\n(?:    .*\n)*?    phrases: \[)", r'\1"Itches like Mad", '),
        ),
        "findings.yaml",
        "- id: paralysis",
        ("the phrase 'Itches like Mad' belongs to itching and paralysis. Fix: leave it with one.",),
    ),
    Break(
        "renamed_ids",
        "leads nowhere",
        write("renamed.yaml", "findings:\n  scratching: itchin\n"),
        "renamed.yaml",
        "  scratching:",
        ("scratching -> itchin does not lead from an old id to one in use. Fix: correct or remove the line.",),
    ),
    Break(
        "renamed_ids",
        "old id still in use",
        write("renamed.yaml", "findings:\n  itching: drooling\n"),
        "renamed.yaml",
        "  itching:",
        ("itching -> drooling does not lead",),
    ),
]


def issues(folder: Path) -> list[Issue]:
    """Everything the lints say about a folder."""
    return check("dog", folder)


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """What is said of the unbroken copy: sources that only pages left out of it use."""
    found = issues(copy_data(tmp_path_factory.mktemp("usual")))
    assert {issue.severity for issue in found} <= {"warning"}
    return frozenset(issue.wrong for issue in found)


def new(found: Iterable[Issue], usual: frozenset[str]) -> list[Issue]:
    """The issues the unbroken copy does not have."""
    return [issue for issue in found if issue.wrong not in usual]


@pytest.mark.parametrize("species", species_covered())
def test_the_shipped_knowledge_has_no_fault(species: str) -> None:
    """Every covered species passes every lint."""
    assert [str(issue) for issue in check(species) if issue.severity == "error"] == []


def test_the_shipped_knowledge_covers_the_dog() -> None:
    """The test above looks at something."""
    assert "dog" in species_covered()


def test_every_lint_has_a_break() -> None:
    """A new lint needs a line in the table of this file."""
    assert sorted({each.lint for each in BREAKS}) == sorted(each.__name__ for each in lint.LINTS)


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: f"{broken.lint}: {broken.name}")
def test_a_lint_speaks_when_its_rule_is_broken(
    broken: Break, folder: Path, usual: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The break is told on its line in the lint's words, and by this lint alone."""
    broken.edit(folder)
    found = new(issues(folder), usual)
    assert len(found) == len(broken.says), [str(issue) for issue in found]
    for issue, words in zip(found, broken.says, strict=True):
        assert words in f"{issue.wrong} Fix: {issue.fix}"
        assert issue.severity == broken.severity
        assert issue.file == broken.file
        assert issue.line == (line_of(folder, broken.file, broken.line) if broken.line else 1)
    others = tuple(each for each in lint.LINTS if each.__name__ != broken.lint)
    monkeypatch.setattr(lint, "LINTS", others)
    assert new(issues(folder), usual) == []


def test_five_numbers_may_share_a_reason(folder: Path, usual: frozenset[str]) -> None:
    """The bound of same_why is more than five."""
    swap(PROFILE, r'^(  breed_\w+: \{.*why: )"[^"]*"', r'\1"A guess."', count=5)(folder)
    assert new(issues(folder), usual) == []


def test_several_lints_speak_at_once(folder: Path, usual: frozenset[str]) -> None:
    """One broken rule hides no other."""
    chosen = [each for each in BREAKS if each.name in ("figure", "exposure", "gap between ages", "never asked")]
    both(*(each.edit for each in chosen))(folder)
    assert sorted(issue.file for issue in new(issues(folder), usual)) == sorted(each.file for each in chosen)

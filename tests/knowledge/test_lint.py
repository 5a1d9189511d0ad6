"""The shipped knowledge passes every lint, and each lint speaks when the one thing it guards is broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest

from fascicle import load
from fascicle.errors import Issue
from fascicle.knowledge import lint, loader
from fascicle.knowledge.lint_reading import years_of_school
from fascicle.knowledge.loader import check, check_all, species_covered
from fascicle.knowledge.reports import REPORTERS

from .copies import Edit, both, copy_data, line_of, swap, write

PAGE = "dog/eclampsia.yaml"
SLEEP = "dog/normal_sleep_twitching.yaml"
PROFILE = "profiles/dog.yaml"
REPORTS = "reports/dog.yaml"
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


DROOLING = r"(- id: drooling\n)"

SORE = (
    "    background: {p: 0.1, low: 0.05, high: 0.2, basis: estimate, why: a reason of its own for sore}\n"
    "    members:\n"
    "      stiff_gait: {p: 0.1, low: 0.05, high: 0.2, basis: estimate, why: a reason of its own for stiff}\n"
    "      itching: {p: 0.1, low: 0.05, high: 0.2, basis: estimate, why: a reason of its own for itch}\n"
)

RELIABILITY = "{{sensitivity: {{p: 0.9, low: 0.8, high: 0.97, basis: estimate, why: seen by {0}}}, " + (
    "false_report: {{p: 0.01, low: 0.001, high: 0.03, basis: estimate, why: mistaken by {0}}}}}"
)
MANNER = "  {}:\n    name: x\n" + "".join(
    f"    {reporter}: {RELIABILITY.format(reporter)}\n".replace("{", "{{").replace("}", "}}") for reporter in REPORTERS
)
"""A manner as it stands in the file, with a place for its id."""


def second_event_syndrome(folder: Path, member: str) -> None:
    """Append a copy of the event syndrome with another id and one member."""
    path = folder / PROFILE
    text = path.read_text(encoding="utf-8")
    entry = text.partition("\nevent_syndromes:\n")[2].replace("  fit:\n", "  spell:\n")
    head, _, kinds = entry.partition("    members:\n")[0], None, entry.partition("    kinds:\n")[2]
    members = f"    members:\n      {member}: {{p: 0.5, {NEW}\n    kinds:\n"
    path.write_text(text + head + members + kinds, encoding="utf-8", newline="\n")


TAIL = r"\Z"
"""The end of a file that closes with a list."""


def poison(names: str, high: float = 2.0, level: str = "emergency_now") -> str:
    """A made-up poison whose second band begins at high, in mg per kg, and asks for level."""
    dose = 'low: 0.1, high: 9, basis: estimate, why: "made up"'
    line = "{text: x}"
    return (
        f"  - {{id: made_up, name: x, substance: x, species: {{dog: {{{names}, onset: {line}, first_signs: {line}, "
        f"now: [{line}], avoid: [{line}], below: {{level: watch, why: x}}, bands: ["
        f"{{above: {{value: 1, {dose}}}, level: today, expect: x}}, "
        f"{{above: {{value: {high}, {dose}}}, level: {level}, expect: x}}]}}}}}}\n"
    )


def form(identity: str, rest: str) -> str:
    """A made-up questionnaire of two questions about a dog."""
    return (
        f"  - {{id: {identity}, name: x, species: [dog], measures: x, asks: x, items: [a, b], "
        "options: [{text: none, score: 0}, {text: much, score: 1}], "
        "bands: [{low: 0, high: 1, name: x, means: x}, {low: 2, high: 2, name: x, means: x}], "
        f"limit: {{text: x}}, licence: {{text: x}}, {rest}}}\n"
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
        "report",
        swap(
            REPORTS,
            r"^  drooling: .*",
            "  drooling: {manner: plain_to_see, lay: {false_report: {p: 0.01, low: 0.001, high: 0.03, basis: study, "
            'source: nobody, locator: "p. 1"}}}',
        ),
        REPORTS,
        "  drooling:",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unknown_source",
        "kinds of an event syndrome",
        swap(PROFILE, r"^(event_syndromes:\n(?:.*\n)*?    kinds:\n)", r"\1      source: nobody\n"),
        PROFILE,
        "\n    kinds:",
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
        "unknown_in_triage",
        "what sets the rule aside",
        swap("triage.yaml", r"unless: \[", "unless: [nothing, "),
        "triage.yaml",
        "asked_before:",
        ("unknown finding 'nothing'.",),
    ),
    Break(
        "toxin_references",
        "page and exposure",
        swap("toxins.yaml", TAIL, poison("cause: tox_nobody, finding: itching")),
        "toxins.yaml",
        "id: made_up",
        ("made_up names the cause 'tox_nobody'", "made_up names 'itching', which is no exposure of a dog."),
    ),
    Break(
        "doses_ascend",
        "order and levels",
        swap("toxins.yaml", TAIL, poison("cause: tox_metaldehyde", high=0.5, level="watch")),
        "toxins.yaml",
        "id: made_up",
        ("the doses of made_up do not ascend.", "a higher dose of made_up is less urgent"),
    ),
    Break(
        "claim_references",
        "article, cause and finding",
        swap(
            "claims.yaml",
            TAIL,
            "  - {id: made_up, species: [dog], article: nowhere, claim: x, verdict: contested, why: so, causes: [nobody], "
            "findings: [nothing]}\n",
        ),
        "claims.yaml",
        "id: made_up",
        ("unknown article 'nowhere'.", "made_up touches 'nobody'", "made_up touches 'nothing'"),
    ),
    Break(
        "pages_counted",
        "kind, finding, cause and counts",
        swap(
            "pages_say.yaml",
            TAIL,
            "  - {id: made_up, species: dog, about: x, kinds: [itching], needs: [nothing], pages: 3, give_likelihood: 4, "
            "named: {nobody: 3, flea_infestation: 5}, read_on: 2026-11-29, why: x}\n",
        ),
        "pages_say.yaml",
        "id: made_up",
        (
            "made_up names 'itching', which is no kind of movement.",
            "made_up names 'nothing', which is unknown.",
            "made_up names 'nobody', which is unknown.",
            "made_up counts 4 of 3 pages for give_likelihood.",
            "made_up counts 5 of 3 pages for flea_infestation.",
        ),
    ),
    Break(
        "ids_once",
        "topic twice",
        swap(
            "pages_say.yaml",
            TAIL,
            "  - {species: dog, id: itch, about: x, kinds: [tremor_rhythmic], pages: 3, give_likelihood: 0, "
            "named: {flea_infestation: 2}, read_on: 2026-11-29, why: x}\n",
        ),
        "pages_say.yaml",
        "{species: dog, id: itch",
        ("the id 'itch' stands twice. Fix: keep one.",),
    ),
    Break(
        "instrument_references",
        "finding, place and id",
        swap(
            "instruments.yaml",
            r"^diaries:",
            form("danger_now", "finding: made_up_sign, offer: {words: x, where: [made_up_place]}") + "diaries:",
        ),
        "instruments.yaml",
        "{id: danger_now",
        (
            "danger_now names 'made_up_sign', which is no finding of a dog.",
            "danger_now names 'made_up_place', which is no finding of a dog.",
            "danger_now is also the id of a question or a diary.",
        ),
    ),
    Break(
        "unknown_source",
        "questionnaire",
        swap("instruments.yaml", r"^diaries:", form("made_up", "sources: [nobody]") + "diaries:"),
        "instruments.yaml",
        "id: made_up",
        ("unknown source 'nobody'.",),
    ),
    Break(
        "unused_source",
        "nobody names it",
        swap("sources.yaml", r"\Z", '  - {id: spare, title: "x", url: "x", read: "page", accessed: 2026-11-20}\n'),
        "sources.yaml",
        "{id: spare",
        ("source 'spare' is used by no figure or line. Fix: use it or remove it.",),
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
        swap(PAGE, r"^event:\n", f"event:\n  fly_snapping_or_star_gazing: {{p: 0.5, {NEW}\n"),
        PAGE,
        "  fly_snapping_or_star_gazing:",
        ("fly_snapping_or_star_gazing does not belong here: it is about the event of group kind.",),
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
        "file_name",
        "reports of another species",
        swap(REPORTS, r"^species: dog", "species: cat"),
        REPORTS,
        "species:",
        ("the reports are those of a cat. Fix: rename the file or correct the species.",),
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
        ("unknown group 'aeg'. Fix: one of kind, onset, duration, place, frequency, age.",),
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
        "below_background",
        "argues against what its syndrome brings",
        swap(
            "dog/osteoarthritis.yaml",
            r"^  avoids_touch: \{p: [^,]+, low: [^,]+",
            "  avoids_touch: {argues_against: true, p: 0.001, low: 0.0005",
        ),
        "dog/osteoarthritis.yaml",
        "  avoids_touch:",
        ("avoids_touch argues against, but the page's syndrome pain brings it",),
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
        swap(PROFILE, r"^syndromes:\n((?:  .*\n)*)", r"syndromes:\n\1  sore:\n    name: x\n    why: x\n" + SORE),
        PROFILE,
        "  sore:",
        ("stiff_gait is in pain too. Fix: leave it in one.",),
    ),
    Break(
        "syndrome_paths",
        "path above the page",
        swap("dog/osteoarthritis.yaml", r"avoids_touch: \{p: [^,]+, low: [^,]+,", "avoids_touch: {p: 0.13, low: 0.01,"),
        "dog/osteoarthritis.yaml",
        "  avoids_touch:",
        ("the syndrome alone brings avoids_touch more often than the 0.13 on the page.",),
    ),
    Break(
        "syndrome_paths",
        "unknown syndrome",
        swap(PAGE, r"^syndromes:\n", f"syndromes:\n  pian: {{p: 0.5, {NEW}\n"),
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
        "graded_signs",
        "levels without shares",
        swap("findings.yaml", DROOLING, r"\1    levels: [mild, severe]\n"),
        PROFILE,
        "",
        ("drooling is graded in findings.yaml or in the profile, not in both.",),
    ),
    Break(
        "graded_signs",
        "one level",
        both(
            swap("findings.yaml", DROOLING, r"\1    levels: [mild]\n"),
            swap(PROFILE, r"\Z", "levels:\n  drooling: {}\n"),
        ),
        PROFILE,
        "\n  drooling: {}",
        ("drooling cannot be graded: it has one level, is no sign, or belongs to a syndrome.",),
    ),
    Break(
        "graded_signs",
        "share of the first level",
        both(
            swap("findings.yaml", DROOLING, r"\1    levels: [mild, severe]\n"),
            swap(PROFILE, r"\Z", f"levels:\n  drooling: {{mild: {{p: 0.9, {NEW}}}\n"),
        ),
        PROFILE,
        "\n  drooling: {mild",
        ("drooling: the levels given are not those above its first (severe).",),
    ),
    Break(
        "graded_signs",
        "worse likelier than bad",
        both(
            swap("findings.yaml", DROOLING, r"\1    levels: [mild, bad, worse]\n"),
            swap(PROFILE, r"\Z", f"levels:\n  drooling: {{bad: {{p: 0.2, {NEW}, worse: {{p: 0.3, {NEW}}}\n"),
        ),
        PROFILE,
        "\n  drooling: {bad",
        ("drooling: a higher level is likelier than a lower.",),
    ),
    Break(
        "graded_signs",
        "unknown level on a page",
        swap(PAGE, r"^(  drooling: \{p: [^,]+, )", rf"\1levels: {{severe: {{p: 0.5, {NEW}}}, "),
        PAGE,
        "  drooling:",
        ("drooling: the levels given are not those above its first (none).",),
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
        "reports_complete",
        "no entry",
        swap(REPORTS, r"^  drooling: .*\n", ""),
        REPORTS,
        "\nfindings:",
        ("drooling has no entry. Fix: say in which manner it comes to be known.",),
    ),
    Break(
        "reports_complete",
        "unknown finding",
        swap(REPORTS, r"^findings:\n", "findings:\n  droolin: {manner: plain_to_see}\n"),
        REPORTS,
        "  droolin:",
        ("unknown finding 'droolin'. Fix: did you mean drooling?",),
    ),
    Break(
        "reports_complete",
        "measured finding",
        swap(REPORTS, r"^findings:\n", "findings:\n  male: {manner: known_fact}\n"),
        REPORTS,
        "  male:",
        ("male is measured or one of a group; nobody reports it singly. Fix: remove the entry.",),
    ),
    Break(
        "reports_complete",
        "finding of a breed",
        swap(REPORTS, r"^findings:\n", "findings:\n  breed_pug: {manner: known_fact}\n"),
        REPORTS,
        "  breed_pug:",
        ("breed_pug is measured or one of a group",),
    ),
    Break(
        "reports_complete",
        "option of a group",
        swap(REPORTS, r"^findings:\n", "findings:\n  tremor_rhythmic: {manner: plain_to_see}\n"),
        REPORTS,
        "  tremor_rhythmic:",
        ("tremor_rhythmic is measured or one of a group",),
    ),
    Break(
        "reports_complete",
        "unknown manner",
        swap(REPORTS, r"^  drooling: .*", "  drooling: {manner: plain}"),
        REPORTS,
        "  drooling:",
        ("unknown manner 'plain'. Fix: one of plain_to_see, unmistakable, ",),
    ),
    Break(
        "reports_complete",
        "manner of nothing",
        swap(REPORTS, r"^manners:\n", "manners:\n" + MANNER.format("guessed")),
        REPORTS,
        "  guessed:",
        ("no finding has the manner guessed. Fix: use it or remove it.",),
    ),
    Break(
        "reports_complete",
        "manner called like a finding",
        both(
            swap(REPORTS, r"^manners:\n", "manners:\n" + MANNER.format("itching")),
            swap(REPORTS, r"^  drooling: .*", "  drooling: {manner: itching}"),
        ),
        REPORTS,
        "  itching:",
        ("itching is a manner and a finding; their figures would be taken for one another. Fix: rename the manner.",),
    ),
    Break(
        "reports_tell",
        "as often false as right",
        swap(
            REPORTS,
            r"^  drooling: .*",
            f"  drooling: {{manner: plain_to_see, lay: {{false_report: {{p: 0.94, {NEW}}}}}",
        ),
        REPORTS,
        "  drooling:",
        ("lay: reported as often when absent (0.94) as when there (0.94). Fix: correct one of the two.",),
    ),
    Break(
        "reports_tell",
        "more often false than right",
        swap(
            REPORTS,
            r"^  drooling: .*",
            "  drooling: {manner: plain_to_see, examination: {sensitivity: {p: 0.001, low: 0.0001, high: 0.01, "
            "basis: estimate, why: x}}}",
        ),
        REPORTS,
        "  drooling:",
        ("examination: reported as often when absent (0.002) as when there (0.001).",),
    ),
    Break(
        "confusion_tables",
        "unknown kind",
        swap(PROFILE, r"^(    twitch_asleep_only: \{)t", r"\1snoring: 0.01, t"),
        PROFILE,
        "    twitch_asleep_only: {snoring",
        ("unknown option 'snoring'. Fix: use an option of the list.",),
    ),
    Break(
        "confusion_tables",
        "wrong names take too much",
        swap(PROFILE, r"^(    twitch_asleep_only: \{twitch_limb: )[^,]+", r"\g<1>0.6"),
        PROFILE,
        "    twitch_asleep_only: {twitch_limb",
        ("the wrong names take too much, or the option names itself. Fix: list wrong names only, together below 0.6.",),
    ),
    Break(
        "confusion_tables",
        "kind that names itself",
        swap(PROFILE, r"^(    twitch_asleep_only: \{)t", r"\1twitch_asleep_only: 0.01, t"),
        PROFILE,
        "    twitch_asleep_only: {twitch_asleep_only",
        ("the wrong names take too much, or the option names itself.",),
    ),
    Break(
        "confusion_tables",
        "unknown option of a choice",
        swap(REPORTS, r"^      onset_over_days: \{", "      onset_over_days: {yesterday: 0.1, "),
        REPORTS,
        "{yesterday",
        ("unknown option 'yesterday'.",),
    ),
    Break(
        "confusion_tables",
        "wrong names of a choice take too much",
        swap(REPORTS, r"^(      since_puppyhood: \{hyperacute_onset_24h: )[^,]+", r"\g<1>0.5"),
        REPORTS,
        "      since_puppyhood:",
        ("the wrong names take too much, or the option names itself.",),
    ),
    Break(
        "confusion_tables",
        "no such choice",
        swap(REPORTS, r"\Z", "  colour: {why: x, called: {red: {blue: 0.1}}}\n"),
        REPORTS,
        "  colour:",
        ("'colour' is no choice group. Fix: name a choice group; names of kinds stand in the profile.",),
    ),
    Break(
        "confusion_tables",
        "kinds among the choices",
        swap(REPORTS, r"\Z", "  kind: {why: x, called: {tremor_rhythmic: {twitch_limb: 0.1}}}\n"),
        REPORTS,
        "  kind:",
        ("'kind' is no choice group.",),
    ),
    Break(
        "event_syndromes",
        "sign among the members",
        swap(PROFILE, r"^(event_syndromes:\n(?:.*\n)*?    members:\n)", rf"\1      itching: {{p: 0.5, {NEW}\n"),
        PROFILE,
        "      itching:",
        ("itching is no yes/no property of the event. Fix: remove it.",),
    ),
    Break(
        "event_syndromes",
        "option among the members",
        swap(PROFILE, r"^(event_syndromes:\n(?:.*\n)*?    members:\n)", rf"\1      age_11_or_over: {{p: 0.5, {NEW}\n"),
        PROFILE,
        "      age_11_or_over: {p: 0.5, low: 0.01",
        ("age_11_or_over is no yes/no property of the event.",),
    ),
    Break(
        "event_syndromes",
        "unknown member",
        swap(PROFILE, r"^(event_syndromes:\n(?:.*\n)*?    members:\n)", rf"\1      falls: {{p: 0.5, {NEW}\n"),
        PROFILE,
        "      falls:",
        ("falls is no yes/no property of the event.",),
    ),
    Break(
        "event_syndromes",
        "kind left out",
        swap(PROFILE, r"^(event_syndromes:\n(?:.*\n)*?)        head_bob_tremor:", r"\1        nodding:"),
        PROFILE,
        "\n    kinds:",
        ("the kinds are not those of the group. Fix: list every kind once.",),
    ),
    Break(
        "event_syndromes",
        "two of them",
        lambda folder: second_event_syndrome(folder, "normal_between_episodes"),
        PROFILE,
        "\nevent_syndromes:",
        ("several event syndromes claim the kinds. Fix: keep one until kinds of movement can belong to two.",),
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
        swap("questions.yaml", r"\Z", '  - {id: made_up, text: {dog: "x"}, group: sleep, effort: 1}\n'),
        "questions.yaml",
        "{id: made_up",
        ("unknown group 'sleep'. Fix: correct the group.",),
    ),
    Break(
        "themes_known",
        "a theme that is no line",
        swap("questions.yaml", r"theme: skin\n", "theme: furr\n"),
        "questions.yaml",
        "- id: skin_signs",
        ("skin_signs: unknown theme 'furr' for a dog. Fix: name a line of the overview that has words for it.",),
    ),
    Break(
        "themes_known",
        "a line without a question",
        swap("questions.yaml", r"theme: chest\n", "theme: skin\n"),
        "questions.yaml",
        "- {id: chest",
        ("no question has the theme 'chest'. Fix: give one or take it out.",),
    ),
    Break(
        "families_complete",
        "an option in no family",
        swap("questions.yaml", r"items: \[twitch_asleep_only, ", "items: ["),
        "questions.yaml",
        "- id: kind",
        ("twitch_asleep_only is in 0 families. Fix: put it in exactly one.",),
    ),
    Break(
        "families_complete",
        "an option in two families",
        swap("questions.yaml", r"items: \[spasm_sustained, ", "items: [spasm_sustained, twitch_limb, "),
        "questions.yaml",
        "- id: kind",
        ("twitch_limb is in 2 families. Fix: put it in exactly one.",),
    ),
    Break(
        "families_complete",
        "no option of the group",
        swap("questions.yaml", r"items: \[spasm_sustained, ", "items: [spasm_sustained, itching, "),
        "questions.yaml",
        "- id: kind",
        ("itching is in a family but no option of kind. Fix: correct the id or take it out.",),
    ),
    Break(
        "families_complete",
        "two of one name",
        swap("questions.yaml", r"\{id: shaking, ", "{id: fit_or_absent, "),
        "questions.yaml",
        "- id: kind",
        ("two families are called fit_or_absent. Fix: give each its own id.",),
    ),
    Break(
        "families_complete",
        "of a question without a group",
        swap(
            "questions.yaml",
            r"(items: \[weight_under_10kg, weight_40kg_or_more\]\n)",
            r'\1    families: [{id: light, text: {dog: "x"}, items: [weight_under_10kg]}]\n',
        ),
        "questions.yaml",
        "- id: weight",
        ("families without a group. Fix: name the group they divide.",),
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
        swap(PROFILE, r"^weight_bands:\n", "weight_bands:\n  - {finding: weight_tiny, at_least: 0, below: 1}\n"),
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
        "implications",
        "alone no kind",
        swap(
            "findings.yaml", r"(- id: paralysis\n(?:    .*\n)*?)    implies: ", r"\1    alone: itching\n    implies: "
        ),
        "findings.yaml",
        "- id: paralysis",
        ("paralysis: 'itching' is no kind of movement.",),
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
    Break(
        "wording_complete",
        "nothing said of who is too young",
        swap(PROFILE, r"^weight_bands:", "stops:\n  - {below_years: 0.1, level: today, why: so}\nweight_bands:"),
        "wording.yaml",
        "\n  dog:",
        ("dog has no too_young, and its profile has stops. Fix: say what to do instead.",),
    ),
    Break(
        "wording_complete",
        "no poison and nothing said instead",
        swap("toxins.yaml", r"species: \{dog:", "species: {cat:"),
        "wording.yaml",
        "\n  dog:",
        ("dog has no no_doses, and it has no poison with doses. Fix: say what to do instead.",),
    ),
    Break(
        "unfit_words",
        "a word of another species",
        both(
            swap("words.yaml", r"^unfit:\n", "unfit:\n  dog: [zebra]\n"),
            swap(SLEEP, r'^summary: "', 'summary: "No zebra. '),
        ),
        SLEEP,
        "summary:",
        ("'zebra' is said of a dog: 'No zebra. ",),
    ),
    Break(
        "hard_words",
        "long word",
        swap(SLEEP, r'^summary: "', 'summary: "Involuntariness. '),
        SLEEP,
        "summary:",
        ("'involuntariness' is a long word nobody has judged. Fix: use a plainer one, or list it in words.yaml.",),
        "warning",
    ),
    Break(
        "hard_words",
        "word without a plain one",
        swap(SLEEP, r'^summary: "', 'summary: "Meningioma. '),
        SLEEP,
        "summary:",
        ("'meningioma' stands without a plain word beside it. Fix: explain it, for example with 'tumour'.",),
        "warning",
    ),
    Break(
        "reading_age",
        "long sentence",
        swap(
            SLEEP, r'^summary: ".*"', 'summary: "' + "the dog is asleep and it moves because it dreams and " * 30 + '"'
        ),
        SLEEP,
        "summary:",
        ("years of school, more than 7. Fix: shorten the sentences, use shorter words.",),
        "warning",
    ),
]


def issues(folder: Path) -> list[Issue]:
    """Everything the lints say about a folder."""
    return check_all(folder)


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """A file that is the same in a hundred copies is read once; what was read is never changed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "read_yaml", lru_cache(maxsize=256)(loader.read_yaml))
        yield


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
    assert sorted({each.lint for each in BREAKS}) == sorted(each.__name__ for each in (*lint.LINTS, *lint.ACROSS))


@pytest.mark.slow
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
    for table in ("LINTS", "ACROSS"):
        monkeypatch.setattr(lint, table, tuple(e for e in getattr(lint, table) if e.__name__ != broken.lint))
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


def test_a_member_belongs_to_one_event_syndrome(folder: Path, usual: frozenset[str]) -> None:
    """What two of them claim is told beside the fault that there are two."""
    second_event_syndrome(folder, "jaw_champing")
    found = [issue.wrong for issue in new(issues(folder), usual)]
    assert found == ["jaw_champing is a member of fit too.", "several event syndromes claim the kinds."]


def test_a_syndrome_of_the_event_is_not_called_like_one_of_signs(folder: Path, usual: frozenset[str]) -> None:
    """A page that lists the id could mean either."""
    swap(PROFILE, r"^  fit:", "  pain:")(folder)
    found = new(issues(folder), usual)
    (clash,) = [issue for issue in found if "could mean either" in issue.wrong]
    assert clash.line == line_of(folder, PROFILE, "\nevent_syndromes:") + 1
    assert {issue.wrong for issue in found if issue is not clash} == {"unknown syndrome 'fit'."}


def test_a_reliability_counts_for_the_reasons_that_stand_behind_many_numbers(
    folder: Path, usual: frozenset[str]
) -> None:
    """One reason behind six reliabilities was not thought through singly either."""
    swap(REPORTS, r'^(          why: )"[^"]*"', r'\1"A guess."', count=6)(folder)
    (issue,) = new(issues(folder), usual)
    assert issue.file == REPORTS
    assert issue.wrong == "the same reason stands behind 6 numbers ('A guess.')."


def test_the_years_of_school_are_those_of_the_formula() -> None:
    """Worked by hand: 6 words, 1 sentence, 6 syllables; and 4 words, 2 sentences, 14 syllables."""
    reading = load("dog").words.reading
    assert years_of_school("The cat sat on the mat.", reading) == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    told = years_of_school("Observe temperature. Telephone immediately!", reading)
    assert told == pytest.approx(0.39 * 2 + 11.8 * 14 / 4 - 15.59)
    assert years_of_school("37.5 %", reading) == 0.0

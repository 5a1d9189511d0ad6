"""What was read from somebody's own words, as lines to confirm."""

from __future__ import annotations

from typing import Any

from fascicle.knowledge.base import Knowledge
from fascicle.model import Status
from fascicle.web.context import Heard
from fascicle.web.forms import Form
from fascicle.web.questions import PLACE
from fascicle.web.story import ABSENT, PRESENT, UNSURE, WORDS, Story

AROUND = 36
"""Letters of the sentence shown on either side; a matter of layout."""


def heard_in(story: Story, knowledge: Knowledge, reading: Any, form: Form | None) -> tuple[Heard, ...]:
    """Suggestions with the sentence each came from. Sure ones are preset; the person confirms all."""
    known = story.answer(WORDS)
    answers = {PRESENT: "present", ABSENT: "absent", UNSURE: "unknown"}
    found = []
    for suggestion in reading.suggestions if reading is not None else ():
        finding = knowledge.findings.get(suggestion.finding)
        if finding is None or finding.group == PLACE:  # the place is asked on the next page, with a map
            continue
        start, end = suggestion.words
        text = story.text or ""
        preset = "present" if suggestion.status is Status.PRESENT else "absent"
        answer = preset if suggestion.sure else ""
        if known is not None:
            answer = answers.get(known.said.get(finding.id, ""), answer)
        if form is not None:
            answer = form.one(f"s_{finding.id}")
        before, after = _around(text, start, end)
        found.append(Heard(finding.id, finding.ask[knowledge.species], before, text[start:end], after, answer))
    return tuple(found)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """A few whole words on either side."""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    if start > AROUND:
        before = "… " + before.partition(" ")[2]
    if len(text) > end + AROUND:
        after = after.rpartition(" ")[0] + " …"
    return before, after

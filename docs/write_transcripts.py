"""Writes the interview transcripts in the README from real runs: make transcripts."""

from __future__ import annotations

import contextlib
import io
import re
import sys
from pathlib import Path

from fascicle import load
from fascicle.terminal import interview

ROOT = Path(__file__).parent.parent
STORIES = {
    "flea": {
        "back_skin_twitch_on_touch", "flinch_pain_on_back_touch", "itching", "overgrooming_or_self_biting",
        "hair_loss_back_or_tail_base", "red_or_scabby_skin", "flea_prevention_lapsed", "twitch_single_site_persistent",
        "episodes_multiple_per_day", "onset_over_weeks_or_months", "episode_lasts_under_1s", "age_3_to_7_years",
        "normal_between_episodes",
    },
    "slug": {"twitch_generalised", "tremor_rhythmic", "slug_bait_access", "drooling", "wobbly_gait"},
}  # fmt: skip


def transcript(told: set[str]) -> str:
    """Run the interview with an owner who knows exactly this, and return all that stands on the screen."""
    knowledge = load("dog")
    screen = io.StringIO()

    def reply(words: str) -> str:
        lines = screen.getvalue().rsplit("\n\n", 1)[-1]
        numbered = re.findall(r"^ +(\d+)  (.+(?:\n      .+)*)", lines, re.MULTILINE)
        shown = {int(n): " ".join(text.split()) for n, text in numbered}
        said = {f.ask["dog"] for f in knowledge.findings.values() if f.id in told}
        said |= {f.name for f in knowledge.findings.values() if f.id in told}
        said |= {
            f.text["dog"]
            for q in (*knowledge.questions, knowledge.overview)
            if q is not None
            for f in q.families
            if not told.isdisjoint(f.items)
        }
        picked = [str(n) for n, text in shown.items() if text in said]
        if "stop here" in words:
            answer = "1"
        elif picked:
            answer = " ".join(picked)
        else:
            answer = "n" if "none of these" in words else "s"
        screen.write(f"{words}{answer}\n")
        return answer

    with contextlib.redirect_stdout(screen):
        interview(knowledge, ask=reply)
    return screen.getvalue()


def with_transcripts(readme: str) -> str:
    """The README with each transcript between its markers replaced by a fresh one."""
    for name, told in STORIES.items():
        start, end = f"<!-- transcript {name} -->", f"<!-- end {name} -->"
        before, rest = readme.split(start)
        _, after = rest.split(end)
        readme = f"{before}{start}\n```text\n$ make ask\n{transcript(told).rstrip()}\n```\n{end}{after}"
    return readme


if __name__ == "__main__":
    path = ROOT / "README.md"
    path.write_text(with_transcripts(path.read_text(encoding="utf-8")), encoding="utf-8")
    sys.exit(0)

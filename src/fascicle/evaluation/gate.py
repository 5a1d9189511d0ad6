"""The gate of continuous integration: this version's answers against the baseline kept in the repository.

Compared case by case on the vignettes both hold. Urgency is judged by what the baseline calls acceptable, so no case becomes
easier in the change that gets it wrong. Two things fail: an urgent case that becomes too low, and a net loss of two cases
and 2 points in top-3 or in harmless cases kept. What is new, removed or judged otherwise is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from fascicle.errors import CaseError
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import AcceptedUrgency, Vignette
from fascicle.knowledge.figures import Strict
from fascicle.knowledge.schema import LevelId
from fascicle.model import Level

CASES, POINTS = 2, 2
"""A net loss fails when it is at least so many cases and at least so many percentage points."""
MEND = "Take it from the last good commit (git checkout <commit> -- <file>), or write it anew from the vignettes."


class Entry(Strict):
    """What one version said to one vignette: level given, least and most acceptable, credit for the first three."""

    level: LevelId
    least: LevelId
    most: LevelId
    top3: Annotated[float, Field(ge=0, le=1)]


Baseline = Mapping[str, Entry]


@dataclass(frozen=True)
class Verdict:
    """failures: what may not be merged, one sentence each. notices: what a reader should know."""

    failures: tuple[str, ...]
    notices: tuple[str, ...]


def of(scored: Sequence[Scored]) -> dict[str, Entry]:
    """What this version says, by vignette."""
    return {s.vignette.id: _entry(s.vignette, s.level, s.credit(3)) for s in scored}


def _entry(vignette: Vignette, level: Level, credit: float) -> Entry:
    accepted: AcceptedUrgency = vignette.urgency
    return Entry(level=level.id, least=accepted.least, most=accepted.most, top3=credit)  # type: ignore[arg-type]


def write(file: Path, baseline: Baseline) -> None:
    """Write a baseline, one line a vignette in the order of ids, so that a difference shows the cases that changed."""
    lines = [f"{json.dumps(name)}: {json.dumps(entry.model_dump())}" for name, entry in sorted(baseline.items())]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8", newline="\n")


def read(file: Path) -> dict[str, Entry]:
    """Return a baseline. Raises CaseError, one message, when it is missing, damaged or empty."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_once)
        entries = {name: Entry.model_validate_json(json.dumps(entry)) for name, entry in found.items()}
    except OSError as error:
        raise CaseError(f"the baseline {file} cannot be read ({error.strerror}). {MEND}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "an entry"
        raise CaseError(f"the baseline {file} is damaged ({where}: {first['msg']}). {MEND}") from None
    except (ValueError, AttributeError, RecursionError) as error:
        raise CaseError(f"the baseline {file} is damaged ({error}). {MEND}") from None
    if not entries:
        raise CaseError(f"the baseline {file} holds no vignettes, so nothing could fail. {MEND}")
    return entries


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a key that stands twice, as after a careless merge, is an error."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)} stands twice")
    return found


def compare(baseline: Baseline, now: Baseline, log: str = "") -> Verdict:
    """Compare this version's answers with the baseline's.

    log: the text of docs/vignette-log.md, in which a vignette that was removed must be named.
    """
    both = sorted(baseline.keys() & now.keys())
    failures, notices = [], []
    for name in both:
        before, after = baseline[name], now[name]
        least = Level.of(before.least)
        levels = f"from {before.level} to {after.level}; at least {before.least} is needed."
        urgent, low = least >= Level.TODAY, Level.of(after.level) < least
        if urgent and low and Level.of(before.level) >= least:
            failures.append(f"{name}: an urgent case became too low, {levels}")
        elif low and Level.of(after.level) < Level.of(before.level):
            notices.append(f"{name}: too low and lower than before, {levels}")
        if (before.least, before.most) != (after.least, after.most):
            told = f"{before.least} to {before.most} was acceptable, now {after.least} to {after.most}"
            notices.append(f"{name}: {told}; judged by the baseline until there is a new one.")
    harmless = [name for name in both if Level.of(baseline[name].most) <= Level.ROUTINE]
    failures += _net_loss("top-3", {name: (baseline[name].top3, now[name].top3) for name in both})
    failures += _net_loss("harmless kept", {name: (_kept(baseline[name]), _kept(now[name])) for name in harmless})
    for name in sorted(baseline.keys() - now.keys()):
        if re.search(rf"\b{re.escape(name)}\b", log):
            notices.append(f"{name}: removed, as docs/vignette-log.md says.")
        else:
            failures.append(f"{name}: removed without a word; docs/vignette-log.md needs a line that says why.")
    notices += [f"{name}: not in the baseline yet." for name in sorted(now.keys() - baseline.keys())]
    return Verdict(tuple(failures), tuple(notices))


def _kept(entry: Entry) -> float:
    """1 when a case is told routine or below."""
    return float(Level.of(entry.level) <= Level.ROUTINE)


def _net_loss(measure: str, credits: Mapping[str, tuple[float, float]]) -> list[str]:
    """The failure of one measure if there is one. credits: vignette -> before, now."""
    lost = {name: before - now for name, (before, now) in credits.items() if before != now}
    net = sum(lost.values())
    if net < CASES or 100 * net < POINTS * len(credits):
        return []
    worse, better = ([f"{n} ({-by:+g})" for n, by in lost.items() if (by > 0) is down] for down in (True, False))
    return [
        f"{measure}: a net loss of {net:g} of {len(credits)} cases ({100 * net / len(credits):.1f} points). "
        f"Worse: {', '.join(worse)}. Better: {', '.join(better) or 'none'}."
    ]


def unexplained(before: Baseline, after: Baseline, touched: Collection[str], changelog: str) -> list[str]:
    """What is wrong with a change of the baseline itself; an empty list when nothing is.

    before, after: the baseline without and with the change. touched: paths the change touches. changelog: the lines it adds
    to CHANGELOG.md. New vignettes come alone, without changed entries and without a change below src/; any other
    new baseline has its reason in a line with the word baseline.
    """
    added = sorted(after.keys() - before.keys())
    other = sorted(name for name in before if name not in after or before[name] != after[name])
    sources = sorted(path for path in touched if path.startswith("src/"))
    found = []
    if added and (other or sources):
        beside = ", ".join([*other, *sources])
        found.append(
            f"new vignettes enter the baseline in a commit of their own: {', '.join(added)} stand beside {beside}."
        )
    if other and "baseline" not in changelog.lower():
        found.append(
            f"the baseline of {', '.join(other)} changes: CHANGELOG.md needs a line on the baseline that says why."
        )
    return found

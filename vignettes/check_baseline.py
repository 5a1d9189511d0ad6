"""Did every change of vignettes/baseline.json follow the rules of CONTRIBUTING.md? Looks at the commits at hand, with git.

New vignettes enter the baseline in a commit of their own; any other new baseline gives its reason in CHANGELOG.md: the rule
is `fascicle.evaluation.gate.unexplained`, this finds what it is applied to. Stands here because the package itself starts no
other program. Run by continuous integration; exit code 1 and a line for each fault.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from fascicle.errors import CaseError
from fascicle.evaluation.gate import Entry, unexplained

BASELINE, CHANGELOG = "vignettes/baseline.json", "CHANGELOG.md"


def faults(root: Path, baseline: str = BASELINE) -> list[str]:
    """Return what is wrong with each commit at hand that changed an existing baseline, newest first; one sentence each.

    root: the work tree. baseline: path of the file within it. The first baseline needs no reason. In a merge only what no
    parent has counts. Where only the last commits are at hand (a shallow clone) the oldest is taken as read. A few
    hundredths of a second a commit. Raises CaseError where git or the repository is missing.
    """
    found = []
    for line in _git(root, "log", "--full-history", "--format=%H %P", "--", baseline).splitlines():
        commit, *parents = line.split()
        after, befores = _entries(root, commit, baseline), [_entries(root, parent, baseline) for parent in parents]
        if any(befores):
            touched = _git(root, "diff-tree", "-r", "-c", "--name-only", "--no-commit-id", commit).splitlines()
            told = _git(root, "diff", parents[0], commit, "--", CHANGELOG).splitlines()
            added = [one[1:] for one in told if one.startswith("+") and not one.startswith("+++")]
            wrong = unexplained(_before(befores, after), after, touched, "\n".join(added))
            found += [f"{commit[:12]}: {fault}" for fault in wrong]
    return found


def _before(parents: Sequence[Mapping[str, Entry]], after: Mapping[str, Entry]) -> dict[str, Entry]:
    """What a commit started from: the entry of whichever parent it keeps, else of the first that has one."""
    found: dict[str, Entry] = {}
    for name in dict.fromkeys(name for parent in parents for name in parent):
        had = [parent.get(name) for parent in parents]
        kept = after.get(name)
        before = kept if kept in had else next(entry for entry in had if entry is not None)
        if before is not None:
            found[name] = before
    return found


def _entries(root: Path, commit: str, baseline: str) -> dict[str, Entry]:
    """The baseline as a commit has it; empty where it has none or is not at hand."""
    if not _git(root, "ls-tree", commit, "--", baseline, missing_is_empty=True):
        return {}
    kept = json.loads(_git(root, "show", f"{commit}:{baseline}"))
    return {name: Entry.model_validate_json(json.dumps(entry)) for name, entry in kept.items()}


def _git(root: Path, *arguments: str, missing_is_empty: bool = False) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, encoding="utf-8")
    except FileNotFoundError:
        raise CaseError("git is not installed, so the changes of the baseline cannot be checked.") from None
    if done.returncode and not missing_is_empty:
        raise CaseError(f"git {arguments[0]} failed in {root}: {done.stderr.strip()}")
    return "" if done.returncode else done.stdout


if __name__ == "__main__":
    try:
        wrong = faults(Path(__file__).parents[1])
    except CaseError as error:
        sys.exit(f"error: {error}")
    sys.exit("\n".join(wrong) or 0)

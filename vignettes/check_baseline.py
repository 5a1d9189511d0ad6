"""Did every change of vignettes/baseline.json follow the rules of CONTRIBUTING.md? Looks at the commits at hand.

New vignettes enter in a commit of their own; any other new baseline gives its reason in CHANGELOG.md. Run by continuous
integration.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from fascicle.evaluation.gate import Entry, unexplained

ROOT = Path(__file__).parents[1]
BASELINE = "vignettes/baseline.json"


def git(*arguments: str) -> str:
    """What git prints, nothing where there is nothing."""
    return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True).stdout


def baseline(commit: str) -> dict[str, Entry]:
    """The baseline as a commit has it, empty before there was one."""
    text = git("show", f"{commit}:{BASELINE}")
    return {name: Entry.model_validate_json(json.dumps(entry)) for name, entry in json.loads(text or "{}").items()}


def faults() -> list[str]:
    """What is wrong with each commit that changed an existing baseline."""
    found = []
    for commit in git("log", "--format=%H", "--", BASELINE).split():
        before = baseline(f"{commit}^")
        if before:
            touched = git("diff-tree", "--no-commit-id", "--name-only", "-r", commit).split()
            added = [
                line[1:]
                for line in git("show", "--format=", commit, "--", "CHANGELOG.md").splitlines()
                if line[:1] == "+"
            ]
            found += [
                f"{commit[:12]}: {fault}" for fault in unexplained(before, baseline(commit), touched, "\n".join(added))
            ]
    return found


if __name__ == "__main__":
    wrong = faults()
    print(*wrong, sep="\n", end="\n" if wrong else "")
    sys.exit(bool(wrong))

"""The rules for a new baseline, looked up in the commits of small repositories made for it."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from fascicle import CaseError

ROOT = Path(__file__).parents[2]
SCRIPT = runpy.run_path(str(ROOT / "vignettes" / "check_baseline.py"))
faults, BASELINE = SCRIPT["faults"], SCRIPT["BASELINE"]
CALM, URGENT = ({"level": x, "least": "normal", "most": "emergency_now", "top3": 1.0} for x in ("watch", "today"))


def git(root: Path, *arguments: str) -> str:
    """What git prints, whatever the settings of the person who runs the tests."""
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(root), *who, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def commit(root: Path, entries: dict[str, object] | None, **files: str) -> str:
    """Commit a baseline and other files, given by name with __ for / and _dot_ for a dot; return the short id."""
    if entries is not None:
        (root / "vignettes").mkdir(exist_ok=True)
        (root / BASELINE).write_text(json.dumps(entries), encoding="utf-8")
    for name, text in files.items():
        file = root / name.replace("__", "/").replace("_dot_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "a change")
    return git(root, "rev-parse", "HEAD")[:12]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a first baseline of one case, made beside sources and without a reason."""
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, {"a": CALM}, CHANGELOG_dot_md="# Changelog\n", src__x_dot_py="1\n")
    return tmp_path


def test_the_first_baseline_needs_no_reason(root: Path) -> None:
    """There is nothing it could be worse than; changes of other files are not looked at."""
    commit(root, None, src__x_dot_py="2\n")
    assert faults(root) == []


def test_new_vignettes_come_in_a_commit_of_their_own(root: Path) -> None:
    """With their files and nothing below src; beside a change of the program they are named with it, and the commit too."""
    commit(root, {"a": CALM, "b": URGENT}, vignettes__dog__b_dot_yaml="id: b\n")
    assert faults(root) == []
    mixed = commit(root, {"a": CALM, "b": URGENT, "c": CALM}, src__x_dot_py="3\n")
    (fault,) = faults(root)
    assert fault.startswith(f"{mixed}: new vignettes enter the baseline in a commit of their own: c")
    assert "src/x.py" in fault


def test_any_other_new_baseline_gives_its_reason(root: Path) -> None:
    """A changed or removed case needs an added line on the baseline in CHANGELOG, in the same commit."""
    commit(root, {"a": URGENT}, CHANGELOG_dot_md="# Changelog\n- New baseline: fits are seen today.\n")
    assert faults(root) == []
    silent = commit(root, {"a": CALM}, src__x_dot_py="4\n")
    gone = commit(root, {"b": CALM}, CHANGELOG_dot_md="# Changelog\n")
    found = faults(root)
    assert [fault.split(":")[0] for fault in found] == [gone, gone, silent]
    assert "stand beside a" in found[0]
    assert "the baseline of a changes: CHANGELOG.md needs a line" in found[1]
    assert "the baseline of a changes: CHANGELOG.md needs a line" in found[2]


def test_a_reason_taken_away_is_none(root: Path) -> None:
    """Only added lines count, though the word stands in the difference."""
    commit(root, None, CHANGELOG_dot_md="# Changelog\n- New baseline: once.\n")
    commit(root, {"a": URGENT}, CHANGELOG_dot_md="# Changelog\n")
    assert len(faults(root)) == 1


def test_a_change_hidden_in_a_merge_is_found(root: Path) -> None:
    """Two branches, and a baseline that neither of them had."""
    git(root, "checkout", "-q", "-b", "side")
    commit(root, None, README="side\n")
    git(root, "checkout", "-q", "main")
    commit(root, None, CONTRIBUTING="main\n")
    git(root, "merge", "-q", "--no-commit", "side")
    merged = commit(root, {"a": URGENT})
    assert [fault.split(":")[0] for fault in faults(root)] == [merged]


def test_a_merge_of_two_good_branches_is_good(root: Path) -> None:
    """Both add a case, one changes the program besides in another commit: the merge itself changes nothing."""
    git(root, "checkout", "-q", "-b", "side")
    commit(root, {"a": CALM, "b": CALM})
    commit(root, None, src__x_dot_py="5\n")
    git(root, "checkout", "-q", "main")
    commit(root, {"a": CALM, "c": CALM})
    git(root, "merge", "-q", "--no-commit", "-X", "ours", "side")
    commit(root, {"a": CALM, "b": CALM, "c": CALM})
    assert faults(root) == []


def test_a_shallow_clone_is_checked_as_far_as_it_goes(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As continuous integration may have it: the oldest commit at hand has no parent and is taken as read."""
    commit(root, {"a": URGENT})
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", "--depth", "1", root.as_uri(), str(clone))
    assert faults(clone) == []


def test_a_folder_without_a_repository_is_one_clear_error(tmp_path: Path) -> None:
    """Nothing passes as checked that was not."""
    with pytest.raises(CaseError, match="git log failed"):
        faults(tmp_path)


def test_the_command_of_continuous_integration_passes_today() -> None:
    """The commits of this repository follow the rules; from an unpacked archive there is none to ask."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a repository")
    done = subprocess.run([sys.executable, str(ROOT / "vignettes/check_baseline.py")], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

"""Times loading, assessing and the whole command, and the error of the engine: make bench.

Medians of repeated runs on one core; ratios matter more than milliseconds. Writes docs/benchmarks.md.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import mpmath  # noqa: E402
import numpy as np  # noqa: E402

from alone import peak_of  # noqa: E402
from fascicle import Case, assess, load, next_question  # noqa: E402
from fascicle.engine import oracle  # noqa: E402
from fascicle.engine.network import Network, Observation  # noqa: E402
from fascicle.engine.posterior import posterior  # noqa: E402
from fascicle.engine.reduce import active, patterns  # noqa: E402
from fascicle.evaluation.vignettes import load_vignettes, with_pages  # noqa: E402
from fascicle.knowledge import loader  # noqa: E402
from fascicle.networks import compiled  # noqa: E402

ROOT = Path(__file__).parent.parent
SIGNS = [
    "itching", "overgrooming_or_self_biting", "hair_loss_back_or_tail_base", "red_or_scabby_skin", "stiff_gait",
    "reluctant_to_jump_or_climb", "avoids_touch", "poor_sleep", "lethargy", "panting_restless", "wobbly_gait",
    "weakness_limbs", "drooling", "vomiting", "fever_or_hot", "exaggerated_startle",
]  # fmt: skip


def median(run: Callable[[], object], times: int) -> float:
    """Median seconds of a call."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def command() -> list[str]:
    """The whole command as a process, against a bare interpreter and an interpreter that imports NumPy."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.yaml"
        case.write_text("species: dog\nage_years: 4\npresent: [back_skin_twitch_on_touch, itching]\n", encoding="utf-8")
        for label, code in (
            ("python -c pass", ["-c", "pass"]),
            ("python -c 'import numpy'", ["-c", "import numpy"]),
            ("python -c 'import pydantic, numpy'", ["-c", "from pydantic import BaseModel; import numpy"]),
            ("fascicle assess CASE.yaml", ["-m", "fascicle.cli", "assess", str(case)]),
        ):
            call = [sys.executable, *code]
            subprocess.run(call, check=True, capture_output=True)
            wall = median(lambda call=call: subprocess.run(call, check=True, capture_output=True), 9)
            rows.append(f"| {label} | {1000 * wall:.0f} |")
        env = {**os.environ, "FASCICLE_CACHE": ""}
        call = [sys.executable, "-m", "fascicle.cli", "assess", str(case)]
        wall = median(lambda: subprocess.run(call, check=True, capture_output=True, env=env), 5)
        rows.append(f"| fascicle assess CASE.yaml, nothing cached | {1000 * wall:.0f} |")
    return ["| whole process, start to end | ms |", "| --- | --- |", *rows]


def many_pages(folder: Path, count: int) -> Path:
    """A copy of the knowledge grown to `count` cause pages (copies with a negligible rate and prevalence)."""
    data = folder / "data"
    shutil.copytree(loader.DATA, data)
    originals = [p for p in sorted((data / "dog").glob("*.yaml")) if p.stem != "other"]
    for i in range(count - len(originals) - 1):
        page = originals[i % len(originals)]
        text = page.read_text(encoding="utf-8").replace(f"id: {page.stem}\n", f"id: copy_{i}\n", 1)
        for key in ("rate", "prevalence"):
            tiny = f"{key}: {{value: 0.0000001, low: 0.00000001, high: 0.000001,"
            text = re.sub(rf"^{key}: \{{value: [^,]+, low: [^,]+, high: [^,]+,", tiny, text, flags=re.MULTILINE)
        text = re.sub(r'why: "', lambda _, i=i: f'why: "copy {i}: ', text)
        (data / "dog" / f"copy_{i}.yaml").write_text(text, encoding="utf-8")
    return data


def loading() -> list[str]:
    """Reading strictly, and from the kept copy, at today's size and at 100 pages."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["FASCICLE_CACHE"] = str(Path(folder) / "cache")
        for label, data in (("today", loader.DATA), ("100 pages", many_pages(Path(folder), 100))):
            size = sum(p.stat().st_size for p in data.rglob("*.yaml")) / 1000
            pages = len(list((data / "dog").glob("*.yaml")))
            strict = median(lambda data=data: loader.load("dog", data, use_cache=False), 3)
            loader.load("dog", data)
            kept = median(lambda data=data: loader.load("dog", data), 9)
            rows.append(f"| {label} | {pages} | {size:.0f} | {1000 * strict:.0f} | {1000 * kept:.0f} |")
        del os.environ["FASCICLE_CACHE"]
    return [
        "| knowledge | pages | kB of YAML | strict reading, ms | kept copy, ms |",
        "| --- | --- | --- | --- | --- |",
        *rows,
    ]


def warm() -> list[str]:
    """A whole assessment: posterior, 200 draws, contributions, bystanders, next question."""
    rows = []
    compiled(load("dog"))
    for k in (1, 2, 4, 6, 8, 10, 12):
        told = ["back_skin_twitch_on_touch", *SIGNS[: k - 1]]
        case = Case("dog", age_years=5, present=told, absent=["pale_gums", "collapse"])
        assess(case)
        rows.append(f"| {k} | {1000 * median(lambda case=case: assess(case), 7):.0f} |")
    return ["| present findings (one kind, the rest signs) | whole assessment, ms |", "| --- | --- |", *rows]


def partial_answers(case: Case) -> list[Case]:
    """The case as it grows in an interview: nothing told yet, then one answer more each time, as listed in the vignette."""
    grown = [replace(case, present=(), absent=(), choices={})]
    for group, option in case.choices.items():
        grown.append(replace(grown[-1], choices={**grown[-1].choices, group: option}))
    for finding in case.present:
        grown.append(replace(grown[-1], present=[*grown[-1].present, finding]))
    for finding in case.absent:
        grown.append(replace(grown[-1], absent=[*grown[-1].absent, finding]))
    return grown


def published() -> list[str]:
    """Whole assessments and interview steps over every published case, and the memory of a process at work, with bars."""
    knowledge = load("dog")
    cases = [v.as_case() for v in with_pages(load_vignettes(ROOT / "vignettes"))[0] if v.scope == "in"]
    for case in cases:
        assess(case, knowledge)
    whole = [1000 * median(lambda case=case: assess(case, knowledge), 7) for case in cases]
    states = [state for case in cases for state in partial_answers(case)]
    steps = [1000 * median(lambda state=state: next_question(state, knowledge), 3) for state in states]
    held = memory()
    rows = [
        (f"whole assessment (posterior, 200 draws, leave-one-out, next question), {len(whole)} published cases, median",
         statistics.median(whole), 60, "ms"),
        ("the same, 99th percentile", float(np.percentile(whole, 99)), 150, "ms"),
        (f"interview step (posterior and next question), {len(steps)} states of these cases, one answer more each time, median",
         statistics.median(steps), 15, "ms"),
        ("the same, 99th percentile", float(np.percentile(steps, 99)), None, "ms"),
        ("peak memory of a warm process: knowledge loaded, 20 assessments", held, 150, "MB"),
    ]  # fmt: skip
    return [
        "| published cases | measured | bar | met |",
        "| --- | --- | --- | --- |",
        *(
            f"| {label} | {value:.0f} {unit} | {'' if bar is None else f'≤ {bar} {unit}'} "
            f"| {'' if bar is None else 'yes' if value <= bar else 'no'} |"
            for label, value, bar, unit in rows
        ),
    ]


def memory() -> float:
    """Peak MB of a new process that loads the knowledge and assesses 20 published cases."""
    code = """
import sys; from pathlib import Path; from fascicle import assess, load
from fascicle.evaluation.vignettes import load_vignettes, with_pages
knowledge, cases = load("dog"), [v.as_case() for v in with_pages(load_vignettes(Path(sys.argv[1])))[0] if v.scope == "in"]
for i in range(20): assess(cases[i % len(cases)], knowledge)
"""
    return peak_of(code, str(ROOT / "vignettes"))


def reference(network: Network, told: Observation) -> list[mpmath.mpf]:
    """P(R | signs) in 80 digits: inclusion-exclusion for every pattern of the syndromes, added up."""
    with mpmath.workdps(80):
        parts = [exact_joint(n, o) for n, o in patterns(network, told, active(network, told))]
        joint = [mpmath.fsum(column) for column in zip(*parts, strict=True)]
        return [j / mpmath.fsum(joint) for j in joint]


def exact_joint(network: Network, told: Observation) -> list[mpmath.mpf]:
    """Rate x P(present and absent signs | cause) for every cause, by inclusion-exclusion over the present ones."""
    order = [*told.absent, *told.present]
    n, one = len(network.causes), mpmath.mpf(1)
    link: list[dict[int, mpmath.mpf]] = [{} for _ in order]
    certain: list[dict[int, mpmath.mpf]] = [{} for _ in order]
    for column, sign in enumerate(network.link_sign.tolist()):
        if sign in order:
            cause = int(network.link_cause[column])
            link[order.index(sign)][cause] = one - mpmath.mpf(float(network.link[0, column]))
            certain[order.index(sign)][cause] = one - mpmath.mpf(float(network.link_responsible[0, column]))
    prior = [mpmath.mpf(float(p)) for p in network.prevalence[0]]
    leak = [one - mpmath.mpf(float(network.leak[0, j])) for j in order]
    total = [mpmath.mpf(0)] * n

    def walk(j: int, sign: int, lost: mpmath.mpf, by: dict, sure: dict) -> None:
        if j == len(order):
            terms = {y: one - prior[y] + prior[y] * b for y, b in by.items()}
            product = sign * lost * mpmath.fprod(terms.values())
            for x in range(n):
                total[x] += product / terms.get(x, one) * sure.get(x, one)
            return
        more = {y: by.get(y, one) * q for y, q in link[j].items()}
        sure_more = {y: sure.get(y, one) * q for y, q in certain[j].items()}
        silent = (j + 1, sign, lost * leak[j], {**by, **more}, {**sure, **sure_more})
        if j < len(told.absent):
            walk(*silent)
            return
        walk(j + 1, sign, lost, by, sure)
        walk(silent[0], -silent[1], *silent[2:])

    walk(0, 1, one, {}, {})
    return [mpmath.exp(mpmath.mpf(float(r))) * t for r, t in zip(network.log_rate[0], total, strict=True)]


def errors() -> list[str]:
    """Worst relative error over all causes, ours and the textbook sum in float64, on the real knowledge."""
    network = compiled(load("dog")).point
    place = {sign: i for i, sign in enumerate(network.signs)}
    rows = []
    for k in (4, 8, 12, 16):
        present = [place[s] for s in SIGNS[:k]]
        told = Observation(present=tuple(present))
        ours = posterior(network, told).responsible[0]
        error = max(abs(mpmath.mpf(float(a)) - e) / e for a, e in zip(ours, reference(network, told), strict=True))
        flat = replace(network, syndromes=())
        book = zip(textbook(flat, present), reference(flat, told), strict=True)
        book_error = max(abs(float(b) - float(e)) / float(e) for b, e in book)
        seconds = median(lambda present=present: posterior(network, Observation(present=tuple(present))), 5)
        rows.append(f"| {k} | {float(error):.1e} | {book_error:.1e} | {1000 * seconds:.2f} |")
    return [
        "| present signs | worst relative error, cover table | textbook Quickscore (no syndromes) | posterior, ms |",
        "| --- | --- | --- | --- |",
        *rows,
    ]


def textbook(network: Network, present: list[int]) -> np.ndarray:
    """P(R | present signs) by the float64 inclusion-exclusion sum."""
    n = len(network.causes)
    link = np.zeros((len(present), n))
    certain = np.zeros((len(present), n))
    for column, sign in enumerate(network.link_sign.tolist()):
        if sign in present:
            link[present.index(sign), network.link_cause[column]] = network.link[0, column]
            certain[present.index(sign), network.link_cause[column]] = network.link_responsible[0, column]
    rate = np.exp(network.log_rate[0] - network.log_rate[0].max())
    joint = np.zeros(n)
    for x in range(n):
        mixed = link.copy()
        mixed[:, x] = certain[:, x]
        prior = network.prevalence[0].copy()
        prior[x] = 1.0
        joint[x] = rate[x] * oracle.quickscore(network.leak[0, present], mixed, prior)
    return joint / joint.sum()


def main() -> None:
    """Run everything and write the page."""
    machine = (
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}, one core, shared machine."
    )
    parts = ["# Benchmarks", "", f"Written by `make bench`. Medians; {machine}", ""]
    for make in (command, loading, warm, published, errors):
        rows = [*make(), ""]
        parts += rows
        print("\n".join(rows), flush=True)
    (ROOT / "docs" / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()

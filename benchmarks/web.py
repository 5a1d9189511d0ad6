"""Loads the web server from 16 clients at once: make bench-web.

Starts `fascicle serve` on a free port of this computer, goes through the interview once for every published case, and
sends what was posted on the way again and again with wrk. Medians of several runs. Writes docs/web-benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx2
from tests.web.walk import FORM, answered, at, press, to_movement

from fascicle import Case, load
from fascicle.evaluation.vignettes import load_vignettes, with_pages
from fascicle.web.questions import kind_question

ROOT = Path(__file__).parent.parent
CLIENTS, SECONDS, RUNS = 16, 30, 3
WHOLE, SAMPLES = 20_000, 5
MOST_PAGES = 40
ASSETS = re.compile(r'(?:href|src)="(/static/[^"]+)"')
LUA = """
local bodies, at = {}, 0
function init(args)
  for line in io.lines(args[1]) do
    local path, body = line:match("^(%S+) (.*)$")
    bodies[#bodies + 1] = wrk.format("POST", path, {["Content-Type"] = "application/x-www-form-urlencoded"}, body)
  end
end
function request()
  at = at % #bodies + 1
  return bodies[at]
end
function done(summary, latency, requests)
  local wrong = summary.errors
  io.write(string.format(
    '\\nDONE {"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "mean": %f, "median": %f, "p99": %f}\\n',
    summary.requests, summary.duration / 1e6, wrong.status, wrong.connect + wrong.read + wrong.write + wrong.timeout,
    latency.mean / 1e3, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
"""
"""Every form in turn, so that 16 clients hold 16 different ones at once; the summary as one line of JSON."""


@dataclass(frozen=True)
class Sent:
    """A form that was posted, and the page that answered it."""

    path: str
    body: str
    page: str


@dataclass
class Recorder:
    """A client that keeps what it posts. Takes the place of the test client in `tests.web.walk`."""

    client: httpx2.Client
    sent: list[Sent] = field(default_factory=list)

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, content: str, headers: dict[str, str]) -> Any:
        answer = self.client.post(path, content=content, headers=headers)
        answer.raise_for_status()
        self.sent.append(Sent(path, content, at(answer.text) or "result"))
        return answer


@dataclass(frozen=True)
class Server:
    """A server of our own."""

    address: str
    pid: int

    def memory(self) -> float:
        """MB resident."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8"))
        return int(found[1]) / 1000 if found else float("nan")

    def worked(self) -> float:
        """Seconds of processor time so far."""
        told = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served() -> Iterator[Server]:
    """The pages, as `fascicle serve` serves them to this computer."""
    command = [sys.executable, "-m", "fascicle.cli", "serve", "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        found = re.search(r"http://\S+", process.stdout.readline() if process.stdout else "")
        if found is None:
            raise SystemExit("the server did not start")
        yield Server(found[0], process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def told(recorder: Recorder, case: Case) -> None:
    """Go through the interview with what a published case tells, to the answer."""
    knowledge = load(case.species)
    entry = kind_question(knowledge)
    so = {*case.present, *case.choices.values()}
    kinds = [f for f in knowledge.options[str(entry.group)] if f in so]
    families = [family.id for family in entry.families if not so.isdisjoint(family.items)]
    html = to_movement(recorder, [f for f in knowledge.questions[0].items if f in so])  # type: ignore[arg-type]
    html = press(recorder, html, "next", [("family", f) for f in families] or [("none", "1")]).text  # type: ignore[arg-type]
    for _ in range(MOST_PAGES):
        page = at(html)
        if page == "kinds":
            html = press(recorder, html, "next", [("f", f) for f in kinds]).text  # type: ignore[arg-type]
        elif page == "alarm":
            html = press(recorder, html, "more").text  # type: ignore[arg-type]
        elif page == "question":
            html = answered(recorder, html, so).text  # type: ignore[arg-type]
        else:
            break
    press(recorder, html, "answer")  # type: ignore[arg-type]


@dataclass(frozen=True)
class Run:
    """What wrk saw in one run, and the processor time of the server meanwhile. Milliseconds."""

    requests: int
    seconds: float
    worked: float
    refused: int
    broken: int
    mean: float
    median: float
    p99: float


def wrk(server: Server, sent: Sequence[Sent], seconds: int, folder: Path, order: int = 0) -> Run:
    """Send these forms in turn from 16 clients. order: in which of many random orders, for a run may not come to the end."""
    sent = random.Random(order).sample(sent, len(sent))
    script, bodies = folder / "forms.lua", folder / "forms.txt"
    script.write_text(LUA, encoding="utf-8")
    bodies.write_text("".join(f"{each.path} {each.body}\n" for each in sent), encoding="ascii")
    call = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "20s", "-s", str(script), server.address]
    before = server.worked()
    told = subprocess.run([*call, str(bodies)], check=True, capture_output=True, text=True).stdout
    found = json.loads(told.rpartition("DONE ")[2])
    return Run(worked=server.worked() - before, **found)


def middle(runs: Iterable[Run], name: str) -> float:
    """The median of one figure over the runs."""
    return statistics.median(float(getattr(run, name)) for run in runs)


def loaded(server: Server, label: str, sent: Sequence[Sent], bar: float, args: argparse.Namespace, folder: Path) -> str:
    """One row: how many a second, how long each took."""
    wrk(server, sent, 3, folder)
    runs = [wrk(server, sent, args.seconds, folder, run) for run in range(args.runs)]
    rate = statistics.median(run.requests / run.seconds for run in runs)
    per_core = statistics.median(run.requests / run.worked for run in runs)
    mean, p99 = middle(runs, "mean"), middle(runs, "p99")
    wrong = sum(run.refused + run.broken for run in runs)
    met = per_core >= bar and p99 <= 3 * mean and wrong == 0
    spread = f"{min(r.requests / r.seconds for r in runs):.1f}–{max(r.requests / r.seconds for r in runs):.1f}"
    return (
        f"| {label} | {len(sent)} | {rate:.1f} ({spread}) | {per_core:.1f} | {f'≥ {bar:.0f}' if bar else ''} | {mean:.0f} "
        f"| {middle(runs, 'median'):.0f} | {p99:.0f} | {p99 / mean:.1f} | {wrong} | {('yes' if met else 'no') if bar else ''} |"
    )


def held(server: Server, sent: Sequence[Sent], whole: int, folder: Path) -> list[str]:
    """Resident memory as so many requests are answered."""
    rows, count, start = [f"| 0 | {server.memory():.0f} |"], 0, perf_counter()
    for sample in range(1, SAMPLES + 1):
        while count < whole * sample / SAMPLES:
            count += wrk(server, sent, 10, folder, count).requests
        rows.append(f"| {count:,} | {server.memory():.0f} |")
    print(f"{count} requests in {perf_counter() - start:.0f} s", flush=True)
    return ["| requests answered | resident, MB |", "| --- | --- |", *rows]


def weighed(client: httpx2.Client, label: str, html: bytes, bar: float) -> str:
    """One row: a page and every file its first load asks for, uncompressed."""
    text = html.decode()
    files = sorted(set(ASSETS.findall(text)))
    sizes = [len(client.get(file).content) for file in files]
    whole = (len(html) + sum(sizes)) / 1000
    scripts = text.count("<script")
    return (
        f"| {label} | {len(html) / 1000:.0f} | {len(files)} | {sum(sizes) / 1000:.0f} | {whole:.0f} "
        f"| {f'≤ {bar:.0f}' if bar else ''} | {scripts} | {('yes' if whole <= bar and not scripts else 'no') if bar else ''} |"
    )


def weights(client: httpx2.Client, sent: Sequence[Sent]) -> list[str]:
    """Home, and the heaviest of each page of the interview."""
    rows = [weighed(client, "home", client.get("/").content, 60)]
    for page in ("kinds", "question", "result"):
        pages = [client.post(s.path, content=s.body, headers=FORM).content for s in sent if s.page == page]
        label = f"{page}, the heaviest of {len(pages)}"
        rows.append(weighed(client, label, max(pages, key=len), 150 if page == "result" else 0))
    return [
        "| page | HTML, kB | files | kB of files | in all, kB | bar | scripts | met |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *rows,
    ]


def main() -> None:
    """Run everything and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--requests", type=int, default=WHOLE, help="how many for the memory; 0 leaves it out")
    parser.add_argument("--print", action="store_true", help="write no page")
    args = parser.parse_args()
    cases = [v.as_case() for v in with_pages(load_vignettes(ROOT / "vignettes"))[0] if v.scope == "in"]
    versions = ", ".join(f"{name} {version(name)}" for name in ("uvicorn", "h11", "starlette", "numpy"))
    parts = [
        "# Benchmarks of the pages",
        "",
        f"Written by `make bench-web`. `fascicle serve`, one process; wrk with {CLIENTS} clients on the loopback of the same "
        f"machine, {args.runs} runs of {args.seconds} s each, medians. Python {platform.python_version()}, {versions}, "
        f"{platform.machine()}, {os.cpu_count()} cores shared with other work and with wrk.",
        "",
    ]
    with served() as server, tempfile.TemporaryDirectory() as made, httpx2.Client(base_url=server.address) as client:
        folder, recorder = Path(made), Recorder(client)
        for case in cases:
            told(recorder, case)
        sent = recorder.sent
        steps = [each for each in sent if each.page not in ("result", "alarm")]
        rows = [
            loaded(server, "interview steps, every page as it comes", steps, 40, args, folder),
            loaded(server, "of these the questions alone", [s for s in steps if s.page == "question"], 0, args, folder),
            loaded(server, "full results", [s for s in sent if s.page == "result"], 12, args, folder),
        ]
        parts += [
            f"{len(cases)} published cases were told page by page. A second of a core counts what the server's process worked, "
            "whatever else the machine did. Latency is that of 16 clients who wait for one another.",
            "",
            "| sent | different forms | a second (least–most) | a second of a core | bar | mean, ms | median, ms | p99, ms "
            "| p99 / mean | errors | met |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
        print("\n".join(parts), flush=True)
        more = [weights(client, sent)]
        if args.requests:
            more.append(held(server, sent, args.requests, folder))
    for part in more:
        parts += [*part, ""]
        print("\n".join(part), flush=True)
    if not args.print:
        (ROOT / "docs" / "web-benchmarks.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()

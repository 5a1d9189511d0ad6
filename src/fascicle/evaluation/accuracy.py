"""Everything about how good the answers of one species are, measured in one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fascicle.evaluation import ablations, assistant, baselines, interviews, page_simulated, sensitivity, stories, table
from fascicle.evaluation.bars import Bar, bars, calibration
from fascicle.evaluation.coverage import Covered, covered
from fascicle.evaluation.degraded import Degraded, degraded
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import some_of
from fascicle.evaluation.workers import Shown, Workers, unshown
from fascicle.knowledge.base import Knowledge


@dataclass(frozen=True)
class Simulated:
    """How many cases are simulated: from how many blocks of true figures, in all, with ranks; in a world, with intervals."""

    blocks: int = 10
    cases: int = 6000
    ranked: int = 800
    in_world: int = 5000
    intervals: int = 300


@dataclass(frozen=True)
class Measured:
    """Everything about one species, measured in one run."""

    knowledge: Knowledge
    scored: Sequence[Scored]
    held: interviews.InterviewResults
    told: stories.Told
    others: Mapping[str, list[Scored]]
    bars: Sequence[Bar]
    parts_worth: Sequence[ablations.Ablated]
    moved: Sequence[sensitivity.Moved]
    moved_in: int
    never: Sequence[str]
    idle: Sequence[str]
    covered: Covered
    worlds: Mapping[str, Degraded]


def measure(
    scored: Sequence[Scored],
    workers: Workers,
    seeds: int = 50,
    simulated: Simulated = Simulated(),
    shown: Shown = unshown,
) -> Measured:
    """Hold every interview, run every baseline and ablation, move every number, simulate cases: minutes at some 100 cases.

    scored: answers to vignettes; those of the workers' species count, at least one of them in scope. The same figures
    whatever the number of workers.
    """
    knowledge = workers.knowledge
    mine = [s for s in scored if s.vignette.species == knowledge.species]
    known = [s for s in mine if s.vignette.scope == "in"]
    cases = [s.vignette for s in known]
    held = interviews.run(cases, workers, seeds, shown=shown)
    others, rival = baselines.run(cases, knowledge), assistant.assistant()
    best = sensitivity.best_cases(workers, shown=shown)
    moved_in = some_of(cases, sensitivity.MOST_CASES)
    blocks = simulated.blocks
    return Measured(
        knowledge,
        mine,
        held,
        stories.tell(cases, knowledge),
        others | {rival.name: rival.answer(cases)},
        bars(mine, others, held.transcripts),
        list(shown("Ablations", ablations.ablate(known, workers), len(ablations.ABLATIONS))),
        sensitivity.movements(moved_in, workers, shown),
        len(moved_in),
        [b.cause for b in sensitivity.never_leading(best)],
        list(sensitivity.never_mattering(cases, knowledge, best)),
        covered(workers, blocks, simulated.cases // blocks, simulated.ranked // blocks, shown),
        degraded(workers, simulated.in_world, simulated.intervals, shown=shown),
    )


def plain(found: Measured) -> dict[str, Any]:
    """The same as JSON-ready data."""
    halves = {name: calibration(part) for name, part in table.parts(found.scored).items()}
    return {
        "bars": [asdict(bar) for bar in found.bars],
        "calibration": {name: asdict(one) if one is not None else None for name, one in halves.items()},
        "interviews": interviews.plain(found.held),
        "stories": stories.plain(found.told),
        "baselines": {name: table.plain(scored)["totals"]["all"] for name, scored in found.others.items() if scored},
        "ablations": {
            one.ablation.name: {metric: asdict(change) for metric, change in one.changes.items()}
            for one in found.parts_worth
        },
        "numbers": [asdict(moved) for moved in found.moved],
        "causes_that_never_lead": list(found.never),
        "findings_that_never_matter": list(found.idle),
        "simulated": page_simulated.plain(found.covered, found.worlds),
    }

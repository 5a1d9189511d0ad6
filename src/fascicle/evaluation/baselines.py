"""What simpler ways to answer would have said to the same cases: how much the model is worth is the difference.

Each baseline takes the vignettes of one species and its knowledge, and gives what `metrics.counts` counts. Figures that
others published about other systems are of other cases; they are read here too, to stand in a column of their own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, Field, ValidationError

from fascicle import evidence as evidences
from fascicle import triage
from fascicle.engine.attributes import log_factor
from fascicle.engine.network import Floats
from fascicle.errors import Issue, KnowledgeError
from fascicle.evaluation.score import Scored
from fascicle.evaluation.vignettes import Vignette
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.compile import observe
from fascicle.knowledge.figures import Chance, Id, Strict, Text
from fascicle.knowledge.heard import Reliabilities, reliabilities
from fascicle.knowledge.numbers import at_the_values
from fascicle.knowledge.schema import LevelId, SpeciesId
from fascicle.knowledge.strict_yaml import read_yaml
from fascicle.model import Evidence, Level, Status
from fascicle.networks import compiled

DATA = Path(__file__).parent / "data"

Baseline = Callable[[Sequence[Vignette], Knowledge], list[Scored]]


def base_rates(vignettes: Sequence[Vignette], knowledge: Knowledge) -> list[Scored]:
    """The same answer to every case: causes by how often people ask about each, and the level of least loss for that."""
    rates = np.array([page.rate.value for page in knowledge.causes.values()])
    levels = [page.level for page in knowledge.causes.values()]
    return [_answered(vignette, knowledge, rates / rates.sum(), levels) for vignette in vignettes]


def naive_bayes(vignettes: Sequence[Vignette], knowledge: Knowledge) -> list[Scored]:
    """Rate times the product of every figure of the page, as if findings were independent given the cause.

    Figures are those the program reads, reports imperfect as there: event tables, context ratios, a sign's p where the
    page raises it and the background elsewhere. No bystanders, no syndromes, no levels of graded signs, no red flags;
    urgency from the same loss table over the level of the responsible cause. A millisecond a case.
    """
    signs: dict[tuple[tuple[str, str], ...], dict[str, Floats]] = {}  # by who reported what; mostly one entry
    return [_naive(vignette, knowledge, signs) for vignette in vignettes]


def always_today(vignettes: Sequence[Vignette], knowledge: Knowledge) -> list[Scored]:
    """“Always see a vet today”, and no cause named."""
    return [Scored(vignette, (), {}, Level.TODAY, False) for vignette in vignettes]


def signs_as_told(knowledge: Knowledge, who: Mapping[str, str]) -> dict[str, Floats]:
    """P(told as present | cause) of every sign by itself, (causes,), at the values; who: finding -> reporter."""
    at = at_the_values(knowledge)
    trust = reliabilities(knowledge, at, who)
    pages, other = list(knowledge.causes.values()), knowledge.profile.other
    found = {}
    for sign in (f.id for f in knowledge.findings.values() if f.about == "sign"):
        ordinary = knowledge.profile.background[sign].p
        share = np.full(len(pages), ordinary)
        for x, page in enumerate(pages):
            link = page.signs.get(sign)
            if page.id == other.cause:
                share[x] = max(other.sign.p, ordinary)
            elif link is not None and (link.p > ordinary or link.argues_against):
                share[x] = link.p
        found[sign] = _told(sign, share, trust)
    return found


def _told(sign: str, share: Floats, trust: Reliabilities) -> Floats:
    """A share of subjects that have a sign as the share of whom it is told."""
    if sign not in trust.sensitivity:
        return share
    told: Floats = trust.sensitivity[sign] * share + trust.false_report[sign] * (1 - share)
    return told


def _naive(
    vignette: Vignette, knowledge: Knowledge, signs: dict[tuple[tuple[str, str], ...], dict[str, Floats]]
) -> Scored:
    known = evidences.gather(vignette.as_case(), knowledge)
    networks = compiled(knowledge, known.observed_by)
    log_odds = networks.point.log_rate[0].copy()
    for name, weight in observe(knowledge, known, networks.point).weights.items():
        log_odds += log_factor(networks.point.attributes[name], weight)[0]
    who = tuple(sorted(networks.who.items()))
    shares = signs[who] if who in signs else signs.setdefault(who, signs_as_told(knowledge, networks.who))
    for finding, status in known.scored.items():
        if finding in shares:
            told = shares[finding]
            log_odds += np.log(told if status is Status.PRESENT else 1 - told)
    mass = np.exp(log_odds - log_odds.max())
    by_cause = triage.cause_levels(known, knowledge)
    return _answered(vignette, knowledge, mass / mass.sum(), [by_cause[cause] for cause in knowledge.causes])


def _answered(vignette: Vignette, knowledge: Knowledge, share: Floats, levels: Sequence[Level]) -> Scored:
    """Causes ranked by their share, and the level of least loss when only the responsible one counts."""
    names = list(knowledge.causes)
    ranking = tuple(names[x] for x in np.argsort(-share, kind="stable"))
    needed = np.array([[share[np.array(levels) == level].sum() for level in Level]])
    losses = triage.Needed(needed).losses(triage.loss_table(knowledge))
    level, _ = triage.choose(losses, np.ones(1), knowledge.triage.quantile)
    probabilities = {names[x]: float(share[x]) for x in range(len(names))}
    return Scored(vignette, ranking, probabilities, level, ranking[0] != knowledge.profile.other.cause)


class Named(Strict):
    """Causes an article names at one place, as ids of ours."""

    causes: Annotated[tuple[Id, ...], Field(min_length=1)]
    place: Text


class Otherwise(Strict):
    """How soon, in the article's words, when nothing else it says fits."""

    to: LevelId
    says: Text


class Advice(Otherwise):
    """How soon, when any of these findings is present."""

    any: Annotated[tuple[Id, ...], Field(min_length=1)]


class Article(Strict):
    """One popular article as a way to answer. file: the copy that was read. about: the kinds of movement it is on."""

    id: Id
    title: Text
    file: Text
    species: SpeciesId
    about: tuple[Id, ...]
    order: tuple[Named, ...]
    without_page: tuple[Text, ...]
    advice: tuple[Advice, ...]
    otherwise: Otherwise

    @property
    def ranking(self) -> tuple[str, ...]:
        """Causes in the article's order, the same for every case."""
        return tuple(cause for named in self.order for cause in named.causes)

    def not_covered(self, knowledge: Knowledge) -> tuple[str, ...]:
        """Causes with a page that the article never names."""
        return tuple(c for c in knowledge.causes if c not in self.ranking and c != knowledge.profile.other.cause)

    def level(self, known: Evidence) -> Level:
        """How soon the article says to act: its first advice that fits."""
        present = known.present | known.disputed
        fits = (advice for advice in self.advice if present & set(advice.any))
        return Level.of(next(fits, self.otherwise).to)

    def answer(self, vignettes: Sequence[Vignette], knowledge: Knowledge) -> list[Scored]:
        """What somebody who follows the article would have done; none for another species. It names no probability."""
        mine = [v for v in vignettes if v.species == self.species]
        known = [evidences.gather(vignette.as_case(), knowledge) for vignette in mine]
        return [Scored(v, self.ranking, {}, self.level(k), True) for v, k in zip(mine, known, strict=True)]

    def on_topic(self, vignettes: Sequence[Vignette]) -> list[Vignette]:
        """The cases with a kind of movement that the article is about."""
        return [v for v in vignettes if v.species == self.species and set(v.case.present) & set(self.about)]


class PublishedFigure(Strict):
    """A figure that others published about another system on other cases.

    measure: the line of ours it stands beside; means: what was really counted. measured: worked out by us from
    published answers.
    """

    system: Text
    year: int
    measure: Literal[
        "top-1",
        "top-3",
        "urgency exact",
        "urgency too low",
        "urgency too high",
        "urgent cases at today or above",
        "harmless kept at routine or below",
    ]
    value: Chance
    low: Chance | None = None
    high: Chance | None = None
    cases: Text
    means: Text
    source: Text
    read: Text
    measured: bool = False


class _ArticlesFile(Strict):
    articles: tuple[Article, ...]


class _PublishedFile(Strict):
    figures: tuple[PublishedFigure, ...]


@lru_cache(maxsize=4)
def articles(data: Path = DATA) -> tuple[Article, ...]:
    """The articles of articles.yaml. Raises KnowledgeError with file and line for what it may not hold."""
    return read(data / "articles.yaml", _ArticlesFile).articles


@lru_cache(maxsize=4)
def published(data: Path = DATA) -> tuple[PublishedFigure, ...]:
    """The figures of published.yaml. Raises KnowledgeError with file and line for what it may not hold."""
    return read(data / "published.yaml", _PublishedFile).figures


_File = TypeVar("_File", bound=BaseModel)


def read(file: Path, kind: type[_File]) -> _File:
    """The content of a data file. Raises KnowledgeError with file and line for what it may not hold."""
    document = read_yaml(file.name, file.read_bytes())
    if document.issues:
        raise KnowledgeError(document.issues)
    try:
        return kind.model_validate_json(json.dumps(document.data))
    except ValidationError as error:
        faults = [(fault["loc"], fault["msg"]) for fault in error.errors()]
        raise KnowledgeError(
            Issue(file.name, document.line(loc), f"{'.'.join(map(str, loc))}: {wrong}.", "see evaluation/baselines.py.")
            for loc, wrong in faults
        ) from None


def run(vignettes: Sequence[Vignette], knowledge: Knowledge) -> dict[str, list[Scored]]:
    """Every baseline by name, articles last; an empty list where there is no case of the article's species yet."""
    mine = [v for v in vignettes if v.species == knowledge.species]
    plain: dict[str, Baseline] = {
        "base rates only": base_rates,
        "naive Bayes on the same knowledge": naive_bayes,
        "always see a vet today": always_today,
    }
    found = {name: answer(mine, knowledge) for name, answer in plain.items()}
    return found | {f"article: {article.title}": article.answer(mine, knowledge) for article in articles()}

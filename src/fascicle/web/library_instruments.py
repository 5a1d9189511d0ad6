"""The questionnaires and diaries of the library: what each asks, what its scores mean, what it may be copied for."""

from __future__ import annotations

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.instruments import Accuracy, ScoreBand
from fascicle.report.shares import between, percent
from fascicle.web.context_site import Block, DiaryPage, EntryPage, FigureRow, Item, ListPage
from fascicle.web.sources import Numbered, short_names
from fascicle.web.subject import named

LIBRARY = ("/library", "Library")
TITLE = "Questionnaires and diaries"
SAYS = {"present": "“{name}” then counts as so.", "absent": "“{name}” then counts as not so."}


def instruments(knowledge: Knowledge) -> ListPage:
    """Every questionnaire and diary."""
    base = _base(knowledge)
    groups = (
        ("With a score", tuple(Item(f"{base}/{i.id}", i.name, i.measures) for i in knowledge.instruments.values())),
        ("To print and fill in", tuple(Item(f"{base}/{d.id}", d.name, d.measures) for d in knowledge.diaries.values())),
    )
    return ListPage(
        title=TITLE,
        **named(knowledge),
        trail=(LIBRARY,),
        groups=tuple((name, items) for name, items in groups if items),
        lede="Short lists of questions whose score can stand for an answer, and pages to write things down. "
        "None is a test for an illness.",
    )


def instrument(knowledge: Knowledge, identity: str) -> EntryPage:
    """One questionnaire: its questions, what the scores mean, how good it is, and its licence."""
    entry, cited = knowledge.instruments[identity], Numbered(knowledge.sources)
    name = knowledge.findings[entry.finding].name if entry.finding else ""
    scores = []
    for band in entry.bands:
        why = band.why.sources if band.why else ()
        says = SAYS[band.says].format(name=name) if band.says else "This leaves it open." if name else ""
        scores.append(cited.line(f"{_span(band)}, {band.name}: {band.means} {says}", why))
    answers = "; ".join(f"{option.text} ({option.score})" for option in entry.options)
    blocks = [
        Block(entry.asks, tuple(cited.line(words) for words in entry.items)),
        Block("What a score means", tuple(scores)),
        Block("What it does not say", (cited.line(entry.limit.text, entry.limit.sources),)),
    ]
    care = tuple(cited.line(f"{_span(b)}: {c.text}", c.sources) for b in entry.bands for c in b.care)
    if care:
        blocks.append(Block("What to do besides", care))
    figures = tuple(row for each in entry.accuracy for row in _accuracy(each, knowledge))
    link = (Item(f"/library/{knowledge.species}/findings/{entry.finding}", name),) if entry.finding else ()
    return EntryPage(
        title=entry.name,
        kicker="Questionnaire",
        lede=f"What it looks at: {entry.measures}.",
        **named(knowledge),
        trail=(LIBRARY, (_base(knowledge), TITLE)),
        facts=(
            ("Answers, and what they count", answers),
            ("Wording", "that of its authors, word for word" if entry.official else "our own"),
            ("Licence", " ".join(filter(None, (entry.licence.text, entry.credit)))),
        ),
        blocks=tuple(blocks),
        figures=(("How well it tells", figures),) if figures else (),
        links=(("What it speaks of", link),) if link else (),
        sources=cited.references(entry.cited),
    )


def diary(knowledge: Knowledge, identity: str) -> DiaryPage:
    """One diary, to print."""
    entry, cited = knowledge.diaries[identity], Numbered(knowledge.sources)
    return DiaryPage(
        title=entry.name,
        **named(knowledge),
        wide=True,
        trail=(LIBRARY, (_base(knowledge), TITLE)),
        measures=entry.measures,
        how=tuple(cited.line(line.text, line.sources) for line in entry.how),
        act=tuple(cited.line(line.text, line.sources) for line in entry.act),
        tables=entry.tables,
        licence=entry.licence.text,
        sources=cited.references(),
    )


def diary_links(knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """Address and name of every diary."""
    return tuple((f"{_base(knowledge)}/{entry.id}", entry.name) for entry in knowledge.diaries.values())


def form_links(knowledge: Knowledge) -> tuple[Item, ...]:
    """The way to the questionnaires and diaries, where there are any."""
    held = (*knowledge.instruments.values(), *knowledge.diaries.values())
    note = f"{len(knowledge.instruments)} with a score, {len(knowledge.diaries)} to print"
    return (Item(_base(knowledge), TITLE, note),) if held else ()


def _base(knowledge: Knowledge) -> str:
    return f"/library/{knowledge.species}/instruments"


def _span(band: ScoreBand) -> str:
    return str(band.low) if band.low == band.high else f"{band.low} to {band.high}"


def _accuracy(found: Accuracy, knowledge: Knowledge) -> list[FigureRow]:
    telling = knowledge.triage.telling
    named = (
        (f"Of those with {found.of}: score {found.cut} or more", found.sensitivity),
        (f"Of those without: score less than {found.cut}", found.specificity),
    )
    return [
        FigureRow(
            name,
            "",
            percent(f.p, telling),
            between(f.low, f.high, telling),
            f.basis,
            f.says or f.why or "",
            short_names(f.sources, knowledge.sources),
        )
        for name, f in named
        if f is not None
    ]

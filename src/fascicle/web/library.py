"""The pages of the library as contexts, rendered from the knowledge and linked both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.claims import Claim
from fascicle.knowledge.figures import ContextEffect, Figure
from fascicle.knowledge.toxins import Toxin
from fascicle.model import Level
from fascicle.report.shares import between, percent
from fascicle.report.text import VERDICTS
from fascicle.web.asking import level_words
from fascicle.web.context_answers import Article
from fascicle.web.context_site import Block, ClaimsPage, EntryPage, FigureRow, Item, ListPage
from fascicle.web.library_instruments import form_links
from fascicle.web.sources import Numbered, short_names
from fascicle.web.subject import named

LIBRARY = ("/library", "Library")
ABOUT = {"event": "The movement itself", "sign": "Other signs", "context": "Who, and what went before"}
SECTIONS = (
    ("now", "What to do", "do"),
    ("avoid", "What not to do", "dont"),
    ("watch_for", "Watch for", ""),
    ("prevent", "Preventing it", ""),
    ("risk_notes", "What makes it more common", ""),
)
MOST_FOUND = 40


def index(all_known: Mapping[str, Knowledge]) -> ListPage:
    """What there is in the library."""
    groups: list[tuple[str, tuple[Item, ...]]] = []
    for species, knowledge in all_known.items():
        base = f"/library/{species}"
        groups.append(
            (
                knowledge.profile.one.capitalize(),
                (
                    Item(
                        f"{base}/causes", "Causes", f"{len(knowledge.causes)} pages, each with its figures and sources"
                    ),
                    Item(f"{base}/findings", "Signs", f"{len(knowledge.findings)} things that can be seen or told"),
                    Item(f"{base}/toxins", "Poisons", _poisons(knowledge)),
                    *(
                        [
                            Item(
                                f"{base}/claims",
                                "What articles say",
                                f"{len(claims_of(knowledge))} claims, and what holds",
                            )
                        ]
                        if claims_of(knowledge)
                        else []
                    ),
                    *form_links(knowledge),
                ),
            )
        )
    groups.append(("For all", (Item("/library/sources", "Sources", "everything that was read"),)))
    lede = "Everything the answers are made of: each cause, sign, poison and source on a page of its own."
    return ListPage(title="Library", lede=lede, groups=tuple(groups))


def _poisons(knowledge: Knowledge) -> str:
    """How many poisons have doses, or that none has."""
    return f"{len(knowledge.toxins)} poisons with their doses" if knowledge.toxins else "whom to ring, and what to do"


def causes(knowledge: Knowledge) -> ListPage:
    """Every cause, by urgency."""
    groups = []
    for level in sorted(Level, reverse=True):
        held = [c for c in knowledge.causes.values() if c.level == level]
        if held:
            items = tuple(Item(f"/library/{knowledge.species}/causes/{c.id}", c.name, c.summary) for c in held)
            groups.append((level_words(level, knowledge).name, items))
    return ListPage(
        title=f"Causes in {knowledge.profile.many}",
        **named(knowledge),
        trail=(LIBRARY,),
        groups=tuple(groups),
        lede="By how soon each needs action when it is the cause. Harmless ones stand at the end.",
    )


def cause(knowledge: Knowledge, identity: str) -> EntryPage:
    """One cause: what to do, its figures with ranges, what it shows, what articles say of it."""
    page, cited, species = knowledge.causes[identity], Numbered(knowledge.sources), knowledge.species
    blocks = [
        Block(name, tuple(cited.line(line.text, line.sources) for line in getattr(page, key)), kind)
        for key, name, kind in SECTIONS
        if getattr(page, key)
    ]
    for line, name in ((page.confirm, "How it is confirmed"), (page.outlook, "How it usually goes on")):
        if line is not None:
            blocks.append(Block(name, (cited.line(line.text, line.sources),)))
    shown = {**page.kinds, **page.event, **page.signs}
    tables = [
        (
            "What it looks like",
            tuple(_row(knowledge, f, figure) for f, figure in sorted(shown.items(), key=lambda p: -p[1].mean)),
        ),
        ("What makes it more or less common", tuple(_row(knowledge, f, figure) for f, figure in page.context.items())),
        ("How common it is", tuple(_common(page.rate, page.prevalence, knowledge))),
    ]
    said = tuple(
        Item(f"/library/{species}/claims#{c.id}", c.claim, VERDICTS.get(c.verdict, "This holds."))
        for c in claims_of(knowledge)
        if identity in c.causes
    )
    toxins = tuple(
        Item(f"/library/{species}/toxins/{t.id}", t.name)
        for t in toxins_of(knowledge)
        if t.species[species].cause == identity
    )
    used = [s for figure in (*shown.values(), *page.context.values(), page.rate) for s in figure.sources]
    return EntryPage(
        title=page.name,
        kicker="Cause",
        lede=page.summary,
        **named(knowledge),
        trail=(LIBRARY, (f"/library/{species}/causes", "Causes")),
        level=level_words(page.level, knowledge),
        level_why=page.urgency.why,
        facts=(
            ("Also called", ", ".join(page.synonyms) or "no other name"),
            ("Checked against its sources on", page.checked_on.isoformat()),
            ("Reviewed by", page.reviewed_by if page.reviewed_by != "none" else f"no {knowledge.profile.expert} yet"),
        ),
        blocks=tuple(blocks),
        figures=tuple((n, rows) for n, rows in tables if rows),
        links=tuple((n, items) for n, items in (("Poisons", toxins), ("What articles say", said)) if items),
        sources=cited.references(used),
    )


def findings(knowledge: Knowledge) -> ListPage:
    """Every sign, by what it is about."""
    groups = []
    for about, name in ABOUT.items():
        held = [f for f in knowledge.findings.values() if f.about == about and knowledge.species in f.ask]
        groups.append((name, tuple(Item(f"/library/{knowledge.species}/findings/{f.id}", f.name) for f in held)))
    return ListPage(
        title=f"Signs in {knowledge.profile.many}",
        **named(knowledge),
        trail=(LIBRARY,),
        groups=tuple(groups),
        lede="Everything that can be seen, felt or told, and that the answers weigh.",
    )


def finding(knowledge: Knowledge, identity: str) -> EntryPage:
    """One sign: what it means, which causes show it, and which rules it sets off."""
    entry, species, cited = knowledge.findings[identity], knowledge.species, Numbered(knowledge.sources)
    showing = []
    for page in knowledge.causes.values():
        figure = {**page.kinds, **page.event, **page.signs, **page.context}.get(identity)
        if figure is not None:
            showing.append((page, figure))
    showing.sort(key=lambda pair: -pair[1].mean)
    rows = tuple(
        _figure_row(page.name, f"/library/{species}/causes/{page.id}", figure, knowledge) for page, figure in showing
    )
    common = knowledge.profile.background.get(identity)
    tables = [("Causes that have a figure for it", rows)]
    if common is not None:
        tables.insert(
            0,
            (
                f"In ordinary {knowledge.profile.many}",
                (_figure_row(f"All {knowledge.profile.many}", "", common, knowledge),),
            ),
        )
    rules = [r for r in knowledge.red_flags if identity in (*r.all, *r.any)]
    blocks = (
        (Block("When it is urgent", tuple(cited.line(f"{r.why} {r.act}", r.sources) for r in rules)),) if rules else ()
    )
    near = tuple(
        Item(f"/library/{species}/findings/{f}", knowledge.findings[f].name)
        for f in (*entry.implies, *knowledge.implied_by.get(identity, ()))
    )
    return EntryPage(
        title=entry.name,
        kicker=ABOUT[entry.about],
        lede=entry.ask.get(species, entry.name),
        **named(knowledge),
        trail=(LIBRARY, (f"/library/{species}/findings", "Signs")),
        facts=(("Help", entry.help),),
        blocks=blocks,
        figures=tuple((n, r) for n, r in tables if r),
        links=(("Broader or closer signs", near),) if near else (),
        sources=cited.references(),
    )


def claims(knowledge: Knowledge) -> ClaimsPage:
    """What popular articles say, and what holds."""
    cited = Numbered(knowledge.sources)
    groups: dict[str, list[Article]] = {}
    for c in claims_of(knowledge):
        article = Article(
            c.claim, c.verdict, VERDICTS.get(c.verdict, "This holds."), c.danger, cited.line(c.why, c.sources)
        )
        groups.setdefault(knowledge.articles[c.article].name, []).append(article)
    return ClaimsPage(
        title="What articles say",
        **named(knowledge),
        trail=(LIBRARY,),
        sources=cited.references(),
        articles=tuple((name, tuple(held)) for name, held in groups.items()),
    )


def search(all_known: Mapping[str, Knowledge], query: str) -> ListPage:
    """What the library holds on a word. Only terms of the knowledge are looked through."""
    words = query.lower().split()
    groups = []
    for species, knowledge in all_known.items() if words else ():
        base = f"/library/{species}"
        found = [
            (
                "Causes",
                (
                    Item(f"{base}/causes/{c.id}", c.name, c.summary)
                    for c in knowledge.causes.values()
                    if _has(words, c.name, c.summary, *c.synonyms)
                ),
            ),
            (
                "Signs",
                (
                    Item(f"{base}/findings/{f.id}", f.name)
                    for f in knowledge.findings.values()
                    if species in f.ask and _has(words, f.name, *f.phrases)
                ),
            ),
            (
                "Poisons",
                (
                    Item(f"{base}/toxins/{t.id}", t.name)
                    for t in toxins_of(knowledge)
                    if _has(words, t.name, t.substance, *t.also)
                ),
            ),
            (
                "What articles say",
                (Item(f"{base}/claims#{c.id}", c.claim) for c in claims_of(knowledge) if _has(words, c.claim, c.why)),
            ),
        ]
        for name, items in found:
            held = tuple(items)[:MOST_FOUND]
            if held:
                groups.append((f"{name} ({knowledge.profile.one})", held))
    return ListPage(
        title="Search",
        lede=f"Found for “{query}”." if query else "Type a word.",
        groups=tuple(groups),
        query=query,
        trail=(LIBRARY,),
        searched=bool(words),
    )


def _has(words: Iterable[str], *texts: str) -> bool:
    held = " ".join(texts).lower()
    return all(word in held for word in words)


def claims_of(knowledge: Knowledge) -> tuple[Claim, ...]:
    """The claims about a species."""
    return tuple(c for c in knowledge.claims if knowledge.species in c.species)


def toxins_of(knowledge: Knowledge) -> tuple[Toxin, ...]:
    """The poisons of a species."""
    return tuple(t for t in knowledge.toxins.values() if knowledge.species in t.species)


def _row(knowledge: Knowledge, identity: str, figure: Figure) -> FigureRow:
    entry, href = knowledge.findings.get(identity), f"/library/{knowledge.species}/findings/{identity}"
    return _figure_row(entry.name if entry else identity, href if entry else "", figure, knowledge)


def _figure_row(name: str, href: str, figure: Figure, knowledge: Knowledge) -> FigureRow:
    telling, why = knowledge.triage.telling, figure.says or figure.why or ""
    if isinstance(figure, ContextEffect) and figure.p is None:
        value, span = f"{figure.mean:g} times", f"{figure.low:g} to {figure.high:g}"
    else:
        value, span = percent(figure.mean, telling), between(figure.low, figure.high, telling)
    return FigureRow(name, href, value, span, figure.basis, why, short_names(figure.sources, knowledge.sources))


def _common(rate: Any, prevalence: Any, knowledge: Knowledge) -> list[FigureRow]:
    many = knowledge.profile.many
    name, said = f"Times it is asked about, per 1,000 {many} and year", rate.says or rate.why or ""
    value, span, cited = (
        f"{rate.value:g}",
        f"{rate.low:g} to {rate.high:g}",
        short_names(rate.sources, knowledge.sources),
    )
    rows = [FigureRow(name, "", value, span, rate.basis, said, cited)]
    if prevalence is not None:
        rows.append(_figure_row(f"Share of {many} that have it on a given day", "", prevalence, knowledge))
    return rows

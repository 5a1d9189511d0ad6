"""`fascicle instrument`: short questionnaires with a score, and diaries to print."""

from __future__ import annotations

import click

from fascicle import output, scoring
from fascicle.errors import CaseError
from fascicle.knowledge.instruments import Diary, Entry, Instrument
from fascicle.pipeline import load
from fascicle.report import instrument as shown
from fascicle.report.text import paragraph
from fascicle.terminal import take_any_bytes


@click.command()
@click.argument("name", required=False)
@click.option("--answers", help="The answers as numbers, such as 0,1,2,0,0,1,0; without it the questions are asked.")
@click.option("--species", default="person", show_default=True, help="Which species.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; without --answers the questionnaire itself.")
def instrument(name: str | None, answers: str | None, species: str, as_json: bool) -> None:
    """Fill in a short questionnaire and see what its score means, or list them and the diaries.

    A score says nothing about whether an illness is there.
    """
    knowledge = load(species)
    if name is None:
        if answers is not None:
            raise CaseError("name the questionnaire first, such as: fascicle instrument gad7 --answers 0,1,2,0,0,1,0")
        entries: list[Entry] = [*knowledge.instruments.values(), *knowledge.diaries.values()]
        if as_json:
            output.print_json(
                [{"id": e.id, "kind": shown.kind(e), "name": e.name, "measures": e.measures} for e in entries]
            )
        elif not entries:
            click.echo(f"There are none for {knowledge.profile.many}.")
        else:
            for entry in entries:
                click.echo(f"{entry.id:<20} {shown.kind(entry):<14} {entry.name}: {entry.measures}")
        return
    found = scoring.find(name, knowledge)
    if isinstance(found, Diary):
        if answers is not None:
            raise CaseError(
                f"the {found.name.lower()} is to be filled in by hand and has no score; leave --answers out."
            )
        output.print_json(shown.about(found, knowledge)) if as_json else click.echo(shown.diary(found), nl=False)
        return
    if answers is None and as_json:
        output.print_json(shown.about(found, knowledge))
        return
    told = scoring.answers_from(answers, found) if answers is not None else _asked(found)
    result = scoring.score(found, told)
    if as_json:
        output.print_json(shown.data(result, knowledge))
    else:
        click.echo(shown.text(result, knowledge), nl=False)


def _asked(found: Instrument) -> tuple[int, ...]:
    """Put the questions one by one; what is no choice is asked again."""
    take_any_bytes()
    click.echo(shown.questions(found))
    keys = [str(option.score) for option in found.options]
    told = []
    for number, words in enumerate(found.items, start=1):
        click.echo(paragraph(f"{number}. {words}"))
        told.append(
            int(
                click.prompt(f"   ({'/'.join(keys)}) >", type=click.Choice(keys), prompt_suffix=" ", show_choices=False)
            )
        )
    click.echo("")
    return tuple(told)

"""The command line. Everything takes --json; errors go to stderr with exit code 2."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from fascicle import __version__, output
from fascicle.case_file import read_case
from fascicle.cli_batch import batch
from fascicle.cli_evaluate import convert, evaluate
from fascicle.cli_instrument import instrument
from fascicle.cli_serve import serve
from fascicle.cli_toxin import toxin
from fascicle.errors import CaseError, FascicleError, ImpossibleEvidence, NotForThis, TooManyFindings
from fascicle.knowledge import emergency
from fascicle.knowledge.loader import species_covered
from fascicle.pipeline import assess as assess_case
from fascicle.pipeline import load
from fascicle.pipeline import why_not as explain_why_not
from fascicle.report import plain, text

EXIT_BASE = 10
"""With --exit-code: 10 normal, 11 watch, 12 routine, 13 within_days, 14 today, 15 emergency_now."""

WITHOUT_OUTPUT = ("serve", "batch", "evaluate", "convert")
"""Commands whose work is seen elsewhere than on standard output."""

species_option = click.option("--species", default="dog", show_default=True, help="Which species.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class _Group(click.Group):
    """Turns refusals into one clear message and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FascicleError as error:
            click.echo(f"fascicle: {error}", err=True)
            ctx.exit(2)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except OSError as error:
            if error.filename is not None:  # a file, not the output
                raise
            output.give_up()
            click.echo(
                f"fascicle: the answer could not be written ({error.strerror or error}), so none is shown. "
                "Make room, or send the output elsewhere, and run it again.",
                err=True,
            )
            ctx.exit(2)


@click.group(cls=_Group)
@click.version_option(__version__)
@click.pass_context
def main(ctx: click.Context) -> None:
    """How soon to act on a twitch, spasm, tremor or touch-flinch, what explains it, and how likely that is.

    Runs on this computer and sends nothing anywhere. It is not a diagnosis.
    """
    output.plain_where_needed()
    if sys.stdout is None and ctx.invoked_subcommand not in WITHOUT_OUTPUT:
        raise FascicleError("standard output is closed, so no answer could be shown. Run it with an output.")


main.add_command(batch)
main.add_command(evaluate)
main.add_command(convert)
main.add_command(toxin)
main.add_command(instrument)
main.add_command(serve)


@main.command()
@click.argument("case", type=click.Path(path_type=Path))
@json_option
@click.option("--why-not", metavar="CAUSE", help="Also say what speaks against this cause.")
@click.option(
    "--exit-code",
    is_flag=True,
    help="Exit with 10 normal, 11 watch, 12 routine, 13 within_days, 14 today, 15 emergency.",
)
def assess(case: Path, as_json: bool, why_not: str | None, exit_code: bool) -> None:
    """Assess a case file (YAML or JSON)."""
    told = read_case(case)
    result = assess_case(told)
    knowledge = load(told.species)
    reason = None
    if why_not is not None:
        try:
            reason = explain_why_not(told, why_not)
        except (ImpossibleEvidence, NotForThis, TooManyFindings) as error:
            click.echo(f"fascicle: --why-not cannot be answered: {error}", err=True)
    if as_json:
        data = plain.assessment(result, knowledge)
        if reason is not None:
            data["why_not"] = plain.why_not(reason)
        output.print_json(data)
    else:
        click.echo(text.assessment(result, knowledge), nl=False)
        if reason is not None:
            click.echo(text.why_not(reason, knowledge), nl=False)
    if exit_code:
        sys.exit(EXIT_BASE + int(result.urgency.level))


@main.command()
@species_option
@json_option
@click.option("--save", type=click.Path(path_type=Path, dir_okay=False), help="Write the answers to a case file.")
def ask(species: str, as_json: bool, save: Path | None) -> None:
    """Answer questions in the terminal."""
    from fascicle.terminal import interview

    interview(load(species), as_json=as_json, save=save)


@main.command()
@click.argument("cause", required=False)
@species_option
@json_option
def causes(cause: str | None, species: str, as_json: bool) -> None:
    """List the causes, or show one page whole."""
    knowledge = load(species)
    if cause is not None:
        if cause not in knowledge.causes:
            raise CaseError(f"no cause has the id {cause!r}. List them: fascicle causes --species {species}")
        output.print_json(knowledge.causes[cause].model_dump(mode="json", exclude_none=True, by_alias=True))
        return
    rows = [
        {"id": page.id, "name": page.name, "level": page.urgency.level, "category": page.category}
        for page in knowledge.causes.values()
    ]
    if as_json:
        output.print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']:<34} {row['level']:<14} {row['name']}")


@main.command()
@species_option
@json_option
def findings(species: str, as_json: bool) -> None:
    """List the findings a case can name."""
    knowledge = load(species)
    rows = [
        {
            "id": f.id,
            "about": f.about,
            "group": f.group,
            "name": f.name,
            "ask": f.ask[species],
            "help": f.help,
            "levels": list(f.levels),
        }
        for f in knowledge.findings.values()
    ]
    if as_json:
        output.print_json(rows)
        return
    for row in rows:
        about = f"{row['about']} ({row['group']})" if row["group"] else row["about"]
        levels = f" ({', '.join(row['levels'])})" if row["levels"] else ""
        click.echo(f"{row['id']:<40} {about:<18} {row['name']}{levels}")


@main.command()
@click.argument("source", required=False)
@species_option
@json_option
def sources(source: str | None, species: str, as_json: bool) -> None:
    """List the sources, or show one."""
    knowledge = load(species)
    known = {each.id: each for each in emergency.sources(species)} | dict(knowledge.sources)
    if source is not None and source not in known:
        raise CaseError(f"no source has the id {source!r}. List them: fascicle sources")
    chosen = [source] if source else list(known)
    rows = [plain.source(known[identity]) for identity in chosen]
    if as_json:
        output.print_json(rows[0] if source else rows)
        return
    for row in rows:
        where = f"doi:{row['doi']}" if "doi" in row else row["url"]
        click.echo(f"{row['id']}: {row['title']}. {row.get('year', '')} {where} [read: {row['read']}]")


@main.command()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Another knowledge folder.")
@json_option
def lint(data: Path | None, as_json: bool) -> None:
    """Check the knowledge: every fault and warning, with file, line and fix."""
    from fascicle.intake.data import check as check_phrases
    from fascicle.knowledge import emergency, regions
    from fascicle.knowledge.loader import DATA, check_all
    from fascicle.knowledge.loader import load as read_knowledge

    folder = data or DATA
    issues = [*check_all(folder), *regions.check(folder), *emergency.check(folder)]
    if not any(issue.severity == "error" for issue in issues):
        issues += [
            issue
            for species in species_covered(folder)
            for issue in check_phrases(read_knowledge(species, folder), folder)
        ]
    if not species_covered(folder):
        raise CaseError(f"{folder.name} holds no species: profiles/<species>.yaml and a folder of the same name.")
    unique = sorted(set(issues))
    if as_json:
        output.print_json([issue.__dict__ for issue in unique])
    else:
        for issue in unique:
            click.echo(f"{issue.severity}: {issue}")
        faults = sum(issue.severity == "error" for issue in unique)
        click.echo(f"{faults} faults, {len(unique) - faults} warnings in {', '.join(species_covered(folder))}")
    if any(issue.severity == "error" for issue in unique):
        sys.exit(2)


if __name__ == "__main__":
    main()

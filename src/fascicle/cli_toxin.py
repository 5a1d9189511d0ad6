"""`fascicle toxin`: how much is too much, and how soon to act."""

from __future__ import annotations

import click

from fascicle import doses, output, units
from fascicle.errors import CaseError
from fascicle.pipeline import load
from fascicle.report import poison


@click.command()
@click.argument("name", required=False)
@click.option("--weight", help="Body weight, such as 12kg or 26lb.")
@click.option("--amount", help="How much was eaten: 50g, 2 tablets, 5ml.")
@click.option("--form", help="Which product, where the poison is sold in several; see fascicle toxin NAME.")
@click.option("--concentration", help="What the label says: 200mg/tablet, 5 %, 20mg/ml.")
@click.option("--species", default="dog", show_default=True, help="Which species.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def toxin(
    name: str | None,
    weight: str | None,
    amount: str | None,
    form: str | None,
    concentration: str | None,
    species: str,
    as_json: bool,
) -> None:
    """Work out the dose of a poison, or list the poisons.

    If you do not know the amount, leave it out: the answer is then that for a high dose. Do not wait for it: ring first.
    Where there is no table of doses for the species it says what to do instead.
    """
    knowledge = load(species)
    if not knowledge.toxins:
        if as_json:
            output.print_json(poison.instead_data(knowledge))
        else:
            click.echo(poison.instead(knowledge), nl=False)
        return
    if name is None:
        if weight or amount or form or concentration:
            raise CaseError("name the poison first, such as: fascicle toxin chocolate --weight 9kg --amount 50g")
        rows = [{"id": t.id, "name": t.name, "also": list(t.also), "forms": [f.id for f in t.forms]} for t in
                knowledge.toxins.values()]  # fmt: skip
        if as_json:
            output.print_json(rows)
        else:
            for row in rows:
                click.echo(f"{row['id']:<24} {row['name']}" + (f" ({', '.join(row['forms'])})" if row["forms"] else ""))
        return
    found = doses.dose(
        doses.find(name, knowledge),
        knowledge,
        doses.weight(weight, knowledge) if weight is not None else None,
        units.amount(amount) if amount is not None else None,
        form,
        units.concentration(concentration) if concentration is not None else None,
    )
    if as_json:
        output.print_json(poison.data(found, knowledge))
    else:
        click.echo(poison.text(found, knowledge), nl=False)

"""Writes docs/complaints-<species>.md, what the model makes of complaints told in one line: make complaints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fascicle import Case, assess, load
from fascicle.knowledge.base import Knowledge

PAGES = Path(__file__).parent
NAMED = 5


@dataclass(frozen=True)
class Complaint:
    """A complaint in one line, what has been counted elsewhere, and why the two differ."""

    title: str
    present: tuple[str, ...]
    counted: str
    differs: str


DOG = (
    Complaint(
        "The back twitches when touched",
        ("back_skin_twitch_on_touch",),
        "The reflex was drawn from all of 155 normal dogs (`muguet2012`). No series of dogs brought for it was found.",
        "Owners ask about the reflex, and about skins that twitch more than they did: fleas and allergies come next.",
    ),
    Complaint(
        "Flinches when the back is touched",
        ("flinch_pain_on_back_touch",),
        "No first-opinion series was found.",
        "Referral sees discs, meningitis and tumours; at home strains, arthritis and sore skin are far commoner.",
    ),
    Complaint(
        "Shakes all over",
        ("tremor_rhythmic", "place_whole_body"),
        "At one referral hospital, 198 dogs: poisoning 46 %, idiopathic tremor syndrome 25 %, low calcium 7 %, "
        "brain inflammation 5 %, low sugar 3 % (`liatis2025`).",
        "Nobody is referred for shivering, fear or an old dog's legs, and poisoned dogs are ill as well. Told with"
        " nothing else, "
        "shaking is mostly cold or fear.",
    ),
    Complaint(
        "Shakes all over since today, wobbly and sick",
        ("tremor_rhythmic", "place_whole_body", "hyperacute_onset_24h", "wobbly_gait", "vomiting"),
        "As above: of the poisoned dogs at referral the onset was within hours, with drool, wide pupils and "
        "changed behaviour (`liatis2025`).",
        "With what referral dogs have, the model comes to what referral hospitals find.",
    ),
    Complaint(
        "Shakes all over for days, head tilted, will not eat",
        ("tremor_rhythmic", "place_whole_body", "onset_over_days", "head_tilt_or_eye_flicking", "appetite_loss"),
        "Balance signs and poor appetite marked the idiopathic tremor syndrome among those 198 dogs (`liatis2025`).",
        "The same study's signs bring the same cause forward.",
    ),
    Complaint(
        "Twitches only asleep",
        ("twitch_asleep_only",),
        "No survey was found.",
        "Nearly all is dreaming; the rest are fits seen only at night and dreams acted out.",
    ),
    Complaint(
        "A cramp of the back",
        ("spasm_sustained", "place_back_or_flank"),
        "No series was found; movement-disorder papers are on cramps of the legs.",
        "A tight back is mostly a strained or painful one.",
    ),
    Complaint(
        "A fit",
        ("seizure_generalised", "loss_of_awareness"),
        "Of 106 dogs with new fits 61 had idiopathic epilepsy, 13 a disease of the brain for certain and 13 a "
        "cause outside it (`fredso2017`).",
        "The share of poison and metabolic causes is higher here, for these are asked about at home on the day itself.",
    ),
    Complaint(
        "Drops limp and gets up again",
        ("drops_limp",),
        "No series of owners' complaints was found.",
        "Hearts lead; poisons, heat, blood loss and low sugar share the rest.",
    ),
)  # fmt: skip

CAT = (
    Complaint(
        "The back ripples when touched",
        ("back_skin_twitch_on_touch",),
        "The reflex was drawn from 64 of 65 healthy cats on one side at least (`barnesheller_ctr`).",
        "Owners ask about the reflex itself; stroking that is too much, or pleasant, and fleas share the rest.",
    ),
    Complaint(
        "The back ripples by itself",
        ("skin_rippling_spontaneous",),
        "No series of owners' complaints was found. Of 502 itching cats 29 % had flea allergy, 20 % another allergy and "
        "12 % food allergy (`hobi2011`).",
        "Hyperaesthesia syndrome is named by every article and stands far behind: it is what is left after fleas, skin, "
        "pain and mood.",
    ),
    Complaint(
        "Flinches when stroked along the back",
        ("flinch_pain_on_back_touch",),
        "Of 221 cats referred for the spine 60 had a tumour, 42 a disc and 34 a fracture (`mella2020`).",
        "Nobody is referred for a cat that dislikes the hand, for arthritis or for a bite; at home these lead.",
    ),
    Complaint(
        "Startled when touched unawares",
        ("startles_when_touched_unaware",),
        "No series was found.",
        "A start is normal; fear, a sore spot and stroking that is too much share the rest.",
    ),
    Complaint(
        "Twitches only asleep",
        ("twitch_asleep_only",),
        "No survey was found.",
        "Nearly all is dreaming.",
    ),
    Complaint(
        "Shakes all over",
        ("tremor_rhythmic", "place_whole_body"),
        "At one referral hospital, 105 cats with tremor or twitch: degenerative brain disease 18 %, FIP 16 %, liver shunt "
        "16 %, poisoning 15 %, nerves 8 % (`tremor105`).",
        "Cold and fear are not referred. Told with nothing else, shaking is mostly one of these.",
    ),
    Complaint(
        "Shakes all over since today, wobbly, drooling and sick",
        ("tremor_rhythmic", "place_whole_body", "hyperacute_onset_24h", "wobbly_gait", "drooling", "vomiting"),
        "As above; the poisoned cats are those that came on within hours.",
        "With what poisoned cats have, the model comes to poison.",
    ),
    Complaint(
        "A fit",
        ("seizure_generalised", "loss_of_awareness"),
        "Of 125 cats with fits that came back 38 % had no cause that could be found, and 62 % had one: tumours, "
        "inflammation, poison (`pakozdy2010`).",
        "Those are cats whose fits came back and that were worked up; here the first day counts too.",
    ),
    Complaint(
        "A hind leg suddenly useless, and crying",
        ("pain_cry_or_freeze", "weakness_limbs", "hyperacute_onset_24h"),
        "No series of owners' complaints was found.",
        "A clot leads; accidents that nobody saw come next.",
    ),
)  # fmt: skip

COMPLAINTS = {"cat": CAT, "dog": DOG}


def groups(complaint: Complaint, knowledge: Knowledge) -> dict[str, float]:
    """Share of each category of pages, largest first."""
    found: defaultdict[str, float] = defaultdict(float)
    for explanation in assess(Case(species=knowledge.species, present=complaint.present), knowledge).explanations:
        found[knowledge.causes[explanation.cause].category] += explanation.probability
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def page(knowledge: Knowledge) -> Iterator[str]:
    """The lines of the page."""
    total = sum(cause.rate.value for cause in knowledge.causes.values())
    many = knowledge.profile.many
    yield f"# What the model makes of a complaint told in one line: {many}"
    yield ""
    yield (
        "Written by `make complaints` from the knowledge as it is. Nothing is tuned to the series named here: they are of "
        "sick, referred"
    )
    yield f"{many}, and the model is of all {many} whose owners ask. Where the two differ, the reason stands below each table."
    yield ""
    yield (
        f"All complaint rates together are {total:.0f} per 1,000 {many} and year. In brackets the range that holds a "
        f"share 9 times in 10."
    )
    for complaint in COMPLAINTS[knowledge.species]:
        answer = assess(Case(species=knowledge.species, present=complaint.present), knowledge)
        yield ""
        yield f"## {complaint.title}"
        yield ""
        yield f"Told: {', '.join(f'`{finding}`' for finding in complaint.present)}. Level: `{answer.urgency.level.id}`."
        yield ""
        yield "| group of causes | share |"
        yield "| --- | --- |"
        for category, share in groups(complaint, knowledge).items():
            if share >= 0.005:
                yield f"| {category} | {100 * share:.0f} % |"
        yield ""
        yield "| cause | share |"
        yield "| --- | --- |"
        for e in answer.explanations[:NAMED]:
            yield f"| {e.name} | {100 * e.probability:.0f} % ({100 * e.low:.0f} to {100 * e.high:.0f}) |"
        yield ""
        yield f"Counted elsewhere: {complaint.counted}"
        yield ""
        yield f"Why they differ: {complaint.differs}"


def main() -> None:
    """Write the page of each species."""
    for species in COMPLAINTS:
        (PAGES / f"complaints-{species}.md").write_text("\n".join(page(load(species))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

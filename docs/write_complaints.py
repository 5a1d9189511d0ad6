"""Writes docs/complaints-<species>.md, what the model makes of complaints told in one line: make complaints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fascicle import Case, assess, load, why_not
from fascicle.knowledge.base import Knowledge

PAGES = Path(__file__).parent
NAMED = 5


@dataclass(frozen=True)
class Complaint:
    """A complaint in one line, what has been counted elsewhere, and why the two differ. beside: a cause to show in any case."""

    title: str
    present: tuple[str, ...]
    counted: str
    differs: str
    absent: tuple[str, ...] = ()
    beside: str | None = None

    def case(self, species: str) -> Case:
        """What was told."""
        return Case(species=species, present=self.present, absent=self.absent)


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

FEARED = "als_mnd"
UNTRUE = ("weakness_limbs", "progressive_weakness", "muscle_wasting", "slurred_speech_or_swallowing_trouble")
PERSON = (
    Complaint(
        "An eyelid twitches",
        ("twitch_face_or_eyelid", "place_eyelid"),
        "Of 15 people with twitching of one eyelid followed for years none got another nerve disease, though one later "
        "had spasms of that half of the face (`banik2004`).",
        "Nothing else is common there but dry or sore lids.",
        beside=FEARED,
    ),
    Complaint(
        "A muscle of the back twitches",
        ("back_muscle_twitch", "place_back_or_flank"),
        "No series was found.",
        "Sore backs are so common that they lead even though few of them twitch; once pain is denied, the ordinary twitch leads.",
        beside=FEARED,
    ),
    Complaint(
        "A muscle of the back twitches, and nothing hurts",
        ("back_muscle_twitch", "place_back_or_flank"),
        "No series was found.",
        "See above.",
        absent=("back_pain_person", "muscle_soreness"),
        beside=FEARED,
    ),
    Complaint(
        "A calf flickers",
        ("fasciculation_wormlike", "place_calf_or_foot"),
        "Seven in ten healthy people notice such flickers (`reed1963`); a needle finds them in the foot of every healthy young "
        "person (`vanderheijden1994`).",
        "The ordinary flicker and sport lead; cramps of the night come next.",
        beside=FEARED,
    ),
    Complaint(
        "Flickers in many places, no weakness",
        ("fasciculation_wormlike", "place_several_changing"),
        "Of 121 people whose doctors found nothing else, none had motor neurone disease 2 to 32 years later (`blexrud1993`); in "
        "three studies together none of 180 (`mattiuzzi2024`).",
        "The same: harmless, though it may last.",
        absent=UNTRUE,
        beside=FEARED,
    ),
    Complaint(
        "Flickers in many places, over 60, weakness not asked about",
        ("fasciculation_wormlike", "place_several_changing", "age_60_to_74_years"),
        "Of those whose British doctor wrote down a flicker about 1 in 430 had motor neurone disease (`mei2022b`).",
        "The page's own figures are of people who notice a flicker themselves; those a doctor writes down have more behind them.",
        beside=FEARED,
    ),
    Complaint(
        "A flickering, thin hand that grows weaker",
        (
            "fasciculation_wormlike", "place_arm_or_hand", "onset_over_weeks_or_months", "weakness_limbs",
            "progressive_weakness", "muscle_wasting", "age_60_to_74_years",
        ),
        "No series of such complaints was found.",
        "A world apart from the flicker alone: motor neurone disease leads, and pinched or inflamed nerves share the rest.",
        beside=FEARED,
    ),
    Complaint(
        "Calf cramps at night",
        ("cramp_any", "happens_at_night_in_bed", "place_calf_or_foot"),
        "In a month 24 of 100 US adults have mild leg cramps while trying to sleep and 6 worse ones (`grandner2017`).",
        "Nearly all is the ordinary kind.",
    ),
    Complaint(
        "Jerks on falling asleep",
        ("jerk_when_falling_asleep",),
        "About seven in ten people know them (`hypnic_wiki`).",
        "Nearly all is the ordinary start; restless legs and too little sleep share the rest.",
    ),
    Complaint(
        "Both hands shake when used",
        ("tremor_rhythmic", "place_both_arms_or_hands", "both_hands_with_action"),
        "In a town of South Tyrol 14.5 % of people of 50 to 89 had some tremor (`wenning2005`).",
        "The ordinary tremor of strain and the inherited one lead; drink, sugar and tablets are what makes it urgent.",
    ),
    Complaint(
        "A fit",
        ("seizure_generalised", "loss_of_awareness"),
        "First faints come to 6.2 of 1,000 adults a year (`soteriades2002`), new epilepsy to 0.43 (`wigglesworth2023`).",
        "Faints that are taken for fits are as common as fits.",
    ),
)  # fmt: skip

COMPLAINTS = {"cat": CAT, "dog": DOG, "person": PERSON}


def one_in(share: float) -> str:
    """A small share as one in so many, two digits long."""
    return f"1 in {int(float(f'{1 / share:.2g}')):,}"


def groups(complaint: Complaint, knowledge: Knowledge) -> dict[str, float]:
    """Share of each category of pages, largest first."""
    found: defaultdict[str, float] = defaultdict(float)
    for explanation in assess(complaint.case(knowledge.species), knowledge).explanations:
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
    yield f"{many}, and the model is of all {many} that are asked about. Where the two differ, the reason stands below."
    yield ""
    yield (
        f"All complaint rates together are {total:.0f} per 1,000 {many} and year. In brackets the range that holds a "
        f"share 9 times in 10."
    )
    for complaint in COMPLAINTS[knowledge.species]:
        answer = assess(complaint.case(knowledge.species), knowledge)
        yield ""
        yield f"## {complaint.title}"
        yield ""
        denied = f"; denied: {', '.join(f'`{finding}`' for finding in complaint.absent)}" if complaint.absent else ""
        yield f"Told: {', '.join(f'`{finding}`' for finding in complaint.present)}{denied}. Level: `{answer.urgency.level.id}`."
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
        if complaint.beside and complaint.beside not in [e.cause for e in answer.explanations[:NAMED]]:
            e = why_not(complaint.case(knowledge.species), complaint.beside, knowledge).explanation
            yield f"| {e.name} | {one_in(e.probability)} ({one_in(e.high)} to {one_in(e.low)}) |"
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

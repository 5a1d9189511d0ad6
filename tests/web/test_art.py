"""The drawings: complete for the vocabulary, whole, and harmless under a strict content policy; the colours readable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from fascicle.knowledge.loader import DATA
from fascicle.knowledge.schema import FindingsFile
from fascicle.knowledge.strict_yaml import read_yaml
from fascicle.web import art
from fascicle.web.art.drawing import SPECIES, parts

STATIC = files("fascicle.web") / "static"
SHEETS = ("fascicle.css", "motion.css", "print.css", "scale.css")
THEMES = ("light", "dark")


@pytest.fixture(scope="module")
def vocabulary() -> FindingsFile:
    """Every finding of every species, those without pages yet too."""
    return FindingsFile.model_validate(
        read_yaml("findings.yaml", (DATA / "findings.yaml").read_bytes()).data, strict=False
    )


def drawn() -> Iterator[tuple[str, str]]:
    """Every piece of SVG that a page can hold, by name."""
    for species in SPECIES:
        yield f"{species} parts", art.movement_parts(species)
        yield f"{species} portrait", art.portrait(species)
        yield f"{species} map", art.body_map(species).svg
        yield from ((f"{species} {kind}", svg) for kind, svg in art.movements(species))
    yield from ((f"icon {name}", art.icon(name)) for name in art.ICONS)
    yield "wordmark", f"<p>{art.wordmark()}</p>"
    yield "favicon", (STATIC / "favicon.svg").read_text(encoding="utf-8")


def css(name: str) -> str:
    """One style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("species", SPECIES)
def test_every_kind_of_movement_has_a_picture(species: str, vocabulary: FindingsFile) -> None:
    """Who lacks the words can point: no kind is without a picture, and they stand in the order of the vocabulary."""
    kinds = [f.id for f in vocabulary.findings if f.group == "kind" and species in f.ask]
    assert sorted(kind for kind, _ in art.movements(species)) == sorted(kinds)
    assert all(art.words(species, kind) for kind in kinds)


@pytest.mark.parametrize("species", SPECIES)
def test_every_place_is_on_the_map_of_places(species: str, vocabulary: FindingsFile) -> None:
    """Each option of “where on the body is it?” can be tapped, and ticks the box of that option."""
    places = {f.id for f in vocabulary.findings if f.group == "place" and species in f.ask}
    shown = art.body_map(species)
    assert {zone.id for zone in shown.zones} == places
    assert set(re.findall(r'data-for="([^"]+)"', shown.svg)) == places


def test_every_drawing_is_whole_and_harmless() -> None:
    """Well-formed, with no style, script, event or reference that leaves the page."""
    for name, node in ((name, node) for name, svg in drawn() for node in ElementTree.fromstring(svg).iter()):
        tag = node.tag.rpartition("}")[2]
        assert tag not in {"style", "script", "image", "foreignObject", "a", "animate"}, name
        for key, value in node.attrib.items():
            assert key != "style" and not key.startswith("on"), name
            assert key.rpartition("}")[2] != "href" or value.startswith("#"), name
            assert "url(" not in value or value.startswith("url(#"), name


@pytest.mark.parametrize("species", SPECIES)
def test_pictures_use_only_shapes_that_exist(species: str) -> None:
    """Every reference of a picture is among the shared shapes, and each of a map or portrait within itself."""
    shared = set(re.findall(r'\bid="([^"]+)"', parts("common") + parts(species)))
    for kind, svg in art.movements(species):
        assert set(re.findall(r'href="#([^"]+)"', svg)) <= shared, kind
    for svg in (art.body_map(species).svg, art.portrait(species)):
        assert set(re.findall(r'href="#([^"]+)"', svg)) <= set(re.findall(r'\bid="([^"]+)"', svg))


def test_every_motion_is_defined_and_stops_on_request() -> None:
    """A class that moves stands in the sheet, and the sheet keeps everything still for those who ask for it."""
    sheet = css("motion.css")
    used = {name for _, svg in drawn() for name in re.findall(r"\bmv-[a-z]+", svg)}
    assert used <= set(re.findall(r"\.(mv-[a-z]+)", sheet))
    assert set(re.findall(r"animation(?:-name)?: ([a-z]+)", sheet)) - {"none"} <= set(
        re.findall(r"@keyframes ([a-z]+)", sheet)
    )
    assert re.search(r"prefers-reduced-motion: reduce\) \{ \.moving \* \{ animation: none !important", sheet)


def test_no_two_kinds_of_a_species_look_alike() -> None:
    """Each picture is one of its own."""
    for species in SPECIES:
        pictures = [svg for _, svg in art.movements(species)]
        assert len(set(pictures)) == len(pictures)


def test_a_species_without_drawings_is_refused() -> None:
    """The message names those that there are."""
    for ask in (art.body_map, art.movement_parts, art.portrait):
        with pytest.raises(KeyError, match="dog, cat, person"):
            ask("horse")
    with pytest.raises(KeyError, match="no picture of brain_zaps for a dog"):
        art.movement("dog", "brain_zaps")
    with pytest.raises(KeyError, match="emergency"):
        art.icon("horse")


def test_what_a_page_loads_stays_small() -> None:
    """Limits in bytes, so that the first page keeps under 60 kB and a result under 150 kB."""
    assert len((STATIC / "fascicle.css").read_bytes()) <= 20_000
    assert len((STATIC / "motion.css").read_bytes()) <= 10_000
    assert sum(len(art.portrait(species)) for species in SPECIES) <= 10_000
    assert max(len(art.body_map(species).svg) for species in SPECIES) <= 14_000
    assert max(len(svg) for species in SPECIES for _, svg in art.movements(species)) <= 3_000


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_asks_for_nothing(name: str) -> None:
    """No sheet imports or loads anything, and its braces match."""
    sheet = css(name)
    assert not re.search(r"url\(|@import|@font-face|expression|https?:", sheet)
    assert sheet.count("{") == sheet.count("}")


def colours(theme: str) -> dict[str, str]:
    """The custom properties of one theme; what dark does not set it takes from light."""
    blocks = re.findall(r":root \{(.*?)\}", css("fascicle.css"), flags=re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks[: 1 + (theme == "dark")]:
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    return found


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of lighter to darker, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


LEVELS = ("emergency", "today", "days", "routine", "watch", "normal")
WASHES = tuple(f"{level}-wash" for level in LEVELS)
TEXT = [
    *(("ink", ground) for ground in ("paper", "card", "wash", "mark", *WASHES)),
    *(("quiet", ground) for ground in ("paper", "card", "wash", "emergency-wash", "mark")),
    *(("brand", ground) for ground in ("paper", "card", "wash", *WASHES)),
    *(("brand-deep", ground) for ground in ("paper", "card", "wash")),
    *(("wrong", ground) for ground in ("paper", "card")),
    *((f"on-{level}", level) for level in LEVELS),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
]
SHAPES = [
    *(("edge", ground) for ground in ("paper", "card")),
    *(("focus", ground) for ground in ("paper", "card", "wash")),
    *(("coat-line", ground) for ground in ("paper", "card", "coat", "coat-far")),
    *(("skin-line", ground) for ground in ("paper", "card", "skin", "skin-far")),
    *(("hot", ground) for ground in ("paper", "card", "coat", "skin")),
    *(("zone", ground) for ground in ("card", "chosen", "coat", "skin")),
    *((level, "paper") for level in LEVELS if level != "days"),
]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_can_be_read(theme: str, front: str, back: str) -> None:
    """WCAG AA: 4.5 to 1 for every pair of text and ground that occurs, in both themes."""
    found = colours(theme)
    assert contrast(found[front], found[back]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_shapes_can_be_seen(theme: str, front: str, back: str) -> None:
    """WCAG AA: 3 to 1 for lines, marks and focus rings; the yellow mark has an outline in ink instead."""
    found = colours(theme)
    assert contrast(found[front], found[back]) >= 3


def test_the_contrast_formula_is_right() -> None:
    """Black on white is 21, a colour on itself 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#123456", "#123456") == 1

"""A case file is read whole or refused with one clear message; YAML and JSON mean the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fascicle.case_file import MAX_BYTES, parse_case, read_case
from fascicle.errors import CaseError
from fascicle.model import Case
from fascicle.pipeline import assess

WHOLE = {
    "species": "dog",
    "age_years": 4.5,
    "sex": "male_neutered",
    "breed": "Labrador Retriever",
    "weight_kg": 30,
    "present": ["itching", "back_skin_twitch_on_touch"],
    "absent": ["vomiting"],
    "choices": {"onset": "onset_over_days"},
    "levels": {},
    "observed_by": {"itching": "clinician"},
    "region": "GB",
    "text": "It twitches – mostly at night.",
    "asked_before": 2,
    "unclear": True,
}

YAML = """\
species: dog
age_years: 4.5
sex: male_neutered
breed: Labrador Retriever
weight_kg: 30
present: [itching, back_skin_twitch_on_touch]
absent:
  - vomiting
choices: {onset: onset_over_days}
levels: {}
observed_by: {itching: clinician}
region: GB
text: "It twitches – mostly at night."
asked_before: 2
unclear: true
"""


def refusal(name: str, raw: str | bytes) -> str:
    """The message a file is refused with."""
    with pytest.raises(CaseError) as caught:
        parse_case(name, raw if isinstance(raw, bytes) else raw.encode())
    return str(caught.value)


def test_every_key_is_read(tmp_path: Path) -> None:
    """YAML and JSON with the same keys give the same case, with every value in place."""
    (tmp_path / "case.yaml").write_text(YAML, encoding="utf-8")
    (tmp_path / "case.json").write_text(json.dumps(WHOLE), encoding="utf-8")
    expected = Case(**WHOLE)
    assert read_case(tmp_path / "case.yaml") == expected
    assert read_case(tmp_path / "case.json") == expected


def test_the_free_text_is_kept_word_for_word() -> None:
    """text: arrives unchanged, line breaks and signs too."""
    told = "He  shakes.\nNo idea why: “odd” 🐕\n"
    assert parse_case("c.json", json.dumps({"species": "dog", "text": told}).encode()).text == told
    assert parse_case(
        "c.yaml", f"species: dog\ntext: |\n  {told.strip()}\n".replace("\nNo", "\n  No").encode()
    ) == Case("dog", text=told)


def test_a_species_is_enough() -> None:
    """All other keys may be left out."""
    assert parse_case("c.yaml", b"species: dog\n") == Case("dog")
    assert parse_case("c.json", b'{"species": "dog"}') == Case("dog")


def test_an_empty_value_is_as_good_as_none() -> None:
    """A key without a value, as in a form half filled in, is not given."""
    assert parse_case("c.yaml", b"species: dog\nage_years:\npresent:\ntext: ~\n") == Case("dog")
    assert parse_case("c.json", b'{"species": "dog", "age_years": null, "choices": null}') == Case("dog")


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfspecies: dog\r\nsex: male\r\n", b"sex: male\nspecies: dog"])
def test_line_ends_order_and_byte_order_mark_play_no_part(raw: bytes) -> None:
    """Any editor's file is read."""
    assert parse_case("c.yaml", raw) == Case("dog", sex="male")


def test_a_finding_named_twice_counts_once() -> None:
    """Repeated ids are one finding, in the order first named."""
    case = parse_case("c.yaml", b"species: dog\npresent: [itching, vomiting, itching]\n")
    assert case.present == ("itching", "vomiting")


@pytest.mark.parametrize("name", ["c.json", "C.JSON", "case.Json"])
def test_the_name_tells_json_from_yaml(name: str) -> None:
    """Only a name that ends in .json is read as JSON."""
    assert refusal(name, "species: dog\n") == (
        f"{name}:1: this is not valid JSON (Expecting value). Fix: check commas, quotes and brackets."
    )
    assert parse_case("c.txt", b'{"species": "dog"}') == Case("dog")


KEYS = ", ".join(WHOLE)
JSON_FIX = "Fix: check commas, quotes and brackets."
TWICE = "stands twice. Keep one of the two."


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("age_years: '3'", "age_years: '3' does not fit; give a number of years such as 4.5."),
        ("age_years: three", "age_years: 'three' does not fit; give a number of years such as 4.5."),
        ("age_years: true", "age_years: True does not fit; give a number of years such as 4.5."),
        ("age_years: [3]", "age_years: a list does not fit; give a number of years such as 4.5."),
        ("weight_kg: 12 kg", "weight_kg: '12 kg' does not fit; give a number of kilograms such as 12."),
        ("sex: 1", "sex: 1 does not fit; give a word such as male_neutered."),
        ("breed: [Pug]", "breed: a list does not fit; give a name in words."),
        ("present: itching", "present: 'itching' does not fit; give a list of finding ids."),
        ("present: {itching: true}", "present: a mapping does not fit; give a list of finding ids."),
        ("present: [1]", "present: a list does not fit; give a list of finding ids."),
        ("present: [[itching]]", "present: a list does not fit; give a list of finding ids."),
        ("absent: false", "absent: False does not fit; give a list of finding ids."),
        ("choices: [onset]", "choices: a list does not fit; give a mapping of group to option."),
        ("choices: {onset: [a, b]}", "choices: a mapping does not fit; give a mapping of group to option."),
        ("levels: high", "levels: 'high' does not fit; give a mapping of finding to level."),
        ("observed_by: lay", "observed_by: 'lay' does not fit; give a mapping of finding to lay, clinician or recording."),
        ("region: 44", "region: 44 does not fit; give a country code such as GB."),
        ("text: {a: b}", "text: a mapping does not fit; give free words in quotes."),
        ("asked_before: 1.5", "asked_before: 1.5 does not fit; give a whole number."),
        ("asked_before: true", "asked_before: True does not fit; give a whole number."),
        ("symptoms: [itching]", f"unknown key 'symptoms'. Keys of a case: {KEYS}."),
        ("Species: dog", f"unknown key 'Species'. Keys of a case: {KEYS}."),
    ],
)  # fmt: skip
def test_a_wrong_value_names_the_key_and_what_fits(written: str, message: str) -> None:
    """One fault, one sentence: the file, the key, what stands there and what should."""
    assert refusal("c.yaml", f"species: dog\n{written}\n") == f"c.yaml: {message}"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("c.yaml", "", "c.yaml is empty. A case needs at least one line: species: dog"),
        ("c.json", " \n\t\n", "c.json is empty. A case needs at least one line: species: dog"),
        ("c.yaml", "# nothing\n", "c.yaml holds nothing; a case is a list of keys such as species: dog"),
        ("c.yaml", "- dog\n", "c.yaml holds a list; a case is a list of keys such as species: dog"),
        ("c.yaml", "dog\n", "c.yaml holds 'dog'; a case is a list of keys such as species: dog"),
        ("c.json", "3", "c.json holds 3; a case is a list of keys such as species: dog"),
        ("c.json", "null", "c.json holds nothing; a case is a list of keys such as species: dog"),
        ("c.yaml", "sex: male\n", "c.yaml: species is missing. Add a line such as species: dog"),
        ("c.json", "{}", "c.json: species is missing. Add a line such as species: dog"),
        ("c.yaml", "species: [dog]\n", "c.yaml: species: a list does not fit; give a word such as dog."),
        ("c.json", '{"species": "dog", "sex": "male", "sex": "female"}', f"c.json: the key 'sex' {TWICE}"),
        ("c.json", '{"species": "dog", "choices": {"a": "b", "a": "b"}}', f"c.json: the key 'a' {TWICE}"),
        ("c.json", '{"species": "dog", "age_years": NaN}', "c.json: NaN is not a usable number."),
        ("c.json", '{"species": "dog", "age_years": -Infinity}', "c.json: -Infinity is not a usable number."),
        ("c.json", '{"species": "dog",\n "sex": }', f"c.json:2: this is not valid JSON (Expecting value). {JSON_FIX}"),
        ("c.json", "[" * 100_000, "c.json is nested too deep to be a case. Flatten it."),
        ("c.json", '{"a":' * 100_000, "c.json is nested too deep to be a case. Flatten it."),
        ("c.json", b'{"species": "caf\xe9"}', "c.json: this is not UTF-8 text (byte 16). Save the file as UTF-8."),
        ("c.yaml", b"species: dog\ntext: caf\xe9\n", "c.yaml:2: this is not UTF-8 text. Fix: save the file as UTF-8."),
        ("c.yaml", "species: dog\nspecies: cat\n",
         "c.yaml:2: the key 'species' stands twice (first on line 1). Fix: keep one of the two."),
        ("c.yaml", "species: dog\nsex: no\n",
         'c.yaml:2: no is a true/false value in YAML. Fix: write true or false, or "no" for the word.'),
        ("c.yaml", "[" * 100_000, "c.yaml:1: nested more than 40 deep. Fix: flatten the file."),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_what_is_no_case_is_refused(name: str, raw: str | bytes, message: str) -> None:
    """Each kind of wrong file has its own message with the way out."""
    assert refusal(name, raw) == message


def test_at_most_five_faults_of_a_file_are_told() -> None:
    """Somebody who gave the wrong file is not flooded."""
    message = refusal("c.yaml", "".join(f"k{i}: no\n" for i in range(50)))
    assert [line.partition(": ")[0] for line in message.splitlines()] == [f"c.yaml:{line}" for line in range(1, 6)]


@pytest.mark.parametrize("extra", [0, 1])
def test_a_megabyte_is_the_most(tmp_path: Path, extra: int) -> None:
    """A file of exactly the bound is read; one byte more is refused."""
    path = tmp_path / "big.yaml"
    start = b"species: dog\n#"
    path.write_bytes(start + b"x" * (MAX_BYTES - len(start) + extra))
    if not extra:
        assert read_case(path) == Case("dog")
        return
    with pytest.raises(CaseError) as caught:
        read_case(path)
    assert (
        str(caught.value) == "big.yaml is larger than 1,000,000 bytes, more than any case file. Is it the right file?"
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless file")
def test_a_file_without_end_is_refused() -> None:
    """The size is counted while reading, so that a pipe or device cannot fill the memory."""
    with pytest.raises(CaseError) as caught:
        read_case(Path("/dev/zero"))
    assert str(caught.value) == "zero is larger than 1,000,000 bytes, more than any case file. Is it the right file?"


def test_many_keys_take_no_longer_than_few() -> None:
    """Looking for duplicates in a megabyte of keys is linear (it once took a minute)."""
    raw = json.dumps({"species": "dog"} | {str(number): 0 for number in range(80_000)})
    assert refusal("c.json", raw) == f"c.json: unknown key '0'. Keys of a case: {KEYS}."


def test_the_folder_of_a_file_is_not_told(tmp_path: Path) -> None:
    """Messages name the file only, so that they can be shown to others."""
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(CaseError) as caught:
            read_case(path)
        assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize(
    "raw",
    [
        "species: dog\nbreed: !<\x1b]0;mine\x07> x\n",
        "species: !<tag:\x9b31m> dog\n",
        'species: dog\nage_years: 0"1\n',
        f"species: dog\nbreed: !{'x' * 500_000} y\n",
        f"species: dog\nage_years: 0{'7' * 500_000}\n",
        f"species: dog\nage_years: 1{'_0' * 300_000}\n",
        f"species: dog\nage_years: 1{':30' * 300_000}\n",
        'species: dog\nbreed: !"%1b%5b31m" x\n',
        "species: dog\nbreed: !e%1b%5b31mx y\n",
    ],
    ids=range(9),
)
def test_no_message_repeats_escape_codes_or_goes_on_without_end(raw: str) -> None:
    """What a case file holds cannot take over the terminal it is read at."""
    told = refusal("case.yaml", raw)
    assert told.replace("\n", " ").isprintable()
    assert len(told) < 500


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "\\ud800x\\udc00"])
def test_half_a_character_is_refused(half: str) -> None:
    """No page and no other file could hold it; a whole one, of two halves, is kept."""
    said = "c.json: a text holds half a character (\\ud800 to \\udfff alone). Type that text again."
    assert refusal("c.json", f'{{"species": "dog", "text": "{half}"}}') == said
    assert parse_case("c.json", b'{"species": "dog", "text": "\\ud83d\\udc36"}').text == "🐶"


def test_a_number_without_end_is_refused_from_python_too() -> None:
    """Python cannot write it out, and the message does without."""
    with pytest.raises(CaseError, match="age_years: a number without end is not possible"):
        assess(Case("dog", age_years=10**5000))

"""YAML's traps are refused with file, line and the way to write it; everything else is read as it stands."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from fascicle.errors import Issue
from fascicle.knowledge import strict_yaml
from fascicle.knowledge.strict_yaml import MAX_DEPTH, Document, read_yaml

WORD = 'write true or false, or "{}" for the word.'
NUMBER = "write a plain decimal number."
DECIMAL = "write a plain decimal such as 0.001."
WRITE_OUT = "write the value out."
SYNTAX = "check indentation, colons, quotes and tabs here."


@pytest.fixture(params=["libyaml", "pure Python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers PyYAML may come with behave alike."""
    if request.param == "pure Python":
        monkeypatch.setattr(strict_yaml, "_PARSER", yaml.SafeLoader)


def read(text: str) -> Document:
    """Read a text."""
    return read_yaml("page.yaml", text.encode())


def faults(text: str | bytes) -> list[str]:
    """The faults of a text as people see them."""
    raw = text.encode() if isinstance(text, str) else text
    return [str(issue) for issue in read_yaml("page.yaml", raw).issues]


WORDS = ["yes", "no", "on", "off", "y", "n", "Yes", "NO", "On", "OFF", "True", "FALSE"]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_yaml_takes_for_true_or_false_is_refused_as_a_value(word: str) -> None:
    """`sex: no` is a fault on its line and the text is kept as text."""
    document = read(f"a: 1\nb: {word}\n")
    wrong = f"{word} is a true/false value in YAML."
    assert document.issues == [Issue("page.yaml", 2, wrong, WORD.format(word))]
    assert document.data == {"a": 1, "b": word}


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "No", "ON", "~", "null", "<<"])
def test_a_word_yaml_takes_for_something_else_is_refused_as_a_key(word: str) -> None:
    """`no: 1` would be the key False in YAML 1.1."""
    assert faults(f"a: 1\n{word}: 1\n") == [
        f'page.yaml:2: the key {word!r} is not text in YAML. Fix: write "{word}" in quotes.'
    ]


def test_a_word_in_a_list_is_refused_too() -> None:
    """Inside a list each word is a fault of its own; the quoted one is not."""
    assert faults('a:\n  - no\n  - "no"\n  - on\n') == [
        f"page.yaml:2: no is a true/false value in YAML. Fix: {WORD.format('no')}",
        f"page.yaml:4: on is a true/false value in YAML. Fix: {WORD.format('on')}",
    ]


@pytest.mark.parametrize(
    ("written", "wrong", "fix"),
    [
        ("1e-3", "1e-3 is not read as a number by every YAML.", DECIMAL),
        ("1E5", "1E5 is not read as a number by every YAML.", DECIMAL),
        ("1.5e3", "1.5e3 is not read as a number by every YAML.", DECIMAL),
        (".5", ".5 is not read as a number by every YAML.", DECIMAL),
        ("1.", "1. is not read as a number by every YAML.", DECIMAL),
        ("1_000", "1_000 is not read as a number by every YAML.", DECIMAL),
        ("012", "012 is an octal, hex or binary number in YAML.", NUMBER),
        ("-012", "-012 is an octal, hex or binary number in YAML.", NUMBER),
        ("0o17", "0o17 is an octal, hex or binary number in YAML.", NUMBER),
        ("0x1F", "0x1F is an octal, hex or binary number in YAML.", NUMBER),
        ("0b101", "0b101 is an octal, hex or binary number in YAML.", NUMBER),
        (".nan", ".nan is not a usable number.", NUMBER),
        (".NaN", ".NaN is not a usable number.", NUMBER),
        (".inf", ".inf is not a usable number.", NUMBER),
        ("-.inf", "-.inf is not a usable number.", NUMBER),
        ("1:30", "1:30 is a base-60 number in YAML.", 'write "1:30" in quotes.'),
        ("1:30:00", "1:30:00 is a base-60 number in YAML.", 'write "1:30:00" in quotes.'),
    ],
)
def test_a_number_yaml_reads_in_its_own_way_is_refused(written: str, wrong: str, fix: str) -> None:
    """What one YAML reads as text and another as a number is a fault, and kept as text."""
    document = read(f"a: 1\n\nb:\n  c: {written}\n")
    assert document.issues == [Issue("page.yaml", 4, wrong, fix)]
    assert document.data == {"a": 1, "b": {"c": written}}


@pytest.mark.parametrize(
    ("text", "line", "wrong", "fix"),
    [
        ("a: 1\nb: &x 2\n", 2, "anchors and aliases are not used here.", WRITE_OUT),
        ("a: 1\nb: &x {c: 2}\n", 2, "anchors and aliases are not used here.", WRITE_OUT),
        ("a: 1\nb: &x [2]\n", 2, "anchors and aliases are not used here.", WRITE_OUT),
        ("a: 1\nb: *x\n", 2, "anchors and aliases are not used here.", WRITE_OUT),
        ("a: 1\nb:\n  <<: *x\n", 3, "anchors and aliases are not used here.", WRITE_OUT),
        ("b: !!str 1\n", 1, "the tag tag:yaml.org,2002:str is not used here.", "take the tag out."),
        ("a: 1\nb: !python {c: 1}\n", 2, "the tag !python is not used here.", "take the tag out."),
        ("a: 1\nb: !set [c]\n", 2, "the tag !set is not used here.", "take the tag out."),
        ("a: 1\n---\nb: 2\n", 2, "there is a second document.", "keep one document in a file."),
        ("a: 1\n? [b]\n: 1\n", 2, "a key must be plain text.", "put the list or mapping after a key."),
        ("a: 1\n? {b: c}\n: 1\n", 2, "a key must be plain text.", "put the list or mapping after a key."),
    ],
)
def test_what_a_page_never_needs_stops_the_reading(text: str, line: int, wrong: str, fix: str) -> None:
    """Anchors, aliases, tags, second documents and odd keys give one fault and no data."""
    document = read(text)
    assert [i for i in document.issues if "<<" not in i.wrong] == [Issue("page.yaml", line, wrong, fix)]
    assert document.data is None


def test_a_merge_key_is_refused_even_without_an_alias() -> None:
    """`<<` copies keys from elsewhere in YAML 1.1; here it is a fault."""
    assert faults("a:\n  <<: {b: 1}\n  c: 2\n") == [
        "page.yaml:2: the key '<<' is not text in YAML. Fix: write \"<<\" in quotes."
    ]


@pytest.mark.parametrize("text", ["a: 1\nb: 2\n\na: 3\n", "{a: 1,\n b: 2,\n\n a: 3}", '"a": 1\nb: 2\n\na: 3\n'])
def test_a_key_that_stands_twice_is_refused(text: str) -> None:
    """PyYAML would keep the last one silently; here the first is kept and both lines are named."""
    document = read(text)
    wrong = "the key 'a' stands twice (first on line 1)."
    assert document.issues == [Issue("page.yaml", 4, wrong, "keep one of the two.")]
    assert document.data == {"a": 1, "b": 2}


def test_the_same_key_in_two_mappings_is_no_duplicate() -> None:
    """Only keys of one mapping are compared."""
    document = read("- {a: 1}\n- {a: 2}\n- a: {a: 3}\n")
    assert document.issues == []
    assert document.data == [{"a": 1}, {"a": 2}, {"a": {"a": 3}}]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb:\n\tc: 2\n", 3),
        ("a: 1\nb: c: d\n", 2),
        ("a: 1\n b: 2\n", 2),
        ("a: 1\nb: @c\n", 2),
        ("a: 1\nb: \x07\n", 2),
        ("a: 1\nb: {c: 1]\n", 2),
    ],
    ids=["tab", "two colons", "indent", "reserved character", "control character", "wrong bracket"],
)
def test_a_syntax_error_names_its_line(text: str, line: int) -> None:
    """What no parser can read is one fault on the line where it went wrong."""
    document = read(text)
    assert [(i.file, i.line, i.fix) for i in document.issues] == [("page.yaml", line, SYNTAX)]
    assert document.issues[0].wrong.startswith("this is not valid YAML (")
    assert document.data is None


@pytest.mark.parametrize("text", ["a: [1, 2\n", "a: 'b\n", 'a: "b\n', "a: {b: 1\n"])
def test_something_left_open_is_one_fault(text: str) -> None:
    """An open bracket or quote is reported once and nothing is read."""
    document = read(text)
    assert [i.fix for i in document.issues] == [SYNTAX]
    assert document.data is None


@pytest.mark.parametrize(("raw", "line"), [(b"a: 1\nb: caf\xe9\n", 2), (b"\xff\xfea\0:\0", 1), (b"\x80", 1)])
def test_bytes_that_are_not_utf8_name_their_line(raw: bytes, line: int) -> None:
    """Latin-1 and UTF-16 files are refused, never guessed."""
    assert faults(raw) == [f"page.yaml:{line}: this is not UTF-8 text. Fix: save the file as UTF-8."]


def test_nul_bytes_are_a_binary_file() -> None:
    """A NUL byte never stands in text."""
    assert faults(b"a: 1\nb: \0\n") == [
        "page.yaml:1: this is a binary file, not text. Fix: give a YAML or JSON text file."
    ]


def nested(depth: int) -> str:
    """This many lists inside one another."""
    return "[" * depth + "]" * depth


def test_nesting_up_to_the_limit_is_read() -> None:
    """The deepest allowed file has no fault and keeps its shape."""
    document = read(nested(MAX_DEPTH + 1))
    assert document.issues == []
    assert json.dumps(document.data) == nested(MAX_DEPTH + 1)


@pytest.mark.parametrize(
    "text",
    [
        nested(MAX_DEPTH + 2),
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "".join(" " * i + "a:\n" for i in range(MAX_DEPTH + 5)),
    ],
    ids=["one too many", "open lists", "open mappings", "dashes", "indented"],
)
def test_nesting_beyond_the_limit_is_one_fault_and_no_crash(text: str) -> None:
    """However deep a file is, the process lives and says so."""
    document = read(text)
    assert [(i.wrong, i.fix) for i in document.issues] == [("nested more than 40 deep.", "flatten the file.")]
    assert document.data is None


@pytest.mark.parametrize("date", ["2026-11-20", "2026-11-20 10:00:00", "2026-11-20T10:00:00Z"])
def test_a_bare_date_stays_text(date: str) -> None:
    """The schema decides whether a date is wanted."""
    document = read(f"checked_on: {date}\n")
    assert document.issues == []
    assert document.data == {"checked_on": date}


@pytest.mark.parametrize("trap", [*WORDS, "1e-3", "012", "0x1F", "1:30", ".nan", "~", "null", "<<", "*a", "&a", "!a"])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quoted_trap_is_plain_text(trap: str, quote: str) -> None:
    """In quotes every word is itself, as a value and as a key."""
    document = read(f"a: {quote}{trap}{quote}\n{quote}{trap}{quote}: b\n")
    assert document.issues == []
    assert document.data == {"a": trap, trap: "b"}


def test_blocks_of_text_are_plain_text() -> None:
    """Literal and folded blocks are never looked at for traps."""
    document = read("a: |\n  no\n  1e-3\nb: >\n  yes\n")
    assert document.issues == []
    assert document.data == {"a": "no\n1e-3\n", "b": "yes\n"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("0.5", 0.5),
        ("-0.25", -0.25),
        ("1.5e-07", 1.5e-07),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("word", "word"),
        ("4 kg", "4 kg"),
        ("1,000", "1,000"),
        ("2.5.1", "2.5.1"),
        ("10-20", "10-20"),
    ],
)
def test_plain_values_are_read_as_they_look(written: str, value: object) -> None:
    """Integers, decimals, true, false, null and words need no quotes."""
    document = read(f"a: {written}\n")
    assert document.issues == []
    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


@pytest.mark.parametrize("raw", [b"a: 1\nb: [2]\n", b"a: 1\r\nb: [2]\r\n", b"\xef\xbb\xbfa: 1\nb: [2]\n"])
def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(raw: bytes) -> None:
    """Files saved by any editor give the same data on the same lines."""
    document = read_yaml("page.yaml", raw)
    assert document.issues == []
    assert document.data == {"a": 1, "b": [2]}
    assert document.lines == {(): 1, ("a",): 1, ("b",): 2, ("b", 0): 2}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "null\n"])
def test_a_file_without_data_is_nothing(text: str) -> None:
    """Whether that is a fault is for the reader of the document to say."""
    document = read(text)
    assert (document.data, document.issues) == (None, [])


def test_every_value_knows_its_line() -> None:
    """Lines are those of the key, or of the item in a list; an unknown path gives its nearest parent."""
    signs = 'signs:\n  itching:\n    p: 0.5\n\n    why: "a\n      b"\n  # note\n  drooling: {p: 1}\n'
    document = read(f"# a page\nid: x\n{signs}now:\n  - text: c\n  - d\n")
    assert document.lines == {
        (): 2,
        ("id",): 2,
        ("signs",): 3,
        ("signs", "itching"): 4,
        ("signs", "itching", "p"): 5,
        ("signs", "itching", "why"): 7,
        ("signs", "drooling"): 10,
        ("signs", "drooling", "p"): 10,
        ("now",): 11,
        ("now", 0): 12,
        ("now", 0, "text"): 12,
        ("now", 1): 13,
    }
    assert document.line(("signs", "itching", "low")) == 4
    assert document.line(("care",)) == 2


def test_every_fault_is_listed_in_the_order_of_the_file() -> None:
    """A fault that leaves the file readable does not hide the next."""
    text = "a: no\nb: 1e-3\na: 2\non: 012\n"
    assert [(i.line, i.wrong.split(" is ")[0]) for i in read(text).issues] == [
        (1, "no"),
        (2, "1e-3"),
        (3, "the key 'a' stands twice (first on line 1)."),
        (4, "the key 'on'"),
        (4, "012"),
    ]


def is_read_as_written(number: float) -> bool:
    """Whether JSON writes this float in a form with a decimal point (1e-05 is refused by design)."""
    return "." in json.dumps(number)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=30)
FLOATS = st.floats(allow_nan=False, allow_infinity=False).filter(is_read_as_written)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(PLAIN, st.sampled_from([None, 0, 2]))
def test_what_json_writes_is_read_back_unchanged(data: object, indent: int | None) -> None:
    """JSON is YAML: plain nested data comes back with the same values and types and no fault."""
    document = read(json.dumps(data, indent=indent))
    assert document.issues == []
    assert json.dumps(document.data) == json.dumps(data)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text(st.sampled_from(" \n\t:-?[]{},&*!|>'\"%@`#~<=.0123456789abenoxy"), max_size=60))
def test_no_bytes_raise(content: bytes | str) -> None:
    """Whatever a file holds, the answer is data or faults on a line of the file (or its end), never an exception."""
    raw = content if isinstance(content, bytes) else content.encode()
    end = len(raw.decode(errors="replace").splitlines()) + 1
    document = read_yaml("page.yaml", raw)
    assert [i for i in document.issues if not 1 <= i.line <= end or not i.wrong or not i.fix] == []

"""Lints on what owners read: long words nobody has judged, hard words without a plain one beside them, hard sentences.

Warnings only: a hard sentence must not keep the program from starting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fascicle.errors import Issue
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.places import Documents, at, entry_path, pages
from fascicle.knowledge.strict_yaml import Path

LONG, GRADE, SLACK = 4, 7, 2
"""Syllables of a long word, and the years of school a text may ask for: somebody of twelve has had about seven. A question
or a rule by itself is so short that the formula swings by a year or two."""


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end not counted."""
    return max(1, len(re.findall("[aeiouy]+", re.sub("(?<=[a-z]{2})e$", "", word))))


def grade(text: str) -> float:
    """Years of school by the Flesch-Kincaid formula (Kincaid and others 1975); 0 for no words at all."""
    sentences = [each for each in re.split(r"(?<=[.?!:;])\s+", text) if re.search("[A-Za-z]", each)]
    words = _words(text)
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def hard_words(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """Every long word is known to be plain, or has a plain word beside it."""
    known = {*knowledge.words.familiar, *knowledge.words.names}
    for file, path, texts in _read_by_owners(knowledge, documents):
        used = set(_words(" ".join(texts)))
        for word in sorted(used):
            plain = knowledge.words.glossed.get(word)
            if plain is not None and used.isdisjoint(plain):
                wrong = f"{word!r} stands without a plain word beside it."
                yield at(documents, file, path, wrong, f"explain it, for example with {plain[0]!r}.", "warning")
            elif plain is None and word not in known and syllables(word) >= LONG:
                wrong = f"{word!r} is a long word nobody has judged."
                yield at(documents, file, path, wrong, "use a plainer one, or list it in words.yaml.", "warning")


def reading_age(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """What stands together asks for no more than seven years of school."""
    for file, path, texts in _read_by_owners(knowledge, documents):
        found, most = grade(" ".join(texts)), GRADE if len(texts) > 2 else GRADE + SLACK
        if found > most:
            wrong = f"this asks for {found:.1f} years of school, more than {most}."
            yield at(documents, file, path, wrong, "shorten the sentences, use shorter words.", "warning")


def _words(text: str) -> list[str]:
    return re.findall("[a-z]+", text.lower())


def _read_by_owners(knowledge: Knowledge, documents: Documents) -> Iterator[tuple[str, Path, Sequence[str]]]:
    """Texts that stand together: what a page says to do, what it explains, each question with its help, each red flag."""
    for page, file in pages(knowledge, documents):
        yield file, ("now",), [x.text for x in (*page.now, *page.avoid, *page.watch_for, *page.prevent)]
        told = [line.text for line in (page.confirm, page.outlook, *page.risk_notes) if line is not None]
        yield file, ("summary",), [page.summary, *told, page.urgency.why]
    for finding in knowledge.findings.values():
        path = entry_path(documents, "findings.yaml", "findings", finding.id)
        yield "findings.yaml", path, [finding.ask[knowledge.species], finding.help]
    for rule in knowledge.red_flags:
        yield "red_flags.yaml", entry_path(documents, "red_flags.yaml", "red_flags", rule.id), [rule.why, rule.act]

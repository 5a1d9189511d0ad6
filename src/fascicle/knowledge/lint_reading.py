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
from fascicle.knowledge.words import Reading


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end not counted."""
    return max(1, len(re.findall("[aeiouy]+", re.sub("(?<=[a-z]{2})e$", "", word))))


def years_of_school(text: str, reading: Reading) -> float:
    """What a text asks for by the formula of words.yaml; 0 for no words at all."""
    sentences = [each for each in re.split(r"(?<=[.?!:;])\s+", text) if re.search("[A-Za-z]", each)]
    words = _words(text)
    if not words:
        return 0.0
    a_sentence = reading.a_sentence * len(words) / len(sentences)
    return a_sentence + reading.a_word * sum(map(syllables, words)) / len(words) - reading.less


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
            elif plain is None and word not in known and syllables(word) >= knowledge.words.reading.long_word:
                wrong = f"{word!r} is a long word nobody has judged."
                yield at(documents, file, path, wrong, "use a plainer one, or list it in words.yaml.", "warning")


def reading_age(knowledge: Knowledge, documents: Documents) -> Iterator[Issue]:
    """What stands together asks for no more years of school than words.yaml allows."""
    reading = knowledge.words.reading
    for file, path, texts in _read_by_owners(knowledge, documents):
        most = reading.most_years if file.startswith(f"{knowledge.species}/") else reading.most_years_alone
        found = years_of_school(" ".join(texts), reading)
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
        yield "findings.yaml", path, [finding.ask[knowledge.species], finding.help, finding.check or ""]
    for instrument in knowledge.instruments.values():
        path = entry_path(documents, "instruments.yaml", "instruments", instrument.id)
        own = [] if instrument.official else [instrument.asks, *instrument.items]  # official wording may not be changed
        said = [text for band in instrument.bands for text in (band.means, *(line.text for line in band.care))]
        yield "instruments.yaml", path, [*own, *said, instrument.limit.text]
    for diary in knowledge.diaries.values():
        path = entry_path(documents, "instruments.yaml", "diaries", diary.id)
        yield "instruments.yaml", path, [line.text for line in (*diary.how, *diary.act)]
    for rule in knowledge.red_flags:
        yield "red_flags.yaml", entry_path(documents, "red_flags.yaml", "red_flags", rule.id), [rule.why, rule.act]
    for key, entry in knowledge.wording.insteads:
        told = [entry.name, entry.why or "", *(line.text for line in (*entry.now, *entry.avoid))]
        yield "wording.yaml", ("species", knowledge.species, key), told

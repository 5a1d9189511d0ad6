"""words.yaml: which words may stand in what people read, and how hard a text may be."""

from __future__ import annotations

from fascicle.knowledge.figures import Id, Strict, Text
from fascicle.knowledge.schema import SpeciesId


class Reading(Strict):
    """How hard a text is, in years of school, and how hard it may be. long_word: syllables from which a word is judged singly."""

    a_sentence: float
    a_word: float
    less: float
    source: Text
    most_years: int
    most_years_alone: int
    long_word: int
    why: Text


class WordsFile(Strict):
    """words.yaml: long words that may stand, those that need a plain word in the same text, and how hard a text may be.

    unfit: species -> words that nobody says of it, for they belong to another.
    """

    familiar: tuple[Text, ...]
    names: tuple[Text, ...]
    unfit: dict[SpeciesId, tuple[Text, ...]] = {}
    glossed: dict[Id, tuple[Text, ...]]
    reading: Reading

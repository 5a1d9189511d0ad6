"""What is said about popular articles beside an answer."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from fascicle import load
from fascicle.knowledge.base import Knowledge
from fascicle.knowledge.claims import Article, Claim
from fascicle.model import Evidence, Explanation, Level
from fascicle.popular import claims


def claim(identity: str, verdict: str = "contested", danger: bool = False, **touches: tuple[str, ...]) -> Claim:
    """A made-up claim."""
    return Claim(
        id=identity, species=("dog",), article="blog", claim=identity, verdict=verdict, danger=danger, why="because",
        sources=("pdsa_fleas",), **touches,
    )  # fmt: skip


def explanation(cause: str, probability: float) -> Explanation:
    """A made-up explanation."""
    return Explanation(cause, cause, probability, 0.0, 1.0, Level.ROUTINE)


CLAIMS = (
    claim("likely", causes=("osteoarthritis",)),
    claim("likeliest", causes=("flea_infestation",)),
    claim("holds", verdict="supported", causes=("flea_infestation",)),
    claim("unlikely", danger=True, causes=("eclampsia",)),
    claim("harm", danger=True, causes=("osteoarthritis",)),
    claim("seen", findings=("itching",)),
    claim("everywhere"),
)
LIKELY = (explanation("flea_infestation", 0.6), explanation("osteoarthritis", 0.3), explanation("eclampsia", 0.01))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """The dog knowledge with made-up claims of one made-up article."""
    articles = MappingProxyType({"blog": Article(id="blog", name="A blog", species="dog")})
    return replace(load("dog"), claims=CLAIMS, articles=articles)


def test_dangerous_claims_come_first_then_those_about_the_likeliest_cause(knowledge: Knowledge) -> None:
    """What can do harm leads; then the order of the causes. Claims about unlikely causes, and those that hold, stay away."""
    found = claims(Evidence("dog"), LIKELY, knowledge)
    assert [c.id for c in found] == ["harm", "likeliest", "likely"]


def test_a_claim_about_a_finding_counts_when_it_is_present(knowledge: Knowledge) -> None:
    """A claim that names findings only is brought up by them, after those about causes."""
    itchy = Evidence("dog", present=frozenset({"itching"}))
    assert [c.id for c in claims(itchy, LIKELY[:1], knowledge)] == ["likeliest", "seen"]
    assert [c.id for c in claims(itchy, (), knowledge)] == ["seen"]


def test_no_more_claims_than_the_knowledge_allows(knowledge: Knowledge) -> None:
    """At most also_present_most of them."""
    itchy = Evidence("dog", present=frozenset({"itching"}))
    assert len(claims(itchy, LIKELY, knowledge)) == knowledge.triage.also_present_most


def test_each_claim_says_where_it_stands_and_what_holds(knowledge: Knowledge) -> None:
    """The article's name, the verdict, the reason and the sources go along."""
    first = claims(Evidence("dog"), LIKELY, knowledge)[0]
    assert (first.article, first.verdict, first.danger, first.why, first.sources) == (
        "A blog", "contested", True, "because", ("pdsa_fleas",),
    )  # fmt: skip

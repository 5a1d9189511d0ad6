"""fascicle: how soon to act on a twitch, what explains it, and how likely that is.

    import fascicle
    case = fascicle.Case(species="dog", present=["back_skin_twitch_on_touch", "itching"])
    assessment = fascicle.assess(case)
    assessment.urgency.level, assessment.explanations[0].name

Everything is computed on this machine; nothing is sent anywhere.
"""

__version__ = "0.1.0"

from fascicle.errors import (
    CaseError,
    FascicleError,
    ImpossibleEvidence,
    Issue,
    KnowledgeError,
    SpeciesNotCovered,
    TooManyFindings,
    UnknownFinding,
)
from fascicle.model import Assessment, Case, Level, Question, Status, Urgency
from fascicle.pipeline import assess, load, next_question, why_not

__all__ = [
    "Assessment",
    "Case",
    "CaseError",
    "FascicleError",
    "ImpossibleEvidence",
    "Issue",
    "KnowledgeError",
    "Level",
    "Question",
    "SpeciesNotCovered",
    "Status",
    "TooManyFindings",
    "UnknownFinding",
    "Urgency",
    "__version__",
    "assess",
    "load",
    "next_question",
    "why_not",
]

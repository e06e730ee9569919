"""The grounds that a person may have, and what may stand against them, each by its article of the GDPR."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Ground(StrEnum):
    """Why data must be erased: the six grounds of Art. 17(1)(a) to (e). A child's consent, (f), is withdrawn as (b)."""

    NOT_NEEDED = "not_needed"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    OBJECTS_TO_MARKETING = "objects_to_marketing"
    OBJECTS = "objects"
    UNLAWFUL = "unlawful"
    LEGAL_DUTY = "legal_duty"


class Contest(StrEnum):
    """Why use must be restricted: Art. 18(1)(a) to (d)."""

    ACCURACY = "accuracy"
    UNLAWFUL = "unlawful"
    LEGAL_CLAIMS = "legal_claims"
    OBJECTION = "objection"


class Keeps(StrEnum):
    """Why a purpose goes on: the exceptions of Art. 17(3), what overrides an objection, and where no ground applies."""

    EXPRESSION = "expression"
    DUTY = "duty"
    PUBLIC_HEALTH = "public_health"
    ARCHIVING = "archiving"
    LEGAL_CLAIMS = "legal_claims"
    OVERRIDING = "overriding"
    STILL_NEEDED = "still_needed"
    NOT_COVERED = "not_covered"


OF_GROUND: Mapping[Ground, str] = {
    Ground.NOT_NEEDED: "Art. 17(1)(a)",
    Ground.CONSENT_WITHDRAWN: "Art. 17(1)(b)",
    Ground.OBJECTS_TO_MARKETING: "Art. 17(1)(c), 21(2)",
    Ground.OBJECTS: "Art. 17(1)(c), 21(1)",
    Ground.UNLAWFUL: "Art. 17(1)(d)",
    Ground.LEGAL_DUTY: "Art. 17(1)(e)",
}
BY_OBJECTION: frozenset[Ground] = frozenset({Ground.OBJECTS_TO_MARKETING, Ground.OBJECTS})
"""Grounds that are true only where the person has said no to the use: then, or before."""


def says_no(ground: str) -> bool:
    """Whether an objection on record for this reason is the person's own word.

    An erasure on another ground sets one too, so that what is imported again is not used.
    """
    return ground not in {OF_GROUND[each] for each in Ground if each not in BY_OBJECTION}


OF_CONTEST: Mapping[Contest, str] = {
    Contest.ACCURACY: "Art. 18(1)(a)",
    Contest.UNLAWFUL: "Art. 18(1)(b)",
    Contest.LEGAL_CLAIMS: "Art. 18(1)(c)",
    Contest.OBJECTION: "Art. 18(1)(d)",
}
OF_EXCEPTION: Mapping[Keeps, str] = {
    Keeps.EXPRESSION: "Art. 17(3)(a)",
    Keeps.DUTY: "Art. 17(3)(b)",
    Keeps.PUBLIC_HEALTH: "Art. 17(3)(c)",
    Keeps.ARCHIVING: "Art. 17(3)(d)",
    Keeps.LEGAL_CLAIMS: "Art. 17(3)(e)",
    Keeps.OVERRIDING: "Art. 21(1)",
    Keeps.STILL_NEEDED: "Art. 6(1)",  # no ground of Art. 17(1) applies while a contract needs it
    Keeps.NOT_COVERED: "Art. 21(1), (2)",  # it covers legitimate interests, public tasks and direct marketing
}

"""Which rights an answer tells of (Art. 15(1)(e)): those that the person has, by what the data rests on."""

from __future__ import annotations

from dataclasses import dataclass

from ombud.documents.extract import Extract
from ombud.documents.stated import Stated


@dataclass(frozen=True, slots=True)
class Right:
    """A right by its name in `RequestKind`, its article of the GDPR, and what it is in words."""

    id: str
    article: str
    text: str


ARTICLES = {
    "rectify": "16",
    "erase": "17",
    "restrict": "18",
    "port": "20",
    "object": "21",
    "withdraw": "7(3)",
}

RESTS_ON = {
    "port": {"consent", "contract"},
    "object": {"legitimate_interests", "public_task"},
    "withdraw": {"consent"},
}
"""A right that only some legal bases give; the others every person has."""


def rights(extract: Extract, stated: Stated) -> tuple[Right, ...]:
    """The rights that go with what the extract holds."""
    bases = {hold.basis for record in extract.records for datum in record.data for hold in datum.holds}
    return tuple(
        Right(right, article, stated.say(f"right.{right}"))
        for right, article in ARTICLES.items()
        if right not in RESTS_ON or RESTS_ON[right] & bases
    )

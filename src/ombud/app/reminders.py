"""Whom the desk's reminders go to, and how many days before a request is due: what `ombud.yaml` says, or the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ombud.policy.model import Policy
from ombud.policy.shape import ByForm, Key, Many, Number, Record, Text, Word
from ombud.policy.tree import Entries, Items, Node, Scalar
from ombud.rights.reminding import DAYS
from ombud.terms import Finding, Place

REMINDERS = ByForm(
    scalar=Word("reminders", ("none",)),
    entries=Record(
        "reminders",
        {
            "to": Key(Text("an address", r"^\S+$", "write one plain address"), "who is reminded; else the officer"),
            "days": Key(Many(Number(0, 90), 1), "how many days before a request is due; else 7, 2 and 0"),
            "language": Key(Word("a language", ("sv", "en")), "in which they are reminded; else sv"),
        },
    ),
)


@dataclass(frozen=True, slots=True)
class Reminders:
    """Whom and when. `to` empty: the policy's officer. `days` empty: nobody is reminded."""

    to: str = field(default="", repr=False)
    days: tuple[int, ...] = DAYS
    language: str = "sv"
    place: Place = Place("ombud.yaml")

    def address(self, policy: Policy) -> str:
        """Who is reminded; empty where nobody is said."""
        organisation = policy.organisation
        officer = organisation.officer if organisation else {}
        controller = policy.companies.get(organisation.controller) if organisation else None
        return self.to or officer.get("email", "") or (controller.contact.get("email", "") if controller else "")


USUAL = Reminders()


def reminders_of(node: Node | None) -> Reminders:
    """What a project file that fits the grammar says of reminders."""
    match node:
        case Scalar():
            return Reminders(days=())
        case Entries():
            said = node.get("days")
            days = tuple(int(_text(each)) for each in said.nodes) if isinstance(said, Items) else DAYS
            to, language = _text(node.get("to")), _text(node.get("language")) or "sv"
            return Reminders(to, tuple(sorted(set(days), reverse=True)), language, node.place)
        case _:
            return USUAL


def misfit_reminders(found: Reminders) -> Iterator[Finding]:
    """C162: an address that none can be."""
    from ombud.adapters.mail import is_address

    if found.to and not is_address(found.to):
        hint = "write one address, such as dataskydd@your.example"
        yield Finding("C162", found.place, "reminders go to no plain address", hint)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""

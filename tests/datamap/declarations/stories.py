"""Systems in fideslang for stories, and a person who decides what a draft of them leaves open."""

from __future__ import annotations

import re
from typing import Any

from ombud.datamap.declarations.draft import Described, Draft, draft
from ombud.datamap.declarations.purposes import Drafted
from ombud.datamap.declarations.written import NO_AGREEMENT, NO_MOMENT, NO_REGION, SAID, written
from ombud.datamap.guess.vocabulary import Vocabulary
from ombud.policy.load import load_text
from ombud.policy.model import Policy
from ombud.terms import Finding, Level

PLAIN = {"data_use": "essential.service", "data_categories": ["user.contact.email"]}


def declared(**said: Any) -> dict[str, Any]:
    """A privacy declaration."""
    return PLAIN | said


def system(*declarations: dict[str, Any], key: str = "shop", **said: Any) -> dict[str, Any]:
    return {"fides_key": key, "system_type": "Service", "privacy_declarations": [*declarations], **said}


def drafted(*systems: dict[str, Any], **beside: Any) -> Draft:
    """The draft that a file with these systems comes to."""
    found = Described()
    found.read({"system": [*systems], **beside})
    return draft(found, Vocabulary())


def purpose(**said: Any) -> Drafted:
    """The only purpose of the only declaration."""
    (found,) = drafted(system(declared(**said))).purposes.values()
    return found


def text(*systems: dict[str, Any], **beside: Any) -> str:
    return written(drafted(*systems, **beside), "systems.yml")


def found_in(said: str) -> list[Finding]:
    """The errors of a draft."""
    return [each for each in load_text({"group.yaml": said})[1] if each.level is Level.ERROR]


def decided(said: str) -> Policy:
    """The policy once somebody has decided what the draft leaves open, and nothing else."""
    said = re.sub(r"^zone: ~", "zone: Europe/Stockholm", said, flags=re.MULTILINE)
    said = re.sub(r"^group: ~", "group: Tallvik", said, flags=re.MULTILINE)
    said = re.sub(r"name: ~", "name: Tallvik AB", said)
    said = said.replace("registration_number: ~", "registration_number: 559999-1014")
    said += f"moments: {{{NO_MOMENT}: }}\nregions: {{{NO_REGION}: {{safeguard: within}}}}\n"
    said += f"agreements: {{{NO_AGREEMENT}: {{kind: processing, dated: 2026-01-01, allows: {{en: all}}}}}}\n"
    policy, findings = load_text({"group.yaml": said})
    assert policy is not None, findings
    return policy


def explained(said: str) -> bool:
    """Whether each error of a draft stands on a line that says what fideslang does not say."""
    lines = said.splitlines()
    return all(SAID in lines[each.place.line - 1] for each in found_in(said))

"""The texts by which consent is asked for: `policy/consents/PURPOSE.VERSION.LANGUAGE.md`, as they were shown.

A version is never edited: whoever consented was shown that text, and its hash is kept with the consent (Art. 7(1)).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ombud.policy.model import BasisKind, Policy
from ombud.policy.tree import guess
from ombud.terms import Finding, Level, Place

FOLDER = "consents"
"""Inside the policy's folder."""

LONGEST = 100_000
"""Bytes of a text."""

_NAME = re.compile(r"(?P<purpose>[a-z0-9_]+)\.(?P<version>[0-9A-Za-z-]{1,20})\.(?P<language>[a-z]{2,3})\.md", re.ASCII)


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A text that asks for consent. `sha256` is of its bytes, in hexadecimal."""

    purpose: str
    version: str
    language: str
    text: str
    sha256: str
    place: Place = Place("")


Texts = Mapping[tuple[str, str, str], ConsentText]
"""By purpose, version and language."""


def read_texts(folder: Path, policy: Policy) -> tuple[Texts, tuple[Finding, ...]]:
    """Every text in the policy's folder, and what is wrong with them (P060 to P062). Raises OSError."""
    found: dict[tuple[str, str, str], ConsentText] = {}
    findings: list[Finding] = []
    where = folder / FOLDER
    for path in sorted(where.iterdir()) if where.is_dir() else ():
        place = Place(str(path.relative_to(folder)))
        match = _NAME.fullmatch(path.name)
        if match is None:
            if not path.name.startswith("."):
                hint = "call it PURPOSE.VERSION.LANGUAGE.md, such as newsletter.1.sv.md"
                findings.append(Finding("P060", place, "this is not called like a text of consent", hint))
            continue
        if (bad := _misplaced(match["purpose"], policy, place)) is not None:
            findings.append(bad)
            continue
        raw = path.read_bytes()[: LONGEST + 1]
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            findings.append(Finding("P062", place, "the file is not text", "save it as UTF-8"))
            continue
        if not text.strip() or len(raw) > LONGEST:
            what = "the text is empty" if not text.strip() else f"the text is longer than {LONGEST:,} bytes"
            findings.append(Finding("P062", place, what, "write what people are shown when they are asked"))
            continue
        key = (match["purpose"], match["version"], match["language"])
        found[key] = ConsentText(*key, text, hashlib.sha256(raw).hexdigest(), place)
    findings += _untold(found, policy)
    return found, tuple(findings)


def on_consent(policy: Policy) -> Mapping[str, Place]:
    """The purposes that rest on consent in some company, with where each is written."""
    return {
        id: purpose.place
        for own in policy.purposes.values()
        for id, purpose in own.items()
        if any(basis.kind is BasisKind.CONSENT for basis in purpose.bases)
    }


def _misplaced(purpose: str, policy: Policy, place: Place) -> Finding | None:
    consenting = on_consent(policy)
    if purpose in consenting:
        return None
    if any(purpose in own for own in policy.purposes.values()):
        message = f"no company rests {purpose} on consent, and this text asks for it"
        return Finding("P061", place, message, "add `consent` to its basis, or remove the text")
    return Finding("P061", place, f"there is no purpose {purpose}", guess(purpose, dict.fromkeys(consenting)))


def _untold(found: Iterable[tuple[str, str, str]], policy: Policy) -> Iterable[Finding]:
    told = {purpose for purpose, _, _ in found}
    for purpose, place in on_consent(policy).items():
        if purpose not in told:
            message = f"{purpose} rests on consent, and no text says what people consent to"
            hint = f"write {FOLDER}/{purpose}.1.sv.md: the words people are shown when they are asked (Art. 7(1))"
            yield Finding("P063", place, message, hint, Level.WARNING)

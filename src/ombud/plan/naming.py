"""The names under which a row's judgements are remembered: one a rule, readable, the same as long as the rule is."""

from __future__ import annotations

import hashlib

from ombud.datamap.model import (
    ByIdentifier,
    EachOwner,
    FromChildren,
    FromColumn,
    Imported,
    IsSubject,
    Latest,
    MomentRule,
    OwnerRule,
    OwnersOf,
    Through,
)

COMPANY = "company"
FOLLOWED = "followed"
"""What the row followed went, with every claim dead; `named` is the key by which it followed."""
SHARED = "shared"
"""An identifier (`named`) by which this subject's row was one of several when another went."""
SEVERAL = "several/"
"""Before the name of a match: an identifier (`named`) by which it found several when one went."""
IDENTIFIER = "identifier"
"""An identifier (`named`) that this subject's row had, and that was blanked or went with a row of its own."""


def rule_name(rule: MomentRule | OwnerRule) -> str:
    """`moment/…` or `owner/…`, then what tells it from the other rules of its table."""
    match rule:
        case Through(link, moment):
            return f"moment/through/{link}/{moment}"
        case FromChildren() | Latest():
            return f"moment/{rule.child}/{rule.link}/{rule.moment}/{_told_apart(rule)}"
        case FromColumn() | Imported():
            return f"moment/{_told_apart(rule)}"
        case OwnersOf(link):
            return f"owner/of/{link}"
        case EachOwner(child, link, if_none):
            return f"owner/each/{child}/{link}/{if_none}"
        case ByIdentifier(kind, column, if_none):
            return f"owner/by/{kind}/{column}/{if_none}"
        case IsSubject(subject):
            return f"owner/is/{subject}"


def _told_apart(rule: MomentRule) -> str:
    return hashlib.sha256(repr(rule).encode()).hexdigest()[:8]

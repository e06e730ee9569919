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
    Where,
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

ANEW, ADDED = "new/", "add/"
"""Before a rule's name until its memo counts: it takes the place of what was remembered, or is remembered too."""
SURE, UNSURE = 1, 0
"""How a remembered person is reached by an identifier: it was theirs alone, or others had it too."""


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
        case ByIdentifier(kind, column, if_none, when):
            told = f"/{_short(_tests(when))}" if when else ""
            return f"owner/by/{kind}/{column}/{if_none}{told}"
        case IsSubject(subject):
            return f"owner/is/{subject}"


def _told_apart(rule: MomentRule) -> str:
    """A short text that is another for each rule; of what the map says alone, so that it outlives ombud's releases."""
    match rule:
        case FromChildren():
            said: tuple[object, ...] = (str(rule.pick), _tests(rule.where), str(rule.if_none))
        case Latest():
            said = (rule.order, _tests(rule.when), str(rule.if_none))
        case FromColumn():
            said = tuple((c.column, str(c.encoding), c.zone, c.absent) for c in rule.columns)
        case Imported():
            said = (rule.source, rule.subject, rule.moment, rule.match, str(rule.if_none))
        case Through():
            said = (rule.link, rule.moment)
    return _short(said)


def _short(said: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8]


def _tests(where: Where) -> tuple[object, ...]:
    return tuple((test.link, test.column, test.values) for test in where)

"""What becomes of a person's data at a request for erasure, told by kind of data and without the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ombud.documents.extract import Extract, Hold, Why
from ombud.documents.letters import Erased, Outcome
from ombud.policy.model import Policy
from ombud.rights.outcomes import Fate


def said_of(fates: Iterable[Fate]) -> list[dict[str, Any]]:
    """The fates of all data as a note keeps them: one for all of a company's data of a category that fares alike."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in fates:
        for said in _said(each):
            found.setdefault(tuple(map(str, said.values())), said)
    return list(found.values())


def _said(fate: Fate) -> Iterable[dict[str, Any]]:
    """Why it goes, or each thing that keeps it. What waits, or is in doubt, stays without a word of why."""
    known = {"company": fate.record.company, "category": fate.datum.category}
    if fate.goes:
        purpose, article = fate.ended[0] if fate.ended else ("", "")
        yield known | {"purpose": purpose, "goes": True, "article": article}
    for kept in fate.kept:
        until = kept.until.isoformat() if kept.until else None
        yield known | {
            "purpose": kept.purpose,
            "goes": False,
            "article": kept.article,
            "statutes": list(kept.statutes),
            "until": until,
            "reason": kept.reason,
        }
    if not fate.goes and not fate.kept:
        yield known | {"purpose": "", "goes": False, "article": "", "statutes": [], "until": None}


OVER, HELD, RESTRICTED = "over", "held", "restricted"
"""Why, where no article says it: its time is over; a hold, or a restriction, keeps it (`documents/words`)."""

_KEEPS = {Why.HELD: HELD, Why.RESTRICTED: RESTRICTED}


def settled(said: Iterable[Mapping[str, Any]], extract: Extract) -> list[Mapping[str, Any]]:
    """The same once it is carried out, by what is there then: nothing is told to be gone that is not.

    What was to go and is held or restricted stays until that ends. What was in doubt and is there no more is gone.
    """
    holds: dict[tuple[str, str], list[Hold]] = {}
    unheld: set[tuple[str, str]] = set()
    for record in extract.records:
        for datum in record.data:
            holds.setdefault((record.company, datum.category), []).extend(datum.holds)
            if not datum.holds:
                unheld.add((record.company, datum.category))
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for each in said:
        at = each["company"], each["category"]
        now = dict(each)
        keeps = {hold.why for hold in holds.get(at, ()) if hold.purpose == each["purpose"]} & _KEEPS.keys()
        if each["goes"] and keeps:
            now |= {"goes": False, "article": _KEEPS[Why(min(keeps))], "statutes": [], "until": None}
        elif not each["goes"] and not each["purpose"] and at not in unheld:
            now |= {"goes": True, "article": OVER}
        found.setdefault(tuple(map(str, now.values())), now)
    return list(found.values())


def told_of(said: Sequence[Mapping[str, Any]], policy: Policy, language: str) -> tuple[Erased, ...]:
    """The same for a letter: what goes first, then what stays; kinds of data that fare alike stand together."""
    alike: dict[Erased, list[str]] = {}
    for each in said:
        title = _title(policy, each["category"], language)
        alike.setdefault(_told(each), []).append(title)
    found = [replace(each, what=", ".join(dict.fromkeys(titles))) for each, titles in alike.items()]
    return tuple(sorted(found, key=lambda each: (each.outcome is not Outcome.ERASED, each.company, each.purpose)))


def _told(each: Mapping[str, Any]) -> Erased:
    return Erased(
        each["company"],
        each["purpose"],
        "",
        Outcome.ERASED if each["goes"] else Outcome.KEPT if each["article"] or each["purpose"] else Outcome.REVIEW,
        ground=each["article"] if each["goes"] else "",
        exception="" if each["goes"] else each["article"],
        statutes=tuple(each.get("statutes", ())),
        until=date.fromisoformat(each["until"]) if each.get("until") else None,
        reasons=each.get("reason", ""),
    )


def _title(policy: Policy, category: str, language: str) -> str:
    known = policy.categories.get(category)
    titles = known.title if known else {}
    return titles.get(language) or titles.get("sv") or next(iter(titles.values()), category)

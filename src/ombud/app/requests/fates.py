"""What becomes of a person's data at a request for erasure, told by kind of data and without the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ombud.documents.extract import Extract, Hold, Why
from ombud.documents.fared import Fared, Gone, InDoubt, KeptFor, Stays
from ombud.documents.stated import Stated
from ombud.rights.outcomes import Fate

Said = Mapping[str, Any]
"""What a note keeps of one thing that became of a company's data of a category: see `said_of`."""


def said_of(fates: Iterable[Fate]) -> list[dict[str, Any]]:
    """The fates of all data as a note keeps them: one for all of a company's data of a category that fares alike.

    `goes`: something is erased that this purpose held. `ended`: the purpose ended, and the datum stays for others.
    Else it stays, for this purpose; without a purpose, nobody knows for what.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in fates:
        for said in _said(each):
            found.setdefault(tuple(map(str, said.values())), said)
    return list(found.values())


def _said(fate: Fate) -> Iterable[dict[str, Any]]:
    known = {"company": fate.record.company, "category": fate.datum.category, "goes": fate.goes}
    for over in fate.ended:
        yield known | {
            "purpose": over.purpose,
            "ended": True,
            "article": over.article,
            "statutes": [],
            "until": None,
            "reason": over.reason,
        }
    for kept in fate.kept:
        until = kept.until.isoformat() if kept.until else None
        yield known | {
            "purpose": kept.purpose,
            "ended": False,
            "article": kept.article,
            "statutes": list(kept.statutes),
            "until": until,
            "reason": kept.reason,
        }
    if not fate.kept and (fate.doubt or fate.waits):
        yield known | _UNKNOWN


_UNKNOWN = {"purpose": "", "ended": False, "article": "", "statutes": [], "until": None, "reason": ""}

HELD, RESTRICTED = "held", "restricted"
"""What keeps it, where no article says it: a hold, or a restriction (`documents/words`)."""

_KEEPS = {Why.HELD: HELD, Why.RESTRICTED: RESTRICTED}


def settled(said: Iterable[Said], extract: Extract) -> list[Said]:
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
    found: dict[tuple[Any, ...], Said] = {}
    for each in said:
        at = each["company"], each["category"]
        keeps = {hold.why for hold in holds.get(at, ()) if hold.purpose == each["purpose"]} & _KEEPS.keys()
        now = [dict(each)]
        if each["goes"] and keeps:
            why = _KEEPS[Why(min(keeps))]
            now = [dict(each) | {"goes": False}, dict(each) | _UNKNOWN | {"goes": False, "article": why}]
        elif not each["goes"] and not each["purpose"] and at not in unheld:
            now = [dict(each) | {"goes": True}]
        for one in now:
            found.setdefault(tuple(map(str, one.values())), one)
    return list(found.values())


# --- for a letter -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """The same for a letter: `documents.fared`."""

    gone: tuple[Gone, ...]
    stays: tuple[Stays, ...]
    uses: tuple[Fared, ...]
    doubt: tuple[InDoubt, ...]


@dataclass
class _Kind:
    """What became of a company's data of one category."""

    gone: bool = False
    over: dict[str, None] = field(default_factory=dict)
    """The purposes of what was erased."""
    ended: dict[str, None] = field(default_factory=dict)
    """The purposes that ended, of what stays."""
    kept: dict[tuple[str, str], list[Said]] = field(default_factory=dict)
    """What keeps it, by purpose and, where there is none, by what else does."""
    doubt: bool = False


def told_of(said: Sequence[Said], stated: Stated) -> Told:
    """The same for a letter; kinds of data that fare alike stand together."""
    said = [_UNKNOWN | dict(each) for each in said]
    kinds = _kinds(said)
    gone: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    stays: dict[tuple[str, tuple[str, ...], tuple[KeptFor, ...]], list[str]] = {}
    doubt: dict[str, list[str]] = {}
    for (company, category), kind in kinds.items():
        title = stated.category(category)
        if kind.gone:
            gone.setdefault((company, tuple(kind.over)), []).append(title)
        if kind.kept:
            kept = tuple(_kept_for(*key, every) for key, every in kind.kept.items())
            ended = tuple(purpose for purpose in kind.ended if (purpose, "") not in kind.kept)
            stays.setdefault((company, ended, kept), []).append(title)
        if kind.doubt:
            doubt.setdefault(company, []).append(title)
    return Told(
        tuple(Gone(company, _once(what), over) for (company, over), what in gone.items()),
        tuple(Stays(company, _once(what), ended, kept) for (company, ended, kept), what in stays.items()),
        tuple(_uses(said)),
        tuple(InDoubt(company, _once(what)) for company, what in doubt.items()),
    )


def _kinds(said: Iterable[Said]) -> Mapping[tuple[str, str], _Kind]:
    kinds: dict[tuple[str, str], _Kind] = {}
    for each in sorted(said, key=lambda each: (each["company"], each["purpose"])):
        kind = kinds.setdefault((each["company"], each["category"]), _Kind())
        if each["goes"]:
            kind.gone = True
            kind.over |= {each["purpose"]: None} if each["purpose"] else {}
        elif each["ended"]:
            kind.ended[each["purpose"]] = None
        elif each["purpose"] or each["article"]:
            kind.kept.setdefault((each["purpose"], "" if each["purpose"] else each["article"]), []).append(each)
        else:
            kind.doubt = True
    return kinds


def _kept_for(purpose: str, why: str, every: Sequence[Said]) -> KeptFor:
    days = {date.fromisoformat(each["until"]) if each["until"] else None for each in every}
    known = [day for day in days if day is not None]
    statutes = tuple(dict.fromkeys(statute for each in every for statute in each["statutes"]))
    return KeptFor(purpose, max(known) if len(known) == len(days) else None, statutes, len(days) > 1, why)


def _uses(said: Iterable[Said]) -> Iterable[Fared]:
    """Each use once for each reason, what ended first."""
    found = {
        Fared(
            each["company"],
            each["purpose"],
            each["ended"],
            each["article"] or "not_asked",
            tuple(each["statutes"]),
            each["reason"],
        ): None
        for each in said
        if each["purpose"]
    }
    return sorted(found, key=lambda each: (not each.ended, each.company, each.purpose))


def _once(titles: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(titles))

"""Flags of a protected identity that come to light while a request is open (spec/identity.md §4).

Who is meant is asked by all that their rows say of them, not by what the request named alone: in every source whose map
says where a flag stands, and in the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ombud.app.loaded import Refused
from ombud.app.naming import identifier_of
from ombud.app.protecting import flags_of_each
from ombud.app.requests.desk import Desk, Opened, told
from ombud.app.requests.guarding import flag_each
from ombud.app.requests.looking import about_of_each
from ombud.documents.extract import About
from ombud.register.model import Identity, Protection
from ombud.rights.protected import Ground
from ombud.terms import Finding, IdRef, Place

OMBUD = "ombud"
"""Who did what nobody had to do."""

SHOWN = 20
"""Requests of a batch that are told by their ids."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """What stands about whom a request is, or may be, about: why and who is named, and in which columns `where`.

    `doubt`: a flag stands, or not all could be read.
    """

    known: Protection | None = None
    where: tuple[str, ...] = ()
    doubt: bool = False


def flags_about(desk: Desk, every: Sequence[About]) -> tuple[Flagged, ...]:
    """What stands about each, in a few statements however many they are."""
    in_sources = flags_of_each(desk.loaded, [about.persons for about in every])
    with told():
        in_register = desk.store.protections_of([[ref.digest for ref in about.ever] for about in every])
    found = []
    for flags, known in zip(in_sources, in_register, strict=True):
        where = tuple(dict.fromkeys(flag.where for flag in flags if flag.ground is not Ground.DOUBT))
        if where:
            said = f"flag in {', '.join(where)}"
            known = Protection(f"{said}; {known.why}", known.seen_by) if known else Protection(said)
        found.append(Flagged(known, where, bool(flags) or known is not None))
    return tuple(found)


# --- where it was collected before ------------------------------------------------------------------------------


def check_flags(desk: Desk, opened: Opened, about: About) -> None:
    """Raises Refused (C147) where the identity has come to be flagged since it was collected; that is remembered."""
    if findings := set_aside(desk, [(opened, about)])[1]:
        raise Refused(*findings)


def unflagged(
    desk: Desk, every: Sequence[Opened], about: Mapping[str, About]
) -> tuple[tuple[Opened, ...], tuple[Finding, ...]]:
    """Those of whom no flag has come to light since they were collected; the others wait, and C147 says which.

    `about`: whom they are about, of those of whom that was looked up just now.
    """
    if not every:
        return (), ()
    rest = [each for each in every if each.id not in about]
    fresh = dict(zip((each.id for each in rest), about_of_each(desk, rest), strict=True)) if rest else {}
    known = {**about, **fresh}
    flagged, findings = set_aside(desk, [(each, known[each.id]) for each in every])
    return tuple(each for each in every if each.id not in flagged), findings


def set_aside(desk: Desk, every: Sequence[tuple[Opened, About]]) -> tuple[frozenset[str], tuple[Finding, ...]]:
    """Those of whom a flag has come to light, which are flagged now and wait for who is named; and C147 of them."""
    asked = [(opened, about) for opened, about in every if not opened.request.protected]
    flags = flags_about(desk, [about for _, about in asked])
    found = [(opened, each) for (opened, _), each in zip(asked, flags, strict=True) if each.known]
    flag_each(desk, [(opened, each.known) for opened, each in found if each.known], OMBUD)
    return frozenset(opened.id for opened, _ in found), tuple(_told(found))


def _told(found: Sequence[tuple[Opened, Flagged]]) -> Iterable[Finding]:
    if not found:
        return
    where = dict.fromkeys(place for _, each in found for place in each.where)
    whose = "the identity is" if len(found) == 1 else f"{len(found):,} identities are"
    says = f"flagged as protected in {', '.join(where)}" if where else "protected, as the register of requests says"
    ids = ", ".join(opened.id for opened, _ in found[:SHOWN]) + (", …" if len(found) > SHOWN else "")
    hint = "name who handles it, and the answer is put together anew: ombud request protect"
    yield Finding("C147", Place("request"), f"{ids}: {whose} {says}", hint)


# --- at collecting ----------------------------------------------------------------------------------------------


def keep_found(desk: Desk, every: Sequence[tuple[Opened, About]]) -> None:
    """Remember of each person, by keyed hash alone, what stands on rows that are certainly theirs: so a flag that is
    raised under one of these reaches the request.

    Nothing former is written. Of a protected identity, what they have now is tied to no name that stands nowhere any
    more, and nothing is added later. To be called inside a transaction.
    """
    digest, _ = desk.loaded.keys()
    protected = desk.store.protected_among({opened.case.person for opened, _ in every})
    known = desk.store.found_among(protected)
    fresh: dict[str, list[Identity]] = {}
    for opened, about in every:
        said = (identifier_of(desk.loaded, text) for text in opened.asked.subjects if "=" in text)
        named = {IdRef(kind, digest(kind, value)) for kind, value in said}
        changed = opened.case.person in known or not named <= about.own.keys()
        if not (changed and opened.case.person in protected):
            found = [Identity(ref.kind, ref.digest, None, at) for ref, at in about.own.items() if ref not in named]
            fresh.setdefault(opened.case.person, []).extend(found)
    desk.store.add_identities_of(fresh)

"""A handing-over made by hand: refused where agreement, purpose or person forbid it, else written down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ombud.app.held import is_one_of
from ombud.app.known import Called, Known
from ombud.app.loaded import Loaded, Refused
from ombud.app.looked import look_for
from ombud.app.naming import SUBJECT
from ombud.app.register_kept import check_register
from ombud.claims.live import Claim, Someone, on_row, root_of
from ombud.claims.owners import own_owners, owners_of
from ombud.claims.read import Reading, Row, kind_of
from ombud.datamap.model import Kind
from ombud.policy.model import BasisKind, Recipient
from ombud.policy.tree import guess
from ombud.register.model import Disclosure, Particulars
from ombud.rights.sharing import FOR, for_purpose, in_force, known
from ombud.terms import Act, Finding, IdRef, KeyRef, Place

_HOLDS = (Act.HELD, Act.RELEASED)
"""A legal hold keeps data, and lets nobody use it: it is left out where use is judged."""


class Ledger(Protocol):
    """Where handings-over are written down."""

    def add_handings(self, handings: Sequence[tuple[Disclosure, Particulars]]) -> tuple[Disclosure, ...]: ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hand over: to whom, of whom (as they wrote it), for what, of which company, when.

    `until` is the last day on which the recipient may hold it, `name` the recipient's own name, `known_as` how it will
    know the person.
    """

    recipient: str
    subjects: tuple[str, ...] = field(repr=False)
    purpose: str = ""
    company: str | None = None
    day: date | None = None
    until: date | None = None
    name: str = ""
    known_as: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Shared:
    """What was, or would be, written down: for each company whose data it is, with what categories."""

    disclosures: tuple[Disclosure, ...]
    findings: tuple[Finding, ...] = ()


def share(loaded: Loaded, wish: Wish, ledger: Ledger | None) -> Shared:
    """Judge a handing-over and write it down; `ledger` None: only judge. Raises Refused, and then nothing is written.

    C164 to C167: what the policy says (`rights/sharing.py`). C168: the person objected, restricted, withdrew, or the
    purpose holds no data of theirs today. C169: a source could not be read that might forbid it.
    """
    check_register(loaded)
    day, policy = wish.day or loaded.today(), loaded.policy
    if findings := (*known(policy, wish.recipient, wish.purpose), *_company(loaded, wish)):
        raise Refused(*findings)
    recipient = policy.recipients[wish.recipient]
    companies = [wish.company] if wish.company else [c for c, own in policy.purposes.items() if wish.purpose in own]
    refused = {c: tuple(for_purpose(recipient, policy.purposes[c][wish.purpose], c)) for c in companies}
    if findings := (*in_force(policy, recipient, day), *_every(refused)):
        raise Refused(*findings)
    look, person, findings = _person(loaded, wish.subjects)
    claims = [each for each in _claims(look, person, wish.purpose) if each[0].company in companies]
    usable = _usable(claims, recipient, wish.purpose)
    if findings:
        raise Refused(*findings)
    made = []
    for company in dict.fromkeys(claim.company for claim, _ in usable):
        if refused[company]:
            raise Refused(*refused[company])
        categories = tuple(sorted({category for claim, category in usable if claim.company == company and category}))
        persons = frozenset((ref.kind, ref.digest) for ref in person.refs if isinstance(ref, IdRef))
        persons = persons or frozenset(_by_row(loaded, ref) for ref in person.refs if isinstance(ref, KeyRef))
        agreement = recipient.agreement or ""
        made.append(
            Disclosure(wish.recipient, wish.purpose, day, persons, categories, company, agreement, until=wish.until)
        )
    if ledger is None:
        return Shared(tuple(made))
    beside = Particulars("", " ".join(wish.name.split()), wish.known_as.strip())
    return Shared(ledger.add_handings([(each, beside) for each in made]))


def _every(refused: Mapping[str, tuple[Finding, ...]]) -> tuple[Finding, ...]:
    """What is refused, where it is in every company that has the purpose."""
    return () if any(not found for found in refused.values()) else next(iter(refused.values()), ())


def _company(loaded: Loaded, wish: Wish) -> Iterator[Finding]:
    companies = dict(loaded.policy.companies)
    if wish.company is not None and wish.company not in companies:
        yield Finding("C164", Place("--company"), "there is no such company", guess(wish.company, companies))
    elif wish.company is not None and wish.purpose not in loaded.policy.purposes.get(wish.company, {}):
        yield Finding("C164", FOR, f"{wish.company} has no purpose of that name", "name the company that has it")
    if wish.until is not None and wish.until < (wish.day or loaded.today()):
        yield Finding(
            "C164", Place("--until"), "that is before it was handed over", "write the last day it may be held"
        )


def _by_row(loaded: Loaded, ref: KeyRef) -> tuple[str, str]:
    """A person without any identifier: the keyed hash of their row."""
    digest, _ = loaded.keys()
    return "row", digest("row", f"{ref.source}/{ref.subject}/{','.join(map(str, ref.key))}/{ref.birth}")


# --- what the person's claims say -------------------------------------------------------------------------------


def _person(loaded: Loaded, subjects: Iterable[str]) -> tuple[Reading, Known, tuple[Finding, ...]]:
    """Everything as it is today but for legal holds, and who is meant. C169: a source that could not be read."""
    seen, look, person, _ = look_for(loaded, Called(tuple(subjects)), lambda mark: mark.act not in _HOLDS)
    unread = tuple(
        Finding("C169", loaded.project.sources[name].place, f"{name} cannot be read, and may say no", "mend it first")
        for name in seen.unread
    )
    return look, person, (*seen.findings, *unread)


def _claims(look: Reading, person: Known, purpose: str) -> list[tuple[Claim, str]]:
    """Every claim of a purpose that is certainly about the person, with the category of its cell ('' of a row)."""
    found: list[tuple[Claim, str]] = []
    for row in look.every_row():
        kind = kind_of(look, row)
        if not row.table.personal or not _is_about(look, row, kind, person):
            continue
        held = on_row(look, row)
        claims = [(claim, "") for claim in held.claims]
        for name, cell in kind.cells.items() if kind else ():
            on_cell = held.cells.get(name)
            claims += [(claim, cell.category) for claim in (on_cell.claims if on_cell else ())]
        found += [
            (claim, category)
            for claim, category in claims
            if claim.purpose == purpose
            and claim.certain
            and not isinstance(claim.owner, Someone)
            and is_one_of(claim.owner, person.refs)
        ]
    return found


def _is_about(look: Reading, row: Row, kind: Kind | None, person: Known) -> bool:
    """Whether the row, what it follows, or one of its cells is certainly about the person."""
    owners = [owners_of(look, each) for each in (row, root_of(look, row)) if each is not None]
    owners += [own_owners(look, row, cell) for cell in (kind.cells.values() if kind else ()) if cell.of]
    return any(person.certainly(each) for each in owners)


_STOPS = {
    "restricted": "the person's data is restricted: it is stored and not used (Art. 18)",
    "objected": "the person objected to this (Art. 21)",
    "objected to direct marketing": "the person objected to this (Art. 21(3))",
    "ended": "the person's data may be used for this no more (Art. 17)",
    "no consent": "the person has not consented to this, or withdrew (Art. 7)",
}


def _usable(claims: list[tuple[Claim, str]], to: Recipient, purpose: str) -> list[tuple[Claim, str]]:
    """The live claims under which the data may be used today. Raises Refused (C168) where there is none, or one stops.

    Where marks speak of the person, they speak of all their data: one claim that is restricted or objected to stops
    them all.
    """
    reasons = {claim.reason for claim, _ in claims}
    stop = next((why for reason, why in _STOPS.items() if reason in reasons and reason in _BY_MARK), None)
    usable = [each for each in claims if each[0].live and (not to.own_marketing or _consent(each[0]))]
    if stop is None and usable:
        return usable
    why = stop or next((why for reason, why in _STOPS.items() if reason in reasons), None)
    if why is None:
        why = f"{purpose} holds no data of theirs today, as far as it is certain" if not claims else (
            f"what {purpose} held of theirs is over"
        )  # fmt: skip
    raise Refused(Finding("C168", SUBJECT, why, "hand nothing over; see: ombud explain --subject …"))


_BY_MARK = ("restricted", "objected", "objected to direct marketing")


def _consent(claim: Claim) -> bool:
    return claim.basis.kind is BasisKind.CONSENT

"""Who has to be told of what became of a person's data, and in which words; put into the outbox once (Art. 19)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from ombud.app.channels import ByMail, ByWebhook
from ombud.app.loaded import Loaded
from ombud.app.notifying import content_of
from ombud.documents.notices import Told, data, written
from ombud.engine.messenger import Message
from ombud.policy.model import Policy
from ombud.register.model import Channel, Disclosure, Notice, Particulars, Why

LANGUAGE = "sv"
"""In which recipients are told, where nothing else is said."""

ENDS = (Why.ERASED, Why.RETENTION_ENDED)
"""After these, the recipient holds nothing that it could be told of again."""


class Ledger(Protocol):
    """Who was handed what, and the outbox beside it."""

    def transaction(self) -> AbstractContextManager[None]: ...
    def disclosures_of(self, digests: Iterable[str]) -> tuple[Disclosure, ...]: ...
    def particulars_of(self, disclosures: Iterable[int]) -> Mapping[int, Particulars]: ...
    def add_notices(self, notices: Sequence[Notice]) -> int: ...
    def end(self, disclosures: Iterable[int], last: date) -> int: ...
    def end_is_told(self, disclosures: Iterable[int], key: str) -> None: ...
    def ended_untold(self, today: date) -> tuple[Disclosure, ...]: ...


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of a person's data: corrected, erased, restricted, or a restriction lifted, on a day.

    `id` is the event's own, such as the request's: each recipient is told of an event once. `purposes` and `companies`
    None: of all. `now` says what is right instead, by category. `identified_by` is how recipients know the person of
    whom nothing else is said; without it only those are told of whom a handing-over is written down.
    """

    id: str
    why: Why
    day: date
    request: str | None = None
    purposes: frozenset[str] | None = None
    companies: frozenset[str] | None = None
    now: Mapping[str, str] = field(default_factory=dict, repr=False)
    identified_by: tuple[str, ...] = field(default=(), repr=False)


def announce(
    loaded: Loaded,
    ledger: Ledger,
    happened: Happened,
    digests: Iterable[str],
    may: Iterable[tuple[str, str]] = (),
    language: str = LANGUAGE,
) -> tuple[Notice, ...]:
    """Put a notice to each recipient of this person's data into the outbox, once; nothing is sent yet.

    `digests` are the person's keyed hashes. `may` are (recipient, purpose) of whom no handing-over is written down, as
    `app.disclosed` tells them: they are told if the event says by what they know the person.
    """
    with ledger.transaction():
        known = [each for each in ledger.disclosures_of(digests) if _concerned(each, happened)]
        beside = ledger.particulars_of(each.id for each in known)
        known = [each for each in known if each.id not in beside or not beside[each.id].told]
        by: dict[str, list[Disclosure]] = {}
        for each in known:
            by.setdefault(each.recipient, []).append(each)
        purposes: dict[str, list[str]] = {}
        for recipient, purpose in may:
            if happened.identified_by and (happened.purposes is None or purpose in happened.purposes):
                purposes.setdefault(recipient, []).append(purpose)
        notices = []
        for recipient in dict.fromkeys((*by, *purposes)):
            mine = by.get(recipient, [])
            known_as = _known_as(mine, beside, happened.identified_by)
            key = key_of(happened.why, happened.id, recipient)
            told = _told(loaded.policy, happened, key, mine, purposes.get(recipient, []), known_as, language)
            notices.append(_notice(loaded, recipient, told, happened, language, mine[0].id if mine else None))
        ledger.add_notices(notices)
        if happened.why in ENDS:
            for notice in notices:
                ids = [each.id for each in by.get(notice.recipient, [])]
                ledger.end(ids, happened.day)
                ledger.end_is_told(ids, notice.key)
    return tuple(notices)


def announce_ends(loaded: Loaded, ledger: Ledger, language: str = LANGUAGE) -> int:
    """Put a notice for each handing-over whose time is over, and nobody was told, into the outbox; how many are new.

    What a sweep deleted goes at the recipient too (P15): the row that told of the handing-over is gone.
    """
    made = 0
    with ledger.transaction():
        ended = ledger.ended_untold(loaded.today())
        beside = ledger.particulars_of(each.id for each in ended)
        for each in ended:
            last = each.until or loaded.today()
            happened = Happened(f"disclosure/{each.id}", Why.RETENTION_ENDED, last)
            key = key_of(happened.why, happened.id, each.recipient)
            told = _told(loaded.policy, happened, key, [each], [], _known_as([each], beside, ()), language)
            made += ledger.add_notices([_notice(loaded, each.recipient, told, happened, language, each.id)])
            ledger.end_is_told([each.id], key)
    return made


def key_of(why: Why, event: str, recipient: str) -> str:
    """The same for the same event and recipient, whoever works it out and however often."""
    return hashlib.sha256(f"{why.value}/{event}/{recipient}".encode()).hexdigest()


def _concerned(each: Disclosure, happened: Happened) -> bool:
    """Whether the recipient may hold it still, and the event is about it."""
    held = each.until is None or each.until >= happened.day
    mine = happened.purposes is None or each.purpose in happened.purposes
    return held and mine and (happened.companies is None or each.company in happened.companies)


def _known_as(mine: list[Disclosure], beside: Mapping[int, Particulars], otherwise: tuple[str, ...]) -> tuple[str, ...]:
    """By what the recipient knows the person; what the event says only where nothing else does."""
    said = [beside[each.id].known_as for each in mine if each.id in beside]
    return tuple(dict.fromkeys(filter(None, said))) or otherwise


def _told(
    policy: Policy,
    happened: Happened,
    key: str,
    mine: list[Disclosure],
    may: list[str],
    known_as: tuple[str, ...],
    language: str,
) -> Told:
    """In words; of a correction only the categories that the recipient was given, where that is known."""
    categories = tuple(dict.fromkeys(path for each in mine for path in each.categories))
    now = {path: value for path, value in happened.now.items() if not categories or _covered(path, categories)}
    about = tuple(now) if happened.now else categories  # of a correction, no more than what was corrected
    titles = {p: _title(policy.categories[p].title, p, language) for p in about if p in policy.categories}
    purposes = dict.fromkeys((*(each.purpose for each in mine), *may))
    company = next((each.company for each in mine if each.company), "")
    by, contact = _sender(policy, company)
    return Told(
        happened.why.value,
        key,
        happened.day,
        by,
        contact,
        known_as,
        tuple(dict.fromkeys(titles.values())),
        tuple(_purpose_title(policy, name, company, language) for name in purposes),
        {_title(policy.categories[p].title if p in policy.categories else {}, p, language): v for p, v in now.items()},
    )


def _covered(path: str, categories: tuple[str, ...]) -> bool:
    return any(path == each or path.startswith(f"{each}.") or each.startswith(f"{path}.") for each in categories)


def _notice(
    loaded: Loaded, recipient: str, told: Told, happened: Happened, language: str, disclosure: int | None
) -> Notice:
    title, text = written(told, language)
    content = content_of(Message(told.key, title, text, data(told)))
    match loaded.project.channels.by.get(recipient):
        case ByMail():
            channel = Channel.SMTP
        case ByWebhook():
            channel = Channel.WEBHOOK
        case _:
            channel = Channel.POST
    now = loaded.around.now()
    return Notice(recipient, happened.why, channel, told.key, now, content, happened.request, disclosure)


def _sender(policy: Policy, company: str) -> tuple[str, str]:
    """Who tells it, and where to answer: the company whose data it was, and the officer."""
    organisation = policy.organisation
    named = policy.companies.get(company) or policy.companies.get(organisation.controller if organisation else "")
    by = f"{named.name}, {named.registration_number}".rstrip(", ") if named else policy.group
    officer = organisation.officer if organisation else {}
    contact = officer.get("email") or officer.get("post") or (named.contact.get("email", "") if named else "")
    return by, contact or by


def _purpose_title(policy: Policy, name: str, company: str, language: str) -> str:
    owns = [policy.purposes.get(company, {}), *policy.purposes.values()]
    return next((_title(own[name].title, name, language) for own in owns if name in own), name)


def _title(title: Mapping[str, str], otherwise: str, language: str) -> str:
    return title.get(language) or next(iter(title.values()), otherwise)

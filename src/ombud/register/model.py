"""What goes into the register and comes out of it: frozen values, whose personal data does not print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ombud.rights.model import Part, Proof, Request, RequestKind


@dataclass(frozen=True, slots=True)
class Identity:
    """One identifier of a person: its kind, keyed hash (hexadecimal), and value while it is still searched for.

    `source` is where it was found; empty where somebody said it.
    """

    kind: str
    digest: str
    value: str | None = field(default=None, repr=False)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Protection:
    """A protected identity: why (a flag of which source, a register, the person's own word), and who may see."""

    why: str
    seen_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A set of identifiers under one id of the register's own."""

    id: str
    identities: tuple[Identity, ...]
    protection: Protection | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a request's history: what happened. `number` is given by the register, from 1.

    `day` is the calendar day in the policy's zone, `at` the aware instant. `actor` is a handler's id, "person" or
    "ombud". `note` may hold personal data and is sealed; `payload` (JSON) may not.
    """

    kind: str
    day: date
    at: datetime
    actor: str
    note: str = field(default="", repr=False)
    payload: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True, slots=True)
class SourcePart:
    """How far a request has come in one source. `trouble` is the last finding's code."""

    source: str
    part: Part
    attempts: int = 0
    trouble: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A request as the register keeps it. `entries` numbers its newest entry: say it when you write.

    `person` is the id of the register's person; `parts` say more of each source than `request.parts`. `over_on` is the
    day since which nothing can follow: it is closed, and no restriction that it brought stands.
    """

    request: Request
    person: str
    entries: int
    created: datetime
    over_on: date | None = None
    parts: tuple[SourcePart, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request that comes in: its id is empty, and given by the register.

    `person` is the id of one whom the register knows already; None for a new one.
    """

    request: Request
    identities: tuple[Identity, ...]
    entry: Entry
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A rung of the ladder that was reached: how, when, by whom. Staff vouch in pairs: `by` and `second` differ."""

    rung: Proof
    how: str
    at: datetime
    by: str = ""
    second: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval of one thing: `what` it is (a refusal, an override, a share), `about` which."""

    what: str
    about: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A file of an answer, without its content. `wiped_on`: the content is gone since then; `sha256` of it stays."""

    request: str
    number: int
    name: str
    media_type: str
    sha256: str
    size: int
    made: datetime
    keep_until: date
    delivered_at: datetime | None = None
    wiped_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """A file of an answer to a request, before it has a number."""

    request: str
    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests of one file. `lines` is how far it is taken in, `whole` that all of it is."""

    id: str
    kind: RequestKind
    made: datetime
    by: str
    lines: int = 0
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell that was corrected. `key`, `before` and `after` are personal: None once they are wiped."""

    source: str
    table: str
    cell: str
    key: str | None = field(repr=False)
    before: str | None = field(repr=False)
    after: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Data of one person was handed to a recipient (its id in the policy) on `day`.

    `persons` are keyed hashes by kind. `until` is the last day on which the recipient may hold it, None where none is
    agreed. `source` and `table` say where it was read, where that is known.
    """

    recipient: str
    purpose: str
    day: date
    persons: frozenset[tuple[str, str]]
    categories: tuple[str, ...] = ()
    company: str = ""
    agreement: str = ""
    source: str = ""
    table: str = ""
    until: date | None = None
    id: int = 0


class Why(StrEnum):
    """Why somebody is told: Art. 19 GDPR for the first four, 12(3) for an answer, 12(6) for a proof, 20(2) for data.

    A reminder goes to the desk, of requests that are due soon.
    """

    CORRECTED = "corrected"
    ERASED = "erased"
    RESTRICTED = "restricted"
    LIFTED = "lifted"
    RETENTION_ENDED = "retention_ended"
    ANSWER = "answer"
    PROOF = "proof"
    TRANSFER = "transfer"
    REMINDER = "reminder"


class Channel(StrEnum):
    """The way a notice goes."""

    SMTP = "smtp"
    WEBHOOK = "webhook"
    POST = "post"
    TRANSFER = "transfer"


OF_REQUESTS = (Why.PROOF.value, Why.TRANSFER.value, Why.REMINDER.value)
"""What has a sender of its own: codes to persons, data that goes to another controller, reminders to the desk."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What has to reach a recipient, or the person. `key` is unique, and the same whenever it is sent again.

    `content` is sealed in the register, and gone once it was sent or given up. `recipient` is an id, never an address.
    `trouble` is the last attempt's finding code. `lease` is the claim under which it was handed to a sender.
    """

    recipient: str
    why: Why
    channel: Channel
    key: str
    made: datetime
    content: bytes | None = field(default=None, repr=False)
    request: str | None = None
    disclosure: int | None = None
    attempts: int = 0
    next_attempt: datetime | None = None
    trouble: str = ""
    sent_at: datetime | None = None
    receipt: str = ""
    given_up: str = ""
    given_up_by: str = ""
    lease: str = ""
    id: int = 0

    @property
    def settled(self) -> bool:
        """Whether it was sent, or somebody said why it cannot be."""
        return self.sent_at is not None or bool(self.given_up)


class ConsentAct(StrEnum):
    """Both ways are recorded alike: withdrawing is as easy as giving (Art. 7(3))."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Consent:
    """One act of consent, and the text that was shown before it. `mark` numbers the mark that came of it."""

    act: ConsentAct
    purpose: str
    at: datetime
    how: str
    text_version: str
    text_sha256: str
    language: str
    shown_at: datetime | None = None
    company: str = ""
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Particulars:
    """What else is known of a disclosure (its id). `row` is the keyed hash that names the row which says so.

    `row` is empty for one that somebody wrote down. `name` is the recipient's own; `known_as` is by what it knows the
    person, sealed in the register, and gone once it was told of the end: by the notice with the key `told`.
    """

    row: str = ""
    name: str = ""
    known_as: str = field(default="", repr=False)
    told: str = ""
    disclosure: int = 0

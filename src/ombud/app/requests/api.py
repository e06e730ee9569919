"""Requests for programs: the verbs of `ombud request`, on the request as it stands after each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ombud.app.loaded import Loaded
from ombud.app.opening import open_project
from ombud.app.requests import addressing, answering, contact, deciding, receiving, registered, transferring
from ombud.app.requests.desk import Asked, Desk, Opened, open_desk
from ombud.app.requests.in_part import deliver_in_part
from ombud.app.requests.taking_back import take_back
from ombud.app.requests.working import Worked, work
from ombud.policy.model import OnErasure
from ombud.rights.deadlines import Deadline, deadline_of
from ombud.rights.events import Refusal
from ombud.rights.model import Proof, RequestKind, Verdict

if TYPE_CHECKING:
    from ombud.register.model import Case


@dataclass(frozen=True, slots=True)
class Requests:
    """The requests of a project. Every method raises ombud.app.loaded.Refused, whose findings say why.

    `by` is a handler's sign wherever it stands. What a method gives is the request after it was taken as far as it goes
    without a person: `worked.opened.request` is how it stands, `worked.findings` what was in the way.
    """

    desk: Desk

    @classmethod
    def of(cls, project: Path | str | Loaded = ".") -> Requests:
        """Those of the project in a directory, or in the nearest above that is one."""
        return cls(open_desk(project if isinstance(project, Loaded) else open_project(Path(project))))

    def __iter__(self) -> Iterator[Case]:
        """Those that are open, by the day on which they came in."""
        return iter(self.desk.cases())

    def receive(
        self,
        kind: str,
        subjects: Iterable[str],
        *,
        by: str,
        received: date | None = None,
        company: str | None = None,
        purposes: Sequence[str] = (),
        settings: Sequence[str] = (),
        ground: str = "",
        words: str = "",
        address: Sequence[str] = (),
        way: str = "",
        language: str = "sv",
        protected: bool = False,
        to: str = "",
    ) -> Opened:
        """Take in a request: `kind` is access, rectify, erase, restrict, port, object, withdraw, complain or claim.

        `subjects` are KIND=VALUE or SOURCE/TABLE/KEY, `settings` of a correction SOURCE/TABLE/KEY.CELL=VALUE; `to` of
        port is whom they want it handed to as well.
        """
        asked = Asked(tuple(subjects), tuple(settings), words, tuple(address), way, to=to)
        incoming = receiving.Incoming(
            RequestKind(kind), asked, received, company, tuple(purposes), language, ground, protected
        )
        return receiving.receive(self.desk, incoming, by)

    def identify(self, id: str, proof: str, how: str, *, by: str, second: str = "") -> Worked:
        """It is proven who asks: session, contact_point, e_identification, or staff, whose word takes a `second`;
        or `signed`, by a letter in writing.
        """
        signed = proof == "signed"
        shown = receiving.Shown(Proof.NONE if signed else Proof(proof), how, by, second, signed=signed)
        receiving.identify(self.desk, self.desk.read(id), shown, by)
        return self.work(id, by)

    def ask(self, kind: str, email: str, origin: str, *, language: str = "sv", words: str = "") -> contact.Begun:
        """A stranger asks by an address, from a network address: the same is told whoever has it (see `answer`)."""
        return contact.ask(self.desk, RequestKind(kind), email, origin, language=language, words=words)

    def answer(self, question: str, code: str) -> Worked | None:
        """The code came back: the request that it opens, taken on; None for any other code."""
        opened = contact.answer(self.desk, question, code)
        return None if opened is None else self.work(opened.id)

    def address(self, id: str, *, by: str, lines: Sequence[str] = ()) -> Worked:
        """Where letters go: by `lines`, the name first, as the person said it; else look the registered address up,
        and keep it sealed until the answer is delivered.
        """
        if lines:
            addressing.say_address(self.desk, self.desk.read(id), lines, by)
        else:
            registered.fetch(self.desk, self.desk.read(id), by)
        return self.work(id, by)

    def review(self, id: str, *, by: str, keep: Iterable[int] = (), rows: Sequence[str] = ()) -> Worked:
        """What was found has been looked at: proposals by number that stay in the answer, rows that are theirs too."""
        deciding.review(self.desk, self.desk.read(id), by, stays=tuple(keep), rows=rows)
        return self.work(id, by)

    def take_back(self, id: str, rows: Sequence[str], *, by: str) -> Worked:
        """These rows, SOURCE/TABLE/KEY, are not the person's, before it is decided: what went by them is undone."""
        _, findings = take_back(self.desk, self.desk.read(id), rows, by)
        worked = self.work(id, by)
        return replace(worked, findings=(*worked.findings, *findings))

    def approve(self, id: str, *, by: str, choices: Iterable[tuple[str, str, str]] = ()) -> Worked:
        """It is to be done. `choices`: purpose, "ends" or "stays", and the reason, where the rules leave a choice."""
        chosen = tuple(deciding.Choice(purpose, OnErasure(outcome), reason) for purpose, outcome, reason in choices)
        deciding.approve(self.desk, self.desk.read(id), by, chosen)
        return self.work(id, by)

    def refuse(self, id: str, why: str, reason: str, *, by: Sequence[str]) -> Worked:
        """Nothing is done: excessive or manifestly_unfounded (two in `by`), unidentified or exempt."""
        deciding.refuse(self.desk, self.desk.read(id), Refusal(why), reason, by)
        return self.work(id, by[0] if by else None)

    def conclude(self, id: str, verdict: str, reasons: str, *, by: str, measures: str = "") -> Worked:
        """What comes of a complaint or a claim: upheld, in_part, rejected or withdrawn, and why."""
        deciding.conclude(self.desk, self.desk.read(id), Verdict(verdict), reasons, measures, by)
        return self.work(id, by)

    def extend(self, id: str, reason: str, *, by: str) -> Worked:
        """It takes up to two months more, told with the reason inside the first (Art. 12(3))."""
        receiving.extend(self.desk, self.desk.read(id), reason, by)
        return self.work(id, by)

    def deliver(
        self, id: str, folder: Path | str, how: str, *, by: str, in_part: bool = False, addressed: bool = True
    ) -> tuple[Path, ...]:
        """Write the answer's files into a folder, note in which way it went, and wipe the register's copy.

        `addressed` False: it goes in no envelope, so its letter needs no address. `in_part`: what can be read by now,
        while some sources are missing; the request stays open.
        """
        opened, where = self.desk.read(id), Path(folder)
        hand_over = deliver_in_part if in_part else answering.deliver
        _, paths = hand_over(self.desk, opened, where, how, by, addressed=addressed)
        self.work(id, by)
        return paths

    def transfer(self, id: str, to: str, *, by: str) -> Worked:
        """Hand the data directly to a controller that the project file names (Art. 20(2))."""
        transferring.transfer(self.desk, self.desk.read(id), to, by)
        return self.work(id, by)

    def drop(self, id: str, *, by: str) -> Worked:
        """The person wants it no more."""
        receiving.drop(self.desk, self.desk.read(id), by)
        return self.work(id, by)

    def work(self, id: str, by: str | None = None) -> Worked:
        """Take a request as far as it goes without a person. `by` has it done, where the identity is protected."""
        return work(self.desk, id, by=by)

    def deadline(self, id: str) -> Deadline:
        """By when it is due, and why then."""
        return deadline_of(self.desk.read(id).request, self.desk.today(), self.desk.rules.prompt)

"""An office where requests are taken in and seen through: one project, its clock, and what its handlers do."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pypdf

from ombud.app.applying import apply
from ombud.app.kept_open import KeptOpen
from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.planning import plan
from ombud.app.requests.answering import deliver
from ombud.app.requests.deciding import Choice, approve, conclude, give_notice, refuse, review
from ombud.app.requests.desk import Asked, Desk, Opened, open_desk
from ombud.app.requests.marks import measures_of
from ombud.app.requests.receiving import Incoming, Shown, identify, receive
from ombud.app.requests.working import Worked, work
from ombud.engine.plans import written
from ombud.policy.model import OnErasure
from ombud.rights.decisions import waiting
from ombud.rights.events import Refusal
from ombud.rights.model import Proof, RequestKind, State, Verdict

KL = "KL"
"""The sign of a handler."""


@dataclass
class Office:
    """A project at work on a day. `answers` is where letters go."""

    loaded: Loaded
    answers: Path
    day: list[date] = field(default_factory=list)

    @classmethod
    def of(cls, directory: Path, day: date, environ: Mapping[str, str] | None = None) -> Office:
        """The project in a directory; its clock stands at ten in the morning of a day, until it is moved."""
        days = [day]

        def now() -> datetime:
            return datetime.combine(days[0], time(10), UTC)

        loaded, findings = load(directory, Surroundings(environ or {}, now, os.urandom))
        assert loaded is not None, [str(each) for each in findings]
        return cls(replace(loaded, kept=KeptOpen()), directory / "answers", days)

    def at(self, directory: Path) -> Office:
        """The same policy and maps on databases in another directory; what is compiled is kept, the register is not."""
        days = list(self.day)

        def now() -> datetime:
            return datetime.combine(days[0], time(10), UTC)

        project = replace(self.loaded.project, directory=directory)
        loaded = replace(self.loaded, project=project, around=replace(self.loaded.around, now=now), kept=KeptOpen())
        return Office(loaded, directory / "answers", days)

    def on(self, day: date) -> None:
        self.day[0] = day

    @property
    def desk(self) -> Desk:
        return open_desk(self.loaded)

    # --- what handlers do ---------------------------------------------------------------------------------------------

    def ask(
        self,
        kind: RequestKind,
        *subjects: str,
        settings: Sequence[str] = (),
        words: str = "",
        proof: Proof = Proof.E_IDENTIFICATION,
        **said: Any,
    ) -> Worked:
        """A request comes in from somebody who is known, and goes as far as it goes without a person."""
        desk = self.desk
        opened = receive(desk, Incoming(kind, Asked(subjects, tuple(settings), words), **said), KL)
        identify(desk, opened, Shown(proof, "shown"), KL)
        return work(desk, opened.id)

    def work(self, id: str) -> Worked:
        return work(self.desk, id)

    def read(self, id: str) -> Opened:
        return self.desk.read(id)

    def review(self, id: str, **how: Any) -> Worked:
        desk = self.desk
        review(desk, desk.read(id), KL, **how)
        return work(desk, id)

    def approve(self, id: str, every: str = "", **choices: str) -> Worked:
        """`ends` or `stays` by purpose, where somebody has to choose; `every`: of whatever else waits."""
        desk = self.desk
        if every:
            waits = {each.purpose for each in waiting(measures_of(desk, desk.read(id), anew=True).decisions)}
            choices = {**dict.fromkeys(sorted(waits), every), **choices}
        made = [Choice(purpose, OnErasure(outcome), "weighed by the office") for purpose, outcome in choices.items()]
        approve(desk, desk.read(id), KL, made)
        return work(desk, id)

    def refuse(self, id: str, why: Refusal, reason: str, *by: str) -> Worked:
        desk = self.desk
        refuse(desk, desk.read(id), why, reason, by)
        return work(desk, id)

    def conclude(self, id: str, verdict: Verdict, reasons: str, measures: str = "") -> Worked:
        desk = self.desk
        conclude(desk, desk.read(id), verdict, reasons, measures, KL)
        return work(desk, id)

    def notice(self, id: str) -> Worked:
        desk = self.desk
        give_notice(desk, desk.read(id), "post", KL)
        return work(desk, id)

    def deliver(self, id: str) -> State:
        desk = self.desk
        deliver(desk, desk.read(id), self.answers / id, "handed over", KL, addressed=False)
        return work(desk, id).opened.request.state

    def sweep(self, *sources: str) -> bool:
        """Plan and apply today, as every night; whether nothing due is left."""
        made = plan(self.loaded, sources, None, lambda _: None)
        path = self.loaded.project.directory / f"{made.plan.id}.json"
        path.write_text(written(made.plan), encoding="utf-8")
        return apply(self.loaded, path, allow=True, progress=lambda *_: None).complete

    # --- what came of it ----------------------------------------------------------------------------------------------

    def answer(self, id: str) -> dict[str, Any]:
        """The delivered answer as data."""
        (path,) = (self.answers / id).glob("*.json")
        return dict(json.loads(path.read_text("utf-8")))

    def letter(self, id: str, which: str = "*[!e].pdf") -> str:
        """The answer's letter; `which` of several. The one that follows an answer is `*-outcome.pdf`."""
        (path,) = (self.answers / id).glob(which)
        return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())

    def sql(self, source: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """In a SQLite source of the directory."""
        with closing(sqlite3.connect(self.loaded.project.directory / f"{source}.db")) as there, there:
            return there.execute(statement, values).fetchall()

    def acts(self, purpose: str | None = None) -> list[str]:
        """The acts of the register's marks, in order; those of one purpose."""
        return [str(each.act) for each in self.loaded.marks() if purpose is None or each.purpose == purpose]


def rows(said: Mapping[str, Any]) -> dict[tuple[str, str], set[str]]:
    """The keys of an answer's records, by source and table."""
    found: dict[tuple[str, str], set[str]] = {}
    for each in said["records"]:
        found.setdefault((each["source"], each["table"]), set()).add(each["key"])
    return found


def words(said: Mapping[str, Any]) -> str:
    """Everything that an answer says, as text."""
    return json.dumps(said["records"], ensure_ascii=False)

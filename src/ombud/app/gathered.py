"""Persons asked for in one source by gathering: nothing is evaluated, where rows alone tell all there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ombud.app.loaded import Digest, Loaded
from ombud.app.register_kept import check_known
from ombud.app.sources import Opened
from ombud.app.written_keys import keys_of
from ombud.engine.answering import Answering, Bearer
from ombud.engine.gathering import Unclear
from ombud.engine.people import Held
from ombud.engine.program import Statements
from ombud.engine.saying import Meant, Told
from ombud.sql.engines import DIALECTS
from ombud.sql.read import Reader

Row = tuple[str, str]
"""A table and a key as it is written."""


@dataclass
class Gathered:
    """A source, inside an open transaction. Of the rows that are `unclear`, and of the persons who are `left` (by their
    numbers), something else has to tell.
    """

    source: Opened
    answering: Answering
    unclear: set[Row] = field(default_factory=set)

    @classmethod
    def of(cls, loaded: Loaded, source: Opened, day: date, digest: Digest, newest: int) -> Gathered:
        """On a day. Raises Unclear where the map asks for more than rows; so does whatever is asked of it first where
        the sidecar lacks marks up to `newest`.
        """
        program = loaded.program(source.source, source.schema)
        names = program.names(source.source, source.schema, DIALECTS[source.connection.dialect.name])
        since = day - timedelta(days=loaded.policy.reconcile)
        read = Reader(names, loaded.policy.zone, day, tuple(loaded.policy.companies), since)
        about = ("gather", source.name, day)
        answering = Answering(Statements(source.connection, program, about), program.judge(loaded.policy, read), digest)
        if not answering.serves:
            raise Unclear("a map that asks for more than rows")

        def check(known: int) -> None:
            check_known(loaded, source.name, known, newest)
            if known < newest:
                raise Unclear("a sidecar that lacks marks")

        answering.check = check
        return cls(source, answering)

    @property
    def left(self) -> Collection[int]:
        return self.answering.left

    def bearers(self, held: Mapping[Held, object]) -> Mapping[Held, list[Bearer]]:
        """Whoever has one of these identifiers."""
        for each, value in held.items():
            if value is None:
                self.answering.unclear[each] = "an identifier known by its hash alone"
        return self.answering.bearers((kind, value) for (kind, _), value in held.items() if value is not None)

    def row(self, table: str, key: str) -> list[Bearer]:
        """The persons whose row it is."""
        names = self.answering.judge.read.names
        found: list[Bearer] = []
        for each in keys_of(self.source.connection, names, table, key):
            for subject in (s for s in names.source.subjects.values() if s.table == table):
                try:
                    bearer = self.answering.at(subject, each)
                except Unclear:
                    self.unclear.add((table, key))
                else:
                    found += [bearer] if bearer else []
        return found

    def look_aside(self, persons: Sequence[Meant]) -> None:
        """Only find out who is left."""
        self.answering.look_aside(persons)

    def told(self, persons: Sequence[Meant]) -> list[Told]:
        """What every row says of each person who is not left."""
        return self.answering.answers(persons)

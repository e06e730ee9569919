"""Persons asked for in one source by gathering: nothing is evaluated, where rows alone tell all there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ombud.app.loaded import Digest, Loaded
from ombud.app.naming import SUBJECT, only
from ombud.app.register_kept import check_known
from ombud.app.sources import Opened
from ombud.app.written_rows import rows_written
from ombud.datamap.model import Subject
from ombud.engine.answering import Answering, Bearer
from ombud.engine.gathering import Unclear
from ombud.engine.people import Held
from ombud.engine.program import Statements
from ombud.engine.saying import Meant, Told
from ombud.sql.engines import DIALECTS
from ombud.sql.read import Reader
from ombud.terms import Key

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

    def rows(self, wanted: Collection[Row]) -> Mapping[Row, list[Bearer]]:
        """The persons whose rows these are, by table and key as it is written. Raises Refused where several are."""
        names = self.answering.judge.read.names
        texts: dict[str, list[str]] = defaultdict(list)
        for table, text in wanted:
            texts[table].append(text)
        asked: list[tuple[Row, Subject, Key]] = []
        for table, of in texts.items():
            subjects = [each for each in names.source.subjects.values() if each.table == table]
            for text, found in rows_written(self.source.connection, names, table, of).items():
                only(found, SUBJECT)
                asked += [((table, text), subject, each.key) for each in found for subject in subjects]
        bearing: dict[Row, list[Bearer]] = defaultdict(list)
        told = self.answering.at([(subject, key) for _, subject, key in asked])
        for (row, _, _), bearer in zip(asked, told, strict=True):
            if isinstance(bearer, Unclear):
                self.unclear.add(row)
            elif bearer is not None:
                bearing[row].append(bearer)
        return bearing

    def look_aside(self, persons: Sequence[Meant]) -> None:
        """Only find out who is left."""
        self.answering.look_aside(persons)

    def told(self, persons: Sequence[Meant]) -> list[Told]:
        """What every row says of each person who is not left."""
        return self.answering.answers(persons)

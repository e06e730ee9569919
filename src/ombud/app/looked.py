"""Sources as they were read, on a day, and who somebody is in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ombud.app.known import Called, Known, Named, Wanted, known, wanted
from ombud.app.loaded import Loaded
from ombud.app.naming import SUBJECT, only, written_key
from ombud.app.rows import Asked, Seen, as_here, see
from ombud.claims.copies import copied_from, kept
from ombud.claims.learning import learned
from ombud.claims.persons import bearers, identifiers, is_shared, key_ref, places
from ombud.claims.read import Reading, Row
from ombud.claims.world import Copied
from ombud.datamap.model import Imported
from ombud.engine.answering import Bearer
from ombud.engine.people import Held
from ombud.terms import IdRef, Mark


def look_on(loaded: Loaded, seen: Seen, marks: Iterable[Mark], day: date) -> Reading:
    """What was read, as a sweep of that day would see it; marks with keys as the sources' drivers return them."""
    digest, _ = loaded.keys()
    look = Reading(loaded.policy, seen.datamap, seen.world, marks, day, digest)
    world = replace(seen.world, imports=_copied(look))
    return learned(Reading(loaded.policy, seen.datamap, world, marks, day, digest))


def _copied(look: Reading) -> Mapping[tuple[str, str, str, str], Copied]:
    """Days that one source takes from another, read there now; of who is there no more, as they were last copied."""
    before = look.world.imports
    wanted = {
        (rule.source, rule.subject, rule.moment, rule.match)
        for source in look.datamap.sources.values()
        for table in source.tables.values()
        for kind in table.kinds
        for rule in kind.moments.values()
        if isinstance(rule, Imported)
    }
    return {
        each: Copied(True, kept(before[each].told if each in before else {}, copied_from(look, *each)))
        for each in wanted
        if each[0] in look.datamap.sources
    }


# --- who somebody is ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AsRead:
    """Sources that were read, asked who somebody is."""

    look: Reading

    def rows(self, rows: Collection[Named]) -> dict[Named, list[Bearer]]:
        """The persons whose rows these are, of those that can be read and are there."""
        return {row: self.row(row) for row in rows if row[0] in self.look.datamap.sources}

    def row(self, named: Named) -> list[Bearer]:
        """The persons whose row it is. Raises Refused where its name fits several."""
        source, table, key = named
        subjects = [s.name for s in self.look.datamap.sources[source].subjects.values() if s.table == table]
        row = only([row for row in self.look.rows[source, table] if written_key(row.key) == key], SUBJECT)
        return [self._bearer(row, subject, shared=False) for subject in subjects] if row else []

    def bearers(self, held: Mapping[Held, object]) -> Iterator[dict[Held, list[Bearer]]]:
        """Whoever has one of these identifiers, source by source."""
        return (self.bearers_in(source, held) for source in self.look.datamap.sources)

    def bearers_in(self, source: str, held: Mapping[Held, object]) -> dict[Held, list[Bearer]]:
        """The same in one source."""
        found: dict[Held, list[Bearer]] = {}
        for each in held:
            ref = IdRef(*each)
            found[each] = [
                self._bearer(row, subject, shared=is_shared(self.look, row, ref))
                for subject, row in bearers(self.look, source, ref)
            ]
        return found

    def _bearer(self, row: Row, name: str, *, shared: bool) -> Bearer:
        subject = self.look.datamap.sources[row.source].subjects[name]
        standing = list(places(self.look, row, subject))
        values = {ref: each.values[place.column] for place, each, ref in standing}
        every = identifiers(self.look, row, subject)
        own = ((ref.kind, ref.digest, values.get(ref)) for ref in every)
        former = every - {ref for place, _, ref in standing if not place.former}
        return Bearer(key_ref(row, name), tuple(own), shared, frozenset((ref.kind, ref.digest) for ref in former))


def look_for(
    loaded: Loaded, called: Called, marks: Callable[[Mark], bool] = lambda _: True
) -> tuple[Seen, Reading, Known, Wanted]:
    """Everything as it is today, and who is meant. `marks`: which of the register's count. Raises Refused."""
    register = loaded.keys()[1]
    asked = wanted(loaded, called)
    seen = see(loaded, loaded.datamap.sources, Asked(refs=asked.asked | asked.refs, rows=tuple(asked.decided)))
    look = look_on(loaded, seen, as_here(filter(marks, register.marks()), seen), loaded.today())
    return seen, look, known([asked], AsRead(look))[0].known, asked

"""The answer to a person, of one source: the rows certainly about them, each cell with its value and what holds it.

Reads facts, owners and states that an evaluation has worked out of at least these rows and all that judges them; many
persons are answered at once. Whom the rows may be about is counted, and left out (`spec/claims.md` §2 and §4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ombud.datamap.model import ByIdentifier, Table
from ombud.engine.evaluation import Evaluation
from ombud.engine.holding import Holder, Owned
from ombud.engine.people import living as alive
from ombud.engine.saying import MENTION, Known, Meant, OfTable, Owners, Told
from ombud.engine.sidecar import StoredRef, stored
from ombud.plan.naming import SURE
from ombud.sql.extracts import Extracts, living, remembered
from ombud.sql.judge import Judge
from ombud.sql.near import HAD, WHO
from ombud.sql.owners import CANDIDATE, CERTAIN


@dataclass
class Extracting:
    """Answers from one evaluation, inside its open transaction."""

    evaluation: Evaluation
    judge: Judge

    def answers(self, persons: Sequence[Meant]) -> Iterator[Told]:
        """What every row says of each of these persons, table by table, in the order of the keys."""
        known = self._known_as(persons)
        self._look_for(known.by_name)
        holder = Holder(self.judge, self.evaluation.states)
        for table in self.evaluation.source.tables.values():
            if table.personal and table.key and self.evaluation.rows[table.name]:
                self._mention(table, known)
                extracts = Extracts(self.evaluation.facts, table)
                yield from OfTable(holder, extracts).told(self._rows(extracts), holder, known, self._owners(extracts))

    def _rows(self, extracts: Extracts) -> Iterable[Sequence[Any]]:
        return self.evaluation.statements.rows(("extract", extracts.table.name), extracts.rows)

    def _owners(self, extracts: Extracts) -> tuple[Owners, Owners]:
        """Of the rows, and of those whose claims they have."""
        name = extracts.table.name
        own = self._grouped(("owners", name), extracts.owners)
        if extracts.root is extracts.table or not own:
            return own, own
        return own, self._grouped(("owners above", name), extracts.owners_above)

    def _grouped(self, step: tuple[object, ...], build: Callable[[], sa.Select[Any]]) -> Owners:
        found: dict[int, list[Owned]] = defaultdict(list)
        for rid, rule, who, status in self.evaluation.statements.rows(step, build):
            found[rid].append((rule, who, status))
        return {rid: tuple(each) for rid, each in found.items()}

    # --- who is meant -------------------------------------------------------------------------------------------

    def _known_as(self, persons: Sequence[Meant]) -> Known:
        """Living, remembered, or known by a hash alone: who is remembered is known by whatever refs are theirs."""
        source = self.evaluation.source.source
        found = Known()
        refs: dict[StoredRef, list[tuple[int, bool]]] = defaultdict(list)
        for n, person in enumerate(persons):
            for each, sure in ((person.refs, True), (person.maybe, False)):
                for ref in each:
                    if getattr(ref, "source", source) == source:
                        refs[stored(ref)].append((n, sure))
        certain, perhaps = defaultdict[int, set[str]](set), defaultdict[int, set[str]](set)
        for known, whose in refs.items():
            sort, _, scope = known.scope.partition("/")
            own = f"{scope}|{known.birth}|{known.value}"
            names = (f"id|{scope}|{known.value}",) if sort == "id" else (f"key|{own}", f"was|{own}")
            for n, sure in whose:
                (certain if sure else perhaps)[n].update(names)
        for who, known, how in self._remembered(refs):
            for n, sure in refs[known]:
                (certain if sure and how == SURE else perhaps)[n].add(who)
        for n, _ in enumerate(persons):
            found.certain.append(frozenset(certain[n]))
            found.perhaps.append(frozenset(perhaps[n] | certain[n]))
            for who in found.perhaps[n]:
                found.by_name[who].append(n)
        return found

    def _remembered(self, refs: Mapping[StoredRef, object]) -> Iterator[tuple[str, StoredRef, int]]:
        """Whom these refs name of those remembered, how surely. Who is there still is known by what they are now."""
        statements, names = self.evaluation.statements, self.evaluation.names
        self._look_for((), {(ref.scope, ref.value) for ref in refs})
        found = [
            (who, ref, how)
            for who, scope, value, birth, how in statements.rows(("once known",), lambda: remembered(names))
            if (ref := StoredRef(scope, value, birth)) in refs
        ]
        if found:
            self._look_for({alive(who) for who, _, _ in found})
        there = {
            who
            for subject in names.source.subjects.values()
            if found
            for (who,) in statements.rows(("living", subject.name), lambda s=subject: living(names, s))  # type: ignore[misc]
        }
        return ((who, ref, how) for who, ref, how in found if alive(who) not in there)

    def _look_for(self, who: Iterable[str], had: Iterable[tuple[str, str]] = ()) -> None:
        space, names = self.evaluation.space, self.evaluation.names
        space.clear("alike", lambda: names.alike)
        space.filled("alike")
        what = [(WHO, each) for each in who] + [(HAD + scope, value) for scope, value in had]
        rows = [{"kind": kind, "rough": each} for kind, each in sorted(what)]
        self.evaluation.statements.fill("alike", lambda: names.alike, rows)

    def _mention(self, table: Table, known: Known) -> None:
        """Write beside the owners whom rows mention, of those who are asked for.

        A rule by which an owner is known too stands there already, with what is remembered by it.
        """
        found: list[dict[str, Any]] = []
        for rule in dict.fromkeys(rule for rule in table.mentions if rule not in table.owner_rules):
            extracts = Extracts(self.evaluation.facts, table)
            step = ("mentioned", table.name, rule)
            for rid, company, value in self.evaluation.statements.rows(step, lambda e=extracts, r=rule: e.mentioned(r)):  # type: ignore[misc]
                means = list(self._means(rule, company, value))
                if any(who in known.by_name for who, _ in means):
                    found += [{"rid": rid, "rule": MENTION, "who": who, "status": status} for who, status in means]
        if found:
            names = self.evaluation.names
            self.evaluation.statements.fill(f"mention {table.name}", lambda: names.owner(table.name), found)

    def _means(self, rule: ByIdentifier, company: str | None, value: object) -> Iterator[tuple[str, str]]:
        """Whom an identifier in a row of this company names, and how surely (`spec/claims.md` §2, `ByIdentifier`)."""
        digest = self.evaluation.digest(rule.kind, value)
        if not digest:
            return
        bearers = self.evaluation.people.holders.get((rule.kind, digest), ())
        mine = [p for p in bearers if p.company is None or company is None or p.company == company]
        if not mine:
            yield f"id|{rule.kind}|{digest}", CERTAIN
        sure = len(mine) == 1 and company is not None and mine[0].company == company
        yield from ((person.who, CERTAIN if sure else CANDIDATE) for person in mine)

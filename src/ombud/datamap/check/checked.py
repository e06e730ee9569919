"""What a check is given: the model, the draft that knows the places, the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ombud.datamap.model import Kind, SourceMap, Table
from ombud.datamap.parse.draft import DraftSource
from ombud.datamap.parse.fields import Findings
from ombud.policy.model import Policy
from ombud.terms import Place


@dataclass(frozen=True, slots=True)
class Checked:
    """One source under check. `possible`: the companies that each table's rows can be of."""

    source: SourceMap
    draft: DraftSource
    possible: Mapping[str, frozenset[str]]
    policy: Policy
    findings: Findings

    def place(self, table: Table, *keys: str) -> Place:
        """Where the first of these keys of a table stands, or the table itself."""
        places = self.draft.tables[table.name].places
        return next((places[key] for key in keys if key in places), table.place)

    def link_place(self, table: Table, link: str) -> Place:
        """Where a link stands."""
        return self.draft.tables[table.name].links.places.get(link, table.place)

    def kind_place(self, table: Table, kind: Kind) -> Place:
        """Where a kind stands."""
        kinds = self.draft.tables[table.name].kinds
        return next((each.place for each in kinds if each.name == kind.name), table.place)

    def moment_place(self, table: Table, kind: Kind, moment: str) -> Place:
        """Where a moment stands, or the kind that inherits it."""
        kinds = self.draft.tables[table.name].kinds
        own = next((each.moments for each in kinds if each.name == kind.name), {})
        return own[moment].place if moment in own else self.kind_place(table, kind)

    def purpose_place(self, table: Table, kind: Kind, purpose: str) -> Place:
        """Where a purpose is bound, here or by the file, or the kind that inherits it."""
        kinds = self.draft.tables[table.name].kinds
        own = next((each.purposes for each in kinds if each.name == kind.name), None)
        stated = own if own is not None else self.draft.purposes or ()
        return next((each.place for each in stated if each.purpose == purpose), self.kind_place(table, kind))

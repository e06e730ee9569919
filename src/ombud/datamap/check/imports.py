"""Days copied from another source: that source, its subject and its moment must be there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ombud.datamap.check.checked import Checked
from ombud.datamap.model import DataMap, Imported, Kind, MomentRule, SourceMap, Table


def check_imports(checked: Mapping[str, Checked]) -> DataMap:
    """The data map with every import's subject filled in."""
    return DataMap({name: _source(each, checked) for name, each in checked.items()})


def _source(checked: Checked, every: Mapping[str, Checked]) -> SourceMap:
    tables = {name: _table(table, checked, every) for name, table in checked.source.tables.items()}
    return replace(checked.source, tables=tables)


def _table(table: Table, checked: Checked, every: Mapping[str, Checked]) -> Table:
    def kind(each: Kind) -> Kind:
        moments = {name: _moment(rule, table, each, name, checked, every) for name, rule in each.moments.items()}
        return replace(each, moments=moments)

    return replace(table, kinds=tuple(kind(each) for each in table.kinds))


def _moment(
    rule: MomentRule, table: Table, kind: Kind, name: str, checked: Checked, every: Mapping[str, Checked]
) -> MomentRule:
    if not isinstance(rule, Imported):
        return rule
    place = checked.moment_place(table, kind, name)
    if not table.owners:
        message = f"{name} is imported for a row of {table.name} that is about nobody"
        checked.findings.add("M030", place, message, "add `owner: …`")
    there = every.get(rule.source)
    if there is None or rule.source == checked.source.source:
        others = frozenset(every) - {checked.source.source}
        checked.findings.unknown("M018", place, "other source", rule.source, others)
        return rule
    having = [each for each in there.source.subjects.values() if _has(there.source, each.table, rule.moment)]
    if not rule.subject and len(having) == 1:
        rule = replace(rule, subject=having[0].name)
    subject = there.source.subjects.get(rule.subject)
    if subject is None:
        checked.findings.unknown("M016", place, f"subject of {rule.source}", rule.subject, there.source.subjects)
    elif all(each.kind != rule.match for each in subject.identifiers):
        message = f"{subject.name} of {rule.source} has no identifier of the kind {rule.match}"
        checked.findings.add("M019", place, message, "match by another kind, or add it there")
    elif subject not in having:
        message = f"{subject.name} of {rule.source} has no moment {rule.moment}"
        checked.findings.add("M050", place, message, "define it there, or say `moment: …`")
    return rule


def _has(source: SourceMap, table: str, moment: str) -> bool:
    return any(moment in kind.moments for kind in source.tables[table].kinds)

"""What is believed of missing things, and of rows whose age nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.check.checked import Checked
from ombud.datamap.model import ByIdentifier, EachOwner, FromChildren, Imported, Latest, Table
from ombud.terms import IfNone, Level, Place


def check_missing(checked: Checked) -> None:
    """Findings: `if_none: none` that nothing can make believed, personal cells of nobody, rows without a birth."""
    for table in checked.source.tables.values():
        if table.born is None or table.grace < 1:
            for what, place in dict.fromkeys(_nones(table, checked)):
                lacking = " and ".join(
                    each for each, lacks in (("`born`", table.born is None), ("`grace`", table.grace < 1)) if lacks
                )
                message = f"`if_none: none` of {what} is never believed: {table.name} has no {lacking}"
                checked.findings.add("M060", place, message, "add `born: column` and `grace: days`, or write unknown")
        if table.personal:
            _owned(table, checked)


def _nones(table: Table, checked: Checked) -> Iterator[tuple[str, Place]]:
    said = {name: link.if_none for name, link in table.links.items()}
    said |= {name: match.if_none for name, match in table.matches.items()}
    for name, missing in said.items():
        if missing is IfNone.NONE:
            yield name, checked.link_place(table, name)
    for kind in table.kinds:
        for name, moment in kind.moments.items():
            if isinstance(moment, FromChildren | Latest | Imported) and moment.if_none is IfNone.NONE:
                yield name, checked.moment_place(table, kind, name)
        for cell in kind.cells.values():
            for rule in cell.of:
                if isinstance(rule, EachOwner | ByIdentifier) and rule.if_none is IfNone.NONE:
                    yield cell.name, cell.place
    for rule in table.owners:
        if isinstance(rule, EachOwner | ByIdentifier) and rule.if_none is IfNone.NONE:
            yield "the owner", checked.place(table, "owner")


def _owned(table: Table, checked: Checked) -> None:
    draft = checked.draft.tables[table.name]
    cells = [cell for kind in table.kinds for cell in kind.cells.values() if not cell.of]
    if cells and not table.owners and draft.owners is None:
        message = f"{table.name} holds personal data and has no path to a person"
        checked.findings.add("M030", table.place, message, "add `owner: …`, or `owner: nobody`")
    if table.owners and not draft.born_said and not table.follows:
        message = f"when a row of {table.name} was made is not said: a request cannot end a claim on it by itself"
        checked.findings.add("M081", table.place, message, "add `born: column`, or `born: unknown`", Level.WARNING)

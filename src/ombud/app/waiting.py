"""What a row lacks and is not yet believed to lack: its grace keeps it (spec/claims.md §2, "Believing none")."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ombud.claims.live import OnRow, Someone
from ombud.claims.moments import moment
from ombud.claims.read import MISSING, NotFound, Reading, Row, believes_none, born, children, find, kind_of, passes
from ombud.datamap.model import ByIdentifier, EachOwner, OwnersOf, Table, Through
from ombud.terms import IfNone, OnDay, Unknown


def waiting(look: Reading, row: Row, held: OnRow) -> str:
    """What is missing of the row whose claims these are, and from when it is believed; '' where grace keeps nothing."""
    live = [claim for claim in held.claims if claim.live]
    unclear = any(claim.owner is Someone.ANYBODY or isinstance(claim.moment, Unknown) for claim in live)
    lacking = list(dict.fromkeys(_lacking(look, row))) if unclear and not believes_none(look, row) else []
    if not lacking:
        return ""
    what = f"{' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} missing"
    match born(look, row):
        case OnDay(day):
            after = day + timedelta(days=row.table.grace + 1)
            return f"{what}, and believed to be only from {after.isoformat()}, after a grace of {days(row.table)}"
        case _:
            return f"{what}, and never believed to be, for when the row was made is not known"


def days(table: Table) -> str:
    """The grace of a table, in words."""
    return f"{table.grace} day{'' if table.grace == 1 else 's'}"


def _lacking(look: Reading, row: Row) -> Iterator[str]:
    """Links, columns, child tables and moments of which the map says `if_none: none`, and that find nothing."""
    table, kind = row.table, kind_of(look, row)
    for owner in (*table.owners, *(rule for cell in (kind.cells.values() if kind else ()) for rule in cell.of)):
        match owner:
            case OwnersOf(link) if link in table.links:
                if table.links[link].if_none is IfNone.NONE and find(look, row, table.links[link]) is NotFound.MISSING:
                    yield link
            case EachOwner(child, link, IfNone.NONE) if not children(look, row, child, link):
                yield child
            case ByIdentifier(of, column, IfNone.NONE, when) if not look.digest(of, row.values.get(column)):
                yield from (column for _ in range(passes(look, row, when)))
    for name, rule in kind.moments.items() if kind else ():
        link = rule.link if isinstance(rule, Through) else ""
        by = table.links.get(link) or table.matches.get(link) if link else rule
        said = moment(look, row, name)
        if getattr(by, "if_none", None) is IfNone.NONE and isinstance(said, Unknown) and said.why == MISSING:
            yield link or name

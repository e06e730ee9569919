"""Rows that were handed to a recipient: the policy lets some purpose of theirs be handed to that one."""

from __future__ import annotations

from fnmatch import fnmatchcase

from ombud.datamap.check.checked import Checked
from ombud.datamap.handed import bound
from ombud.datamap.model import At, RecipientColumn, Table
from ombud.policy.model import BasisKind, Purpose, Recipient, Use
from ombud.policy.tree import guess


def check_disclosed(checked: Checked) -> None:
    """Findings: an unknown recipient; one that no purpose of the rows is handed to; columns that are not told."""
    for table in checked.source.tables.values():
        if table.disclosed is None:
            continue
        _columns(table, checked)
        for name in recipients(table, checked):
            recipient = checked.policy.recipients.get(name)
            if recipient is None:
                place = checked.place(table, "disclosed")
                checked.findings.unknown("M021", place, "recipient", name, checked.policy.recipients)
                continue
            for company in sorted(checked.possible[table.name]):
                _handed(table, recipient, company, checked)


def recipients(table: Table, checked: Checked) -> tuple[str, ...]:
    """Every recipient that rows of a table can have been handed to."""
    match table.disclosed.to if table.disclosed else None:
        case RecipientColumn(_, values):
            return tuple(dict.fromkeys(values.values() if values else checked.policy.recipients))
        case str(name):
            return (name,)
        case _:
            return ()


def _handed(table: Table, to: Recipient, company: str, checked: Checked) -> None:
    """Of this company's rows: some purpose that holds them is handed to the recipient, and may be."""
    place = checked.place(table, "disclosed")
    held = tuple(bound(checked.source, table, checked.policy, company))
    handed = [purpose for purpose in held if to.id in purpose.recipients]
    sealed = sorted(purpose.id for purpose in held if Use.SEALED in purpose.uses)
    to_any = table.disclosed and isinstance(table.disclosed.to, RecipientColumn) and not table.disclosed.to.values
    if not handed and to_any and not sealed:
        return  # to which of all of them a row was handed is known when it is read
    if not handed and sealed and len(sealed) == len(held):
        message = f"{table.name} is handed to {to.id}, and what holds its rows is for nobody else ({', '.join(sealed)})"
        checked.findings.add("M096", place, message, "stop handing it over, and bind what it is handed over for")
    elif not handed:
        known = ", ".join(purpose.id for purpose in held) or "nothing"
        message = f"{table.name} is handed to {to.id}, and no purpose of {company} that holds it is ({known})"
        checked.findings.add(
            "M095", place, message, f"let a purpose say `recipients: [{to.id}]`, or bind one that does"
        )
    elif to.own_marketing and not any(_by_consent(purpose) for purpose in handed):
        names = ", ".join(purpose.id for purpose in handed)
        message = f"{to.id} may use {table.name} for marketing of its own, and {names} of {company} rests on no consent"
        checked.findings.add("M097", place, message, "hand it over for a purpose with `basis: consent` alone")


def _by_consent(purpose: Purpose) -> bool:
    return all(basis.kind is BasisKind.CONSENT for basis in purpose.bases)


def _columns(table: Table, checked: Checked) -> None:
    """Links that are there; columns of this table that the map speaks of, so that nobody takes them for unknown."""
    disclosed, place = table.disclosed, checked.place(table, "disclosed")
    if disclosed is None:
        return
    where = disclosed.to.at if isinstance(disclosed.to, RecipientColumn) else None
    named = [each for each in (where, disclosed.name) if each is not None]
    for each in named:
        if each.link is not None and each.link not in table.links:
            message = f"{each.link} is a link by identifier: a recipient is read through a link by columns"
            checked.findings.add("M098", place, message, "name a link by columns")
    own = [each.column for each in (*named, *([At(disclosed.known_as)] if disclosed.known_as else [])) if not each.link]
    told = {cell.column for kind in table.kinds for cell in kind.cells.values()} | set(table.key)
    told |= {column for link in table.links.values() for column in link.columns}
    for column in own:
        patterns = (*table.not_personal, *(each.partition(".")[2] for each in checked.source.not_personal))
        if column not in told and not any(fnmatchcase(column, pattern) for pattern in patterns):
            message = f"{table.name}.{column} is neither mapped nor said not to be personal"
            near = guess(column, tuple(told))
            hint = near if near.startswith("did") else f"add it to `columns`, or `not_personal: [{column}]`"
            checked.findings.add("M098", place, message, hint)

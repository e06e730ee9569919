"""Tables without a key: what of a map can be kept where nothing can be remembered of a row (`spec/claims.md` §5)."""

from __future__ import annotations

from collections.abc import Iterator

from ombud.datamap.model import ByIdentifier, Gone, SourceMap, Table

Needs = tuple[str, str]
"""What of the table needs a key, and what to write instead."""

_NOBODY = "write `owner: nobody`: then no request and no hold reaches its rows, and time alone deletes them"
_SAY = "name the columns that tell its rows apart: `key: [a, b]`"


def needs_key(source: SourceMap, table: Table) -> Iterator[Needs]:
    """Everything for which a row of this table would have to be named, or remembered."""
    if table.key or not table.personal:
        return
    name = table.name
    for subject in source.subjects.values():
        if subject.table == name:
            yield f"{name} is the table of {subject.name}, and a person is known by the key of their row", _SAY
    for other in source.tables.values():
        for link in other.links.values():
            if link.to == name:
                yield f"the link {link.name} of {other.name} leads to {name}, whose rows cannot be named", _SAY
    for link in table.links.values():
        if link.gone is Gone.UNLINK:
            yield f"no row of {name} can be named to lose its reference {link.name}", "write `gone: shell`"
    if table.follows or table.copy_of:
        yield f"{name} follows {table.follows or table.copy_of}, and would lose cells with it", "bind purposes here"
    if table.matches or any(isinstance(rule, ByIdentifier) for rule in table.owners):
        yield f"{name} is judged by an identifier, and nothing can remember whose it was", f"{_SAY}, or {_NOBODY}"
    if table.marks:
        yield f"{name} records consent, and nothing can remember whose it was", _SAY
    for kind in table.kinds:
        for cell in kind.cells.values():
            if cell.of:
                yield f"{cell.name} is about somebody else than its row, and no cell of {name} is blanked", _SAY

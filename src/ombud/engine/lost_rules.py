"""What is remembered is kept under the rule that judged it: a map that has lost such a rule, or its table, is refused.

Else a row would be judged as if nothing had ever been known of it (spec/claims.md §6).
"""

from __future__ import annotations

import sqlalchemy as sa

from ombud.datamap.model import Table
from ombud.plan.naming import COMPANY, FOLLOWED, IDENTIFIER, SEVERAL, SHARED, rule_name
from ombud.sql.names import Names

RULES = "rules/"
"""Before a table's name in `meta`: the rules by which its rows may be remembered."""
TABLES = "tables"
"""In `meta`: the tables whose rows may be remembered."""


class RuleLost(Exception):
    """Rows of a table are remembered by a rule that the map no longer has; the message names both, and where."""


def known_rules(names: Names) -> dict[str, str]:
    """What `meta` is to say of the map's rules."""
    keyed = [table for table in names.source.tables.values() if table.key]
    found = {f"{RULES}{table.name}": "\n".join(sorted(_rules(table))) for table in keyed}
    return {**found, TABLES: "\n".join(sorted(names.memo(table.name).name for table in keyed))}


def check_rules(connection: sa.Connection, names: Names, known: dict[str, str]) -> None:
    """Raises RuleLost where a row is remembered by what `meta` knew, and the map has no more. `known` is `meta` now."""
    now = known_rules(names)
    for table in names.source.tables.values():
        gone = set(known.get(f"{RULES}{table.name}", "").split("\n")) - _rules(table) - {""} if table.key else set()
        if gone:
            memo = names.memo(table.name)
            lost = sa.select(memo.c.rule).where(memo.c.rule.in_(sorted(gone))).limit(1)
            if (rule := connection.execute(lost).scalar()) is not None:
                raise RuleLost(f"{table.name} by {rule}, in {memo.fullname}")
    for name in sorted({*known.get(TABLES, "").split("\n")} - {"", *now[TABLES].split("\n")}):
        other = sa.table(name, sa.column("rule"), schema=names.meta.schema)
        there = sa.inspect(connection).has_table(name, schema=names.meta.schema)
        if there and (rule := connection.execute(sa.select(other.c.rule).limit(1)).scalar()) is not None:
            raise RuleLost(f"a table that the map does not have by {rule}, in {other.fullname}")


def _rules(table: Table) -> set[str]:
    cells = (cell for kind in table.kinds for cell in kind.cells.values())
    owners = {*table.owners, *(rule for cell in cells for rule in cell.of)}
    moments = {rule for kind in table.kinds for rule in kind.moments.values()}
    fixed = {COMPANY, FOLLOWED, IDENTIFIER, SHARED, *(f"{SEVERAL}{match}" for match in table.matches)}
    return fixed | {rule_name(rule) for rule in (*owners, *moments)}

"""PostgreSQL's catalogue of one database: its tables by their numbers (the PostgreSQL manual, "System Catalogs").

It hides nothing from a user who may only read, as `information_schema` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

TABLES = """
SELECT pg_class.oid, nspname, relname, relkind::text, pg_table_is_visible(pg_class.oid)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p', 'm', 'f') AND NOT relispartition AND relpersistence <> 't'
AND nspname NOT IN ('ombud', 'pg_catalog', 'pg_toast', 'information_schema') ORDER BY relname, nspname
"""
"""What holds data under a name of its own, and whether a statement finds it by its bare name."""

PARTS = "SELECT oid, pg_partition_root(oid)::oid FROM pg_class WHERE relispartition"

COLUMNS = """
SELECT attrelid, attnum, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND relnamespace <> 'pg_catalog'::regnamespace
"""

KEYS = "SELECT conrelid, conkey FROM pg_constraint WHERE contype = 'p'"

UNIQUES = """
SELECT indrelid, string_to_array(indkey::text, ' ')::int2[], indnkeyatts,
  indisunique AND indisvalid AND NOT relispartition AND indexprs IS NULL AND indpred IS NULL,
  ARRAY(SELECT refobjsubid FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = indexrelid
    AND refclassid = classid AND refobjid = indrelid AND indexprs IS NOT NULL),
  coalesce((to_jsonb(pg_index) ->> 'indnullsnotdistinct')::boolean, false)
FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE (indisunique OR indisexclusion) AND NOT indisprimary
"""
"""Columns, how many of them count, whether it holds for every row as they stand, what an expression depends on, and
whether NULL is one value (from version 15).
"""

REFERENCES = """
SELECT oid, conrelid, conkey, confrelid, confkey, confdeltype::text, confupdtype::text
FROM pg_constraint WHERE contype = 'f'
"""

COMPARED = """
SELECT pg_constraint.oid, place,
  CASE WHEN oprname = '=' AND oprnamespace = 'pg_catalog'::regnamespace THEN '='
    ELSE 'OPERATOR(' || oprnamespace::regnamespace::text || '.' || oprname || ')' END,
  CASE WHEN own.atttypid IN (oprright, 'varchar'::regtype) AND oprright IN (own.atttypid, 'text'::regtype)
    OR typtype = 'p' THEN '' ELSE format_type(oprright, -1) END,
  ARRAY(SELECT collnamespace::regnamespace::text || '.' || quote_ident(collname) FROM pg_collation
    WHERE 0 < ALL (ARRAY[own.attcollation, there.attcollation]) AND own.attcollation <> there.attcollation
    AND (pg_collation.oid = own.attcollation OR pg_collation.oid = there.attcollation AND NOT collisdeterministic)
    ORDER BY pg_collation.oid = own.attcollation DESC)
FROM pg_constraint, unnest(conkey, confkey, conpfeqop) WITH ORDINALITY AS pair (own, there, operator, place)
JOIN pg_operator ON pg_operator.oid = operator JOIN pg_type ON pg_type.oid = oprright,
pg_attribute AS own, pg_attribute AS there
WHERE contype = 'f' AND own.attrelid = conrelid AND own.attnum = pair.own
AND there.attrelid = confrelid AND there.attnum = pair.there ORDER BY 1, 2
"""
"""By the place of a column: the operator between target and column, the type that the column is then of, and the
collations. All that are deterministic agree, and PostgreSQL takes the column's; one that is not may be either's.
"""

TRIGGERS = """
SELECT tgrelid, tgname, CASE coalesce(to_jsonb(pg_trigger) ->> 'tgparentid', '0') WHEN '0'
  THEN concat_ws(' ', tgenabled, pg_get_triggerdef(oid), pg_get_functiondef(tgfoid)) ELSE '' END
FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname
"""
"""With the definition, but for a partition's that PostgreSQL made after the whole's (it keeps that from version 13)."""

RULES = "SELECT ev_class, rulename FROM pg_rewrite WHERE rulename <> '_RETURN' ORDER BY rulename"

RIGHTS = """
SELECT pg_class.oid,
  ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    AND NOT has_column_privilege(attrelid, attnum, 'SELECT') ORDER BY attnum),
  ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    AND NOT has_column_privilege(attrelid, attnum, 'UPDATE') ORDER BY attnum),
  NOT has_table_privilege(pg_class.oid, 'DELETE')
FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition
AND NOT (has_table_privilege(pg_class.oid, 'SELECT') AND has_table_privilege(pg_class.oid, 'UPDATE')
  AND has_table_privilege(pg_class.oid, 'DELETE'))
"""
"""Of tables on which the user lacks a right: the columns it may not read, those it may not change, and whether it may
delete no row.
"""

HEIRS = """
SELECT inhparent, relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE relkind IN ('r', 'p', 'f') AND NOT relispartition ORDER BY relname
"""
"""Tables that inherit, and are no partitions."""

FOREIGN_PARTS = "SELECT oid, relname FROM pg_class WHERE relkind = 'f' AND relispartition ORDER BY relname"

NAMES = """
SELECT pg_class.oid, nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p')
"""


_BESIDE = {"m": "materialized view", "f": "foreign table"}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`listed`: the schema and name of each table that is looked at. A partition is a part of a whole."""

    connection: sa.Connection
    listed: Mapping[int, tuple[str, str]]
    beside: Mapping[str, str]
    elsewhere: tuple[str, ...]
    parts: Mapping[int, int]
    columns: Mapping[tuple[int, int], str]

    @classmethod
    def of(cls, connection: sa.Connection) -> Catalogue:
        asked = connection.exec_driver_sql
        there = asked(TABLES).all()
        listed = {oid: (schema, name) for oid, schema, name, kind, found in there if found and kind not in _BESIDE}
        beside = {name: _BESIDE[kind] for _, _, name, kind, found in there if found and kind in _BESIDE}
        elsewhere = tuple(f"{schema}.{name}" for _, schema, name, _, found in there if not found)
        parts = {part: int(whole) for part, whole in asked(PARTS)}
        columns = {(oid, number): name for oid, number, name in asked(COLUMNS)}
        return cls(connection, listed, beside, elsewhere, parts, columns)

    def whole(self, table: int) -> int:
        """The table that this one is a part of, or itself."""
        return self.parts.get(table, table)

    def name(self, table: int) -> str | None:
        """What the table, or the one it is a part of, is called, if it is looked at."""
        found = self.listed.get(self.whole(table))
        return found and found[1]

    def named(self, table: int, numbers: Iterable[int]) -> tuple[str, ...]:
        """Its columns by their numbers; 0 is an expression, and has no name."""
        return tuple(self.columns[table, number] for number in numbers if number > 0)

    def about(self, asked: str) -> Iterator[tuple[str, int, Any]]:
        """The answers about tables that are looked at: what each is called, its number, and the rest of the answer."""
        for table, *rest in self.connection.exec_driver_sql(asked).all():
            name = self.name(table)
            if name is not None:
                yield name, table, rest

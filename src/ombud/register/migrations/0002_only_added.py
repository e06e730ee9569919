"""Histories are only added: the database itself refuses to change them.

A table that a later migration alters is made anew by SQLite, and loses its triggers: make them again there.
"""

# mypy: allow-subclassing-any

from __future__ import annotations

from typing import Any

from django.db import migrations

ADDED = ("ombud_event", "ombud_consent")

_SQLITE = (
    "CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'only added'); END",
    "CREATE TRIGGER {table}_never_removed BEFORE DELETE ON {table} WHEN NOT ({over}) "
    "BEGIN SELECT RAISE(ABORT, 'only added'); END",
)

_POSTGRESQL = (
    "CREATE FUNCTION {table}_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' THEN IF {over} THEN RETURN OLD; END IF; END IF; "
    "RAISE EXCEPTION 'only added' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION {table}_only_added()",
    "CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_added()",
)

_OVER = {
    "ombud_event": "EXISTS (SELECT 1 FROM ombud_request WHERE ombud_request.id = OLD.request_id AND forgotten)",
    "ombud_consent": "EXISTS (SELECT 1 FROM ombud_person WHERE ombud_person.id = OLD.person_id AND forgotten)",
}
"""When a row may go: its request's time is over, or its person's."""


def add_triggers(_: Any, editor: Any) -> None:
    for table in ADDED:
        for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
            editor.execute(statement.format(table=table, over=_OVER[table]), params=None)


class Migration(migrations.Migration):
    dependencies = (("ombud_register", "0001_tables"),)
    operations = (migrations.RunPython(add_triggers, elidable=False),)

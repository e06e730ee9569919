"""Which right the user of a database lacks, and on what: where the engine itself names it, and nobody's trigger."""

from __future__ import annotations

import re
from dataclasses import dataclass

ALL = "docs/reference/cli.md lists all that is needed"

MEMORY = "GRANT USAGE ON SCHEMA ombud TO role; GRANT SELECT ON ALL TABLES IN SCHEMA ombud TO role;"
"""What reading needs of ombud's own schema."""

_CHECKED = frozenset({"aclcheck_error", "check_enable_rls", "InitTempTableNamespace"})
"""Where PostgreSQL itself refuses a right: a trigger may say the same words, with anything in them."""

_NAMED = re.compile(r"permission denied for (?:table|view|relation|materialized view|sequence) (?P<table>[\w$]+)")
_SCHEMA = re.compile(r"permission denied for schema (?P<schema>[\w$]+)")
_OWNED = re.compile(r"must be owner of (?:table|relation|schema|index) (?P<owned>[\w$]+)")
_HIDDEN = re.compile(r'query would be affected by row-level security policy for table "(?P<hidden>[\w$]+)"')
_MARIADB = re.compile(r"(?P<right>[A-Z, ]+) command denied to user .* for (?:table|column) .*[`'](?P<table>[\w$]+)[`']")
_WRITTEN = re.compile(r"\b(INSERT|UPDATE|DELETE)(?: INTO| FROM)? +([\w$.\"]+)")
_LOCKED = re.compile(r"\bFOR (?:NO KEY )?UPDATE\b|\bFOR (?:KEY )?SHARE\b")


@dataclass(frozen=True, slots=True)
class Denied:
    """What the user may not do, and what to grant."""

    message: str
    hint: str


def denied(own: object, statement: str) -> Denied:
    """What a driver's error says of a right that was refused to a statement; no more than that, where it is not known.

    The words of the error are read as far as they name what the database has: no value of a row stands there.
    """
    diag = getattr(own, "diag", None)
    if diag is not None and getattr(diag, "source_function", None) in _CHECKED:
        return _postgresql(str(diag.message_primary or ""), statement)
    if diag is None and (found := _MARIADB.fullmatch(str([*getattr(own, "args", ()), "", ""][1]))):
        return _table(found["table"], found["right"])
    return Denied("the user lacks a right", f"grant it: {ALL}")


def _postgresql(words: str, statement: str) -> Denied:
    if found := _NAMED.fullmatch(words):
        return _table(_qualified(found["table"], statement), _right(found["table"], statement))
    if found := _SCHEMA.fullmatch(words):
        return _schema(found["schema"], statement)
    if found := _OWNED.fullmatch(words):
        name = _qualified(found["owned"], statement)
        return Denied(f"the user does not own {name}", "plan and apply as one user, who makes ombud's tables")
    if found := _HIDDEN.fullmatch(words):
        message = f"row security hides rows of {found['hidden']} from the user"
        return Denied(message, "ombud has to see all rows: let its user own the table, or ALTER ROLE … BYPASSRLS")
    if "TEMP" in statement:
        return Denied("the user may not make temporary tables", f"GRANT TEMPORARY ON DATABASE … TO role; {ALL}")
    return Denied("the user may not make the schema ombud", f"GRANT CREATE ON DATABASE … TO role; {ALL}")


def _table(name: str, right: str) -> Denied:
    verb = "read" if right == "SELECT" else "lock rows of" if right == "SELECT, UPDATE" else "write"
    lacks = "" if right == "SELECT" else f" ({right})"
    hint = MEMORY if right == "SELECT" and name.startswith("ombud.") else f"GRANT {right} ON {name} TO role;"
    return Denied(f"the user may not {verb} {name}{lacks}", f"{hint} {ALL}")


def _schema(name: str, statement: str) -> Denied:
    if statement.lstrip().startswith("CREATE"):
        return Denied(f"the user may not make tables in the schema {name}", f"GRANT CREATE ON SCHEMA {name} TO role;")
    hint = MEMORY if name == "ombud" else f"GRANT USAGE ON SCHEMA {name} TO role;"
    return Denied(f"the user may not use the schema {name}", f"{hint} {ALL}")


def _right(name: str, statement: str) -> str:
    """What was tried with a table."""
    if statement.startswith("LOCK TABLE"):
        return "UPDATE"
    for verb, target in _WRITTEN.findall(statement):
        if target.rpartition(".")[2].strip('"') == name:
            return str(verb)
    return "SELECT, UPDATE" if _LOCKED.search(statement) else "SELECT"


def _qualified(name: str, statement: str) -> str:
    return f"ombud.{name}" if re.search(rf'\bombud\."?{re.escape(name)}\b', statement) else name

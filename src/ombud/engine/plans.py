"""A plan as a file: what is due by table, why, and hashes of everything it was made from. No personal data, no keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, field
from datetime import date
from typing import Any

from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema

FORMAT = 2
"""How a plan is written: since 2 with the reasons. 1 is read too."""


@dataclass(frozen=True, slots=True)
class Reason:
    """In `rows` of the due rows of a table, the claim of `purpose` is over, because of `why`."""

    purpose: str
    why: str
    rows: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """So many `rows` of a table stay because of `why`, which names the column where it is one."""

    why: str
    rows: int


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Of `rows` in a table, how many go, stay as shells, lose cells (by name), and how many are touched at all.

    `because` says why, `doubt` what stays only because something is not known; an older plan says neither.
    """

    rows: int
    deleted: int = 0
    shells: int = 0
    blanked: Mapping[str, int] = field(default_factory=dict)
    touched: int = 0
    because: tuple[Reason, ...] = ()
    doubt: tuple[Doubt, ...] = ()

    @property
    def share(self) -> float:
        """Percent of the table's rows that the plan touches."""
        return 100 * self.touched / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What is due in one source. `schema` hashes each mapped table; `refused` says why the source is not planned."""

    schema: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, TablePlan] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What was due on `day`. `policy` and `datamap` hash files by name; `marks` is the newest mark it knows."""

    id: str
    day: date
    made: str
    forecast: bool
    marks: int
    share: int
    policy: Mapping[str, str]
    datamap: Mapping[str, str]
    sources: Mapping[str, SourcePlan]


class NotAPlan(Exception):
    """The text is not a plan that this version can read. The message says where it stops being one."""


def written(plan: Plan) -> str:
    """The plan as JSON, the same text for the same plan."""
    said = asdict(plan) | {"ombud": FORMAT, "day": plan.day.isoformat()}
    order = ["ombud", "id", "day", "made", "forecast", "marks", "share", "sources", "policy", "datamap"]
    return json.dumps({name: said[name] for name in order}, indent=2, ensure_ascii=False) + "\n"


def read(text: str) -> Plan:
    """The plan in a text. Raises NotAPlan."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise NotAPlan("it is not JSON") from None
    top = _mapping(said, "the plan")
    if top.get("ombud") not in (1, FORMAT):
        raise NotAPlan(f'it does not say `"ombud": {FORMAT}`')
    try:
        day = date.fromisoformat(_of(top, "day", str))
    except ValueError:
        raise NotAPlan("`day` is not a day") from None
    return Plan(
        _of(top, "id", str),
        day,
        _of(top, "made", str),
        _of(top, "forecast", bool),
        _of(top, "marks", int),
        _of(top, "share", int),
        _texts(top, "policy"),
        _texts(top, "datamap"),
        {name: _source(_mapping(each, name)) for name, each in _mapping(top.get("sources"), "sources").items()},
    )


def _source(said: Mapping[str, Any]) -> SourcePlan:
    refused = _of(said, "refused", list)
    tables = {name: _table(_mapping(each, name)) for name, each in _mapping(said.get("tables"), "tables").items()}
    return SourcePlan(_texts(said, "schema"), tables, tuple(str(each) for each in refused))


def _table(said: Mapping[str, Any]) -> TablePlan:
    numbers = [_of(said, name, int) for name in ("rows", "deleted", "shells", "touched")]
    blanked = _mapping(said.get("blanked"), "blanked")
    if not all(isinstance(each, int) for each in blanked.values()):
        raise NotAPlan("`blanked` is not numbers by name")
    because = [Reason(_of(each, "purpose", str), *_why(each)) for each in _listed(said, "because")]
    doubt = [Doubt(*_why(each)) for each in _listed(said, "doubt")]
    return TablePlan(numbers[0], numbers[1], numbers[2], dict(blanked), numbers[3], tuple(because), tuple(doubt))


def _listed(said: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Of what a plan of the first format does not say: nothing."""
    return [_mapping(each, name) for each in (_of(said, name, list) if name in said else ())]


def _why(said: Mapping[str, Any]) -> tuple[str, int]:
    return _of(said, "why", str), _of(said, "rows", int)


def _mapping(said: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(said, dict):
        raise NotAPlan(f"`{what}` is missing, or not names with what each says")
    return said


def _texts(said: Mapping[str, Any], name: str) -> Mapping[str, str]:
    found = _mapping(said.get(name), name)
    if not all(isinstance(each, str) for each in found.values()):
        raise NotAPlan(f"`{name}` is not hashes by name")
    return found


def _of(said: Mapping[str, Any], name: str, kind: type[Any]) -> Any:
    value = said.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise NotAPlan(f"`{name}` is missing, or not what it should be")
    return value


# --- hashes of what a plan was made from ------------------------------------------------------------------------


def schema_hashes(source: SourceMap, schema: Schema) -> dict[str, str]:
    """By mapped table: the SHA-256 of its columns, key, triggers and what they do, and of each of its references."""
    return {name: _hash(schema, name) for name in sorted(source.tables) if name in schema.tables}


def _hash(schema: Schema, name: str) -> str:
    table = schema.tables[name]
    said = {
        "schema": table.schema,
        "columns": sorted(astuple(column) for column in table.columns.values()),
        "key": table.key,
        "triggers": (table.triggers, table.acts),
        "hazards": table.hazards,
        "atomic": table.atomic,
        "references": [asdict(r) for r in schema.references if name in (r.table, r.to)],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The names whose hashes differ, or that are on one side only."""
    return tuple(sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name)))

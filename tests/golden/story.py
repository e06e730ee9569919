"""A golden story, read from its folder: what the files say, and nothing of how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from ombud.datamap import identity
from ombud.datamap.load import load_text
from ombud.datamap.model import DataMap
from ombud.policy.load import load as load_policy
from ombud.policy.model import Policy
from ombud.terms import Act, IdRef, KeyRef, Mark, Ref

SOURCE = "shop"
"""The one database that a story is about."""

digest = partial(identity.digest, b"a secret of the stories")

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Rows by table, as the files write them: days and instants are text."""


@dataclass(frozen=True)
class Column:
    """`integer key`, `text not null`, `integer to customer cascade`: a type, and what else the database declares."""

    type: str
    key: bool
    required: bool
    to: str
    cascade: bool


@dataclass(frozen=True)
class Story:
    """`days` says what the application does before each day's sweep; `left` what it changes, by table and key."""

    title: str
    text: str
    policy: Policy
    datamap: DataMap
    tables: Mapping[str, Mapping[str, Column]]
    rows: Rows
    marks: tuple[Mark, ...]
    trigger: Mapping[str, Any]
    told: list[str]
    days: Mapping[date, list[Mapping[str, Any]]]
    left: Mapping[date, Mapping[str, Any]]

    def key(self, table: str) -> str | None:
        """The key's column; None where the table has none."""
        return next((name for name, column in self.tables[table].items() if column.key), None)


def tell(folder: Path) -> Story:
    """Read the story of a folder through the loaders that users' files go through."""
    text = (folder / "story.md").read_text(encoding="utf-8")
    policy, wrong = load_policy(folder / "policy")
    assert policy is not None, "\n".join(map(str, wrong))
    datamap, wrong = load_text({"map.yaml": (folder / "map.yaml").read_text(encoding="utf-8")}, policy)
    assert datamap is not None, "\n".join(map(str, wrong))
    before, after = _yaml(folder / "before.yaml"), _yaml(folder / "after.yaml")
    tables = {
        name: {column: _column(words) for column, words in table["columns"].items()}
        for name, table in before["tables"].items()
    }
    return Story(
        title=text.partition("\n")[0],
        text=text,
        policy=policy,
        datamap=datamap,
        tables=tables,
        rows={name: _rows(tables[name], table) for name, table in before["tables"].items()},
        marks=tuple(_mark(seq, said) for seq, said in enumerate(before.get("marks", ()), 1)),
        trigger=before.get("trigger", {}),
        told=before.get("told", []),
        days={day: [_written(deed) for deed in deeds or ()] for day, deeds in before["days"].items()},
        left={day: _written(changes or {}) for day, changes in after.items()},
    )


def expected(story: Story, before: Rows, day: date) -> Rows:
    """The rows that the day's sweep leaves: those of before, with what the story says of this day and nothing else."""
    after = {name: list(rows) for name, rows in before.items()}
    for name, changes in story.left[day].items():
        key = story.key(name)
        if key is None:
            after[name] = [*after[name], *changes["new"]]
            continue
        known = {row[key]: row for row in after[name]}
        assert changes.keys() <= known.keys(), f"{day}: the story changes rows of {name} that are not there"
        after[name] = [{**row, **changes.get(k, {})} for k, row in known.items() if changes.get(k) != "gone"]
    return after


def _yaml(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def _written(value: Any) -> Any:
    """Days as text, at any depth."""
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {key: _written(each) for key, each in value.items()}
        case list():
            return [_written(each) for each in value]
    return value


def _column(words: str) -> Column:
    type, *more = words.split()
    to = more[more.index("to") + 1] if "to" in more else ""
    return Column(type, "key" in more, "not" in more, to, "cascade" in more)


def _rows(columns: Mapping[str, Column], table: Mapping[str, Any]) -> list[Row]:
    rows = [dict.fromkeys(columns) | row for each in table.get("rows", ()) for row in _repeated(_written(each))]
    assert all(row.keys() == columns.keys() for row in rows), "a row has a column that its table has not"
    return rows


def _repeated(row: Row) -> list[Row]:
    """`each: [1, 50]` is fifty rows, with their number as the key and where a text says `{n}`."""
    if "each" not in row:
        return [row]
    first, last = row.pop("each")
    fill = {name: value for name, value in row.items() if isinstance(value, str)}
    return [
        {**row, "id": n} | {name: value.replace("{n}", str(n)) for name, value in fill.items()}
        for n in range(first, last + 1)
    ]


def _mark(seq: int, said: Mapping[str, Any]) -> Mark:
    who = frozenset(_ref(each) for each in said["who"])
    return Mark(seq, said["day"], Act(said["act"]), who, said.get("purpose"))


def _ref(who: Mapping[str, Any]) -> Ref:
    """`{email: …}` names a person by identifier, `{customer: 1, born: …}` by the row of that subject."""
    (word, value), *more = who.items()
    if more:
        return KeyRef(SOURCE, word, (value,), str(who["born"]))
    return IdRef(word, digest(word, value))

"""A small shop whose customers, orders and letters the oracle's stories are told about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ombud.claims.sweep import sweep
from ombud.claims.verdict import judge
from ombud.claims.world import RowId, World
from ombud.datamap.model import (
    Binding,
    Blank,
    Cell,
    DataMap,
    Encoding,
    FromColumn,
    IdentifierColumn,
    IsCompany,
    IsSubject,
    Kind,
    Link,
    MomentRule,
    SourceMap,
    Subject,
    Table,
    TimeColumn,
)
from ombud.datamap.schema import Schema
from ombud.policy.model import Add, Basis, BasisKind, Clock, Company, OnErasure, Policy, Purpose, Use
from ombud.terms import Act, IdRef, KeyRef, Mark, Period, Ref, Verdict

YEAR = (Add(Period(years=1)),)


def purpose(id: str, basis: BasisKind, data: str, start: str, **more: Any) -> Purpose:
    return Purpose(id, (Basis(basis),), frozenset(data.split()), Clock(start, YEAR), OnErasure.REVIEW, **more)


PURPOSES = {
    "deliver": purpose("deliver", BasisKind.CONTRACT, "contact", "ended"),
    "books": purpose("books", BasisKind.LEGAL_OBLIGATION, "bill", "booked"),
    "news": purpose("news", BasisKind.CONSENT, "contact", "ended", uses=frozenset({Use.DIRECT_MARKETING})),
}
COMPANIES = {name: Company(name, name) for name in ("alfa", "beta")}
POLICY = Policy("Europe/Stockholm", COMPANIES, dict.fromkeys(COMPANIES, PURPOSES), undo=30)


def at(name: str) -> TimeColumn:
    return TimeColumn(name, Encoding.DATE)


def day_in(name: str) -> MomentRule:
    return FromColumn((at(name),))


def cell(name: str, category: str = "contact", **more: Any) -> Cell:
    return Cell(name, name, category, blank=more.pop("blank", Blank(None)), **more)


def kind(purposes: str, moments: Mapping[str, MomentRule], *cells: Cell, **more: Any) -> Kind:
    bindings = tuple(Binding(name) for name in purposes.split())
    return Kind(more.get("name", "row"), more.get("when", ()), bindings, moments, {each.name: each for each in cells})


def table(name: str, *kinds: Kind, links: Iterable[Link] = (), **more: Any) -> Table:
    company = more.pop("company", IsCompany("alfa"))
    return Table(name, ("id",), company, kinds, {link.name: link for link in links}, born=at("born"), **more)


CUSTOMER = table("customer", kind("deliver", {"ended": day_in("ended")}, cell("name")), owners=(IsSubject("customer"),))
CUSTOMERS = Subject("customer", "customer", (IdentifierColumn("email", "email"),))


def digest(kind: str, value: object) -> str:
    return str(value or "").strip().casefold()


class Shop:
    """Tables and rows, marks set so far, and what becomes of them. Days are written in ISO."""

    def __init__(self, *tables: Table, schema: Schema | None = None, **rows: list[dict[str, Any]]) -> None:
        mapped = {each.name: each for each in tables}
        self.datamap = DataMap({"crm": SourceMap("crm", mapped, {"customer": CUSTOMERS})})
        stored = {name: tuple({"born": "2020-01-01"} | row for row in rows.get(name, ())) for name in (*mapped, *rows)}
        self.world = World({"crm": stored}, {"crm": schema} if schema else {})
        self.marks: tuple[Mark, ...] = ()

    def mark(self, act: Act, day: str, *refs: Ref, purpose: str | None = None) -> None:
        self.marks += (Mark(len(self.marks), date.fromisoformat(day), act, frozenset(refs), purpose),)

    def judged(self, day: str) -> dict[str, Verdict]:
        """The verdicts, by table and key written as `orders 1`."""
        found = judge(POLICY, self.datamap, self.world, self.marks, date.fromisoformat(day), digest)
        return {name(row): verdict for row, verdict in found.items()}

    def swept(self, day: str) -> Shop:
        """Sweeps, and is the shop after it."""
        self.world, _ = sweep(POLICY, self.datamap, self.world, self.marks, date.fromisoformat(day), digest)
        return self

    def rows(self, table: str) -> dict[int, dict[str, Any]]:
        return {row["id"]: dict(row) for row in self.world.tables["crm"][table]}

    def insert(self, table: str, row: dict[str, Any]) -> None:
        rows = (*self.world.tables["crm"][table], {"born": "2020-01-01"} | row)
        self.world = replace(self.world, tables={"crm": {**self.world.tables["crm"], table: rows}})


def name(row: RowId) -> str:
    return f"{row[1]} {row[2][0]}"


def customer(key: int, born: str = "2020-01-01") -> KeyRef:
    return KeyRef("crm", "customer", (key,), born)


def email(address: str) -> IdRef:
    return IdRef("email", digest("email", address))

"""The statements of a source, step by step, as a plan and its apply would run them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ombud.plan.sheet import CompanyStep, MomentStep, OwnerStep, RootStep, steps
from ombud.sql.circles import Circles
from ombud.sql.effects import Effects
from ombud.sql.facts import Facts
from ombud.sql.filling import Filling
from ombud.sql.freeze import Freezer
from ombud.sql.judge import Judge
from ombud.sql.moments import Moments
from ombud.sql.owners import Owners
from ombud.sql.pick import Picker
from ombud.sql.remember import Rememberer

BATCH = 1000
"""Rows of a batch, where statements say how many."""

Build = tuple[str, Iterable[Any]]
"""A table, and statements for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step does, in a sentence, and its statements, each with the table that it is about."""

    name: str
    says: str
    statements: tuple[tuple[str, Any], ...]


def judging(judge: Judge, plan: str) -> Iterator[Step]:
    """What works out which rows are due, and freezes them under a plan's id."""
    names, facts = judge.read.names, Facts(judge.read)
    filling, owners, moments = Filling(facts), Owners(facts), Moments(facts)
    order = [step for step in steps(names.source) if step not in filling.done]
    freezer = Freezer(judge, plan)
    swept = [names.source.tables[name] for name in names.order]
    yield _step(
        "facts",
        "What each row's own columns say, and what its links find: their companies and clocks, where these are known.",
        ((t.name, [filling.fill(t)]) for t in filling.order),
    )
    yield _step(
        "links",
        "What links in a circle find, and how that went.",
        ((t.name, _known(facts.follow(t, filling.left(t)))) for t in filling.order),
    )
    yield _step(
        "companies", "Whose each row is, where that comes through a link.",
        ((s.table, [facts.company(s)]) for s in order if isinstance(s, CompanyStep)),
    )  # fmt: skip
    yield _step(
        "roots", "Whose claims each row has: its own, or those of what it follows; and whether that is in doubt.",
        ((s.table, [facts.root(s)]) for s in order if isinstance(s, RootStep)),
    )  # fmt: skip
    yield _step(
        "owners", "Whom each row is about, one rule at a time.",
        ((s.table, [owners.fill(s)]) for s in order if isinstance(s, OwnerStep)),
    )  # fmt: skip
    yield _step(
        "moments", "When each row's clocks started, where other rows say it, one rule at a time.",
        ((s.table, moments.fill(s)) for s in order if isinstance(s, MomentStep)),
    )  # fmt: skip
    yield _step(
        "due",
        "Which rows go, and which cells are blanked: frozen under the plan.",
        ((t.name, [freezer.freeze(t)]) for t in swept),
    )
    yield _step(
        "pins",
        "Rows that others lean on stay as shells; repeated until nothing changes.",
        ((t.name, freezer.pin(t)) for t in swept),
    )
    if names.holding_on:
        circles = Circles(freezer)
        told = [*circles.wait(), *circles.let_go(), *circles.hold()]
        yield _step("circles", "Rows that hold on to one another stay; the second third is repeated.", [("", told)])


def acting(judge: Judge, plan: str) -> Iterator[Step]:
    """What one batch of each table does, in the order in which tables are swept."""
    names, freezer = judge.read.names, Freezer(judge, plan)
    swept = [(names.source.tables[name], Effects(judge, freezer, names.source.tables[name])) for name in names.order]

    def each(build: Any) -> Iterator[Build]:
        yield from ((table.name, build(table, effects)) for table, effects in swept)

    yield _step("pick", "The next rows of the batch.", each(lambda t, e: [Picker(freezer, t).pick(BATCH)]))
    yield _step("again", "Of the picked rows, what was frozen and is still so.", each(lambda t, e: [e.judge_again()]))
    yield _step(
        "memo",
        "What a row that goes said of others is written beside these.",
        each(lambda t, e: (s for _, memos in Rememberer(judge, t).parts() for s in memos())),
    )
    yield _step("files", "Files that cells name, and that go, are kept in the outbox.", each(lambda t, e: e.files()))
    yield _step("unlink", "Rows that stay lose their reference to rows that go.", each(lambda t, e: e.unlink()))
    yield _step(
        "blank",
        "Cells that nothing holds are blanked; the others stay to the byte.",
        each(lambda t, e: _known(e.blank())),
    )
    yield _step("delete", "The rows that go.", each(lambda t, e: [e.delete()]))
    yield _step("forget", "What was remembered of a row goes with it.", each(lambda t, e: [e.forget()]))
    yield _step(
        "receipt",
        "The batch is done, and how many rows and cells it changed.",
        each(lambda t, e: e.finished()),
    )


def _known(statement: Any) -> list[Any]:
    return [] if statement is None else [statement]


def _step(name: str, says: str, built: Iterable[Build]) -> Step:
    return Step(name, says, tuple((table, statement) for table, statements in built for statement in statements))

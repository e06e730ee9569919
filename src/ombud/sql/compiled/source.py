"""Everything that would run for a source on an engine: step by step, each statement said, or refused and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ombud.datamap.model import SourceMap
from ombud.datamap.schema import Schema
from ombud.policy.model import Policy
from ombud.sql.compiled.families import columns_of
from ombud.sql.compiled.neutral import neutral
from ombud.sql.compiled.refused import Unsayable
from ombud.sql.compiled.say import Sayer
from ombud.sql.compiled.steps import Step, acting, judging
from ombud.sql.compiled.targets import Target
from ombud.sql.judge import Judge
from ombud.sql.names import Names
from ombud.sql.read import Reader

PLAN = "PLAN"
"""Stands for a plan's id."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a step, about a table: its `text`, or why it is `refused`."""

    step: Step
    table: str
    text: str
    refused: str


def clashes(schema: Schema, target: Target) -> Iterator[str]:
    """Names that the engine takes for one, in words."""
    listed = {"tables": list(schema.tables), **{f"columns of {n}": list(t.columns) for n, t in schema.tables.items()}}
    for what, names in listed.items() if target.folds else ():
        folded = [each.casefold() for each in names]
        same = sorted(each for each in names if folded.count(each.casefold()) > 1)
        if same:
            yield f"{target.title} takes names for one that differ by case alone: {what} {', '.join(same)}"


def said(
    policy: Policy, source: SourceMap, schema: Schema, today: date, target: Target, table: str = ""
) -> Iterator[Said]:
    """What judges and what acts on a day, for all tables or one. The map is settled, and the engine serves it."""
    names = Names(source, schema, neutral(target.name, target.title))
    judge = Judge(policy, Reader(names, policy.zone, today, tuple(policy.companies)))
    steps = [*judging(judge, PLAN), *acting(judge, PLAN)]
    sayer = Sayer(target, columns_of(names))
    for step in steps:
        for about, statement in step.statements:
            if table and about != table:
                continue
            try:
                yield Said(step, about, sayer.say(statement), "")
            except Unsayable as error:
                yield Said(step, about, "", str(error))

"""The vectors of `spec/vectors/`, read by the oracle."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ombud.claims.calendar import FiscalYears, last_day, moment_of
from ombud.claims.live import on_row
from ombud.claims.moments import pick
from ombud.claims.read import Reading
from ombud.claims.world import World
from ombud.datamap.model import (
    Binding,
    ColumnMark,
    DataMap,
    Encoding,
    FromColumn,
    IdentifierColumn,
    IsCompany,
    IsSubject,
    Kind,
    Pick,
    SourceMap,
    Subject,
    Table,
    TimeColumn,
)
from ombud.policy.model import (
    Add,
    Basis,
    BasisKind,
    Clock,
    ClockStep,
    Company,
    EndOf,
    Inclusive,
    OnErasure,
    Policy,
    Purpose,
    Use,
)
from ombud.terms import Act, IdRef, KeyRef, Mark, Moment, Never, NotYet, OnDay, Unknown, parse_period

VECTORS = Path(__file__).parents[2] / "spec" / "vectors"


def vectors(file: str, *names: str) -> list[Any]:
    """Each vector, named by what it says."""
    read = json.loads((VECTORS / file).read_text("utf-8"))
    return [pytest.param(each, id=each.get("says", str(n))) for name in names for n, each in enumerate(read[name])]


# --- clocks -----------------------------------------------------------------------------------------------------


READERS: dict[str, Callable[[Any], ClockStep]] = {
    "add": lambda text: Add(parse_period(text)),
    "end_of": EndOf,
    "inclusive": lambda _: Inclusive(),
}


def steps_of(vector: dict[str, Any]) -> tuple[ClockStep, ...]:
    return tuple(READERS[name](said) for step in vector["steps"] for name, said in step.items())


def years_of(vector: dict[str, Any]) -> FiscalYears:
    said = json.loads((VECTORS / "clocks.json").read_text("utf-8"))["years"].get(vector.get("years"))
    if said is None:
        return ()
    starts = [date(year, said["month"], 1) for year in range(said["from"], said["through"] + 2)]
    return tuple((starts[n], starts[n + 1] - timedelta(days=1)) for n in range(len(starts) - 1))


@pytest.mark.parametrize("vector", vectors("clocks.json", "last_days"))
def test_a_clock_ends_where_the_vector_says(vector: dict[str, Any]) -> None:
    ends = last_day(date.fromisoformat(vector["day"]), steps_of(vector), years_of(vector))
    assert ends == (date.fromisoformat(vector["last_day"]) if vector["last_day"] else None)


@pytest.mark.parametrize("vector", vectors("clocks.json", "cutoffs"))
def test_the_cutoff_is_the_earliest_day_still_live(vector: dict[str, Any]) -> None:
    today, cutoff = date.fromisoformat(vector["today"]), date.fromisoformat(vector["cutoff"])
    for back in range(1000):
        ends = last_day(cutoff - timedelta(days=back + 1), steps_of(vector), years_of(vector))
        assert ends is not None
        assert ends < today
        ends = last_day(cutoff + timedelta(days=back), steps_of(vector), years_of(vector))
        assert ends is not None
        assert ends >= today


# --- days and picks ---------------------------------------------------------------------------------------------


def said_moment(text: str) -> Moment:
    named: dict[str, Moment] = {"not yet": NotYet(), "unknown": Unknown(), "none": Never()}
    return named.get(text) or OnDay(date.fromisoformat(text))


def native(vector: dict[str, Any]) -> Any:
    """The driver's own value."""
    text = vector["native"]
    return date.fromisoformat(text) if vector["encoding"] == "date" else datetime.fromisoformat(text)


@pytest.mark.parametrize("vector", vectors("days.json", "values"))
def test_a_value_says_the_moment_that_the_vector_says(vector: dict[str, Any]) -> None:
    value = native(vector) if "native" in vector else vector["value"]
    absent = tuple(vector.get("absent", ()))
    column = TimeColumn("at", Encoding(vector["encoding"]), vector.get("zone", "UTC"), absent)
    assert moment_of(value, column, "Europe/Stockholm") == said_moment(vector["moment"])


@pytest.mark.parametrize("vector", vectors("picks.json", "picks"))
@pytest.mark.parametrize("how", list(Pick))
def test_the_first_or_last_of_moments_is_as_the_vector_says_in_any_order(vector: dict[str, Any], how: Pick) -> None:
    moments = [said_moment(text) for text in vector["of"]]
    wanted = said_moment(vector[how])
    assert pick(how, moments) == wanted
    assert pick(how, reversed(moments)) == wanted
    assert pick(how, [pick(how, moments[:1]), pick(how, moments[1:])]) == wanted


# --- marks ------------------------------------------------------------------------------------------------------

HER, PERHAPS = KeyRef("crm", "customer", (1,), "2023-01-01"), IdRef("email", "email:shared")


def one_customer(vector: dict[str, Any]) -> tuple[Policy, DataMap, World]:
    """Two customers who share an address, and one purpose; consent columns where the vector has them."""
    uses = frozenset({Use.DIRECT_MARKETING}) if vector.get("marketing") else frozenset()
    basis = Basis(BasisKind(vector["basis"]))
    purpose = Purpose("this", (basis,), frozenset(), Clock("ended"), OnErasure.REVIEW, uses=uses)
    policy = Policy("Europe/Stockholm", {"alfa": Company("alfa", "Alfa")}, {"alfa": {"this": purpose}}, undo=30)
    day = {name: TimeColumn(name, Encoding.DATE) for name in ("born", "ended", "consented", "withdrawn")}
    kind = Kind("row", (), (Binding("this"),), {"ended": FromColumn((day["ended"],))}, {})
    consent = ColumnMark("this", day["consented"], day["withdrawn"])
    table = Table(
        "customer",
        ("id",),
        IsCompany("alfa"),
        (kind,),
        owners=(IsSubject("customer"),),
        born=day["born"],
        marks=(consent,),
    )
    subject = Subject("customer", "customer", (IdentifierColumn("email", "email"),))
    said = {act: at for at, act, *rest in vector["marks"] if "column" in rest}
    rows = tuple(
        {"id": id, "email": "shared", "born": "2023-01-01", "ended": None} | (said if id == 1 else {}) for id in (1, 2)
    )
    return (
        policy,
        DataMap({"crm": SourceMap("crm", {"customer": table}, {"customer": subject})}),
        World({"crm": {"customer": rows}}),
    )


@pytest.mark.parametrize("vector", vectors("marks.json", "claims"))
def test_marks_end_and_protect_as_the_vector_says(vector: dict[str, Any]) -> None:
    policy, datamap, world = one_customer(vector)
    marks = [
        Mark(
            seq,
            date.fromisoformat(day),
            Act(act),
            frozenset({PERHAPS if "perhaps" in rest else HER}),
            "other" if "other" in rest else "this",
        )
        for seq, (day, act, *rest) in enumerate(vector["marks"])
        if "column" not in rest
    ]
    look = Reading(
        policy, datamap, world, marks, date(2024, 6, 30), lambda kind, value: f"{kind}:{value}" if value else ""
    )
    (claim,) = on_row(look, look.rows["crm", "customer"][0]).claims
    assert claim.live is vector["lives"], claim.reason

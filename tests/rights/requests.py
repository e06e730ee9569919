"""Requests for stories: one that goes its way, stopped wherever a story begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from ombud.rights.commands import Command
from ombud.rights.events import (
    CarriedOut,
    Collected,
    Decided,
    Delivered,
    Event,
    Find,
    Found,
    Happened,
    Identified,
    Received,
)
from ombud.rights.life import step
from ombud.rights.model import Proof, Request, RequestKind
from ombud.rights.next import todo
from ombud.rights.rules import CHANGES, Rules

MONDAY = date(2026, 3, 2)
SOURCES = ("crm", "hr")


def received(kind: RequestKind = RequestKind.ACCESS, *, protected: bool = False) -> Received:
    return Received("r1", kind, MONDAY, protected=protected)


def lived(*events: Event, kind: RequestKind = RequestKind.ACCESS, rules: Rules | None = None) -> Request:
    """The request after these events, one a day from the day it came in; Received goes before them."""
    request = step(None, received(kind), MONDAY, rules)
    for n, event in enumerate(events, 1):
        request = step(request, event, MONDAY + timedelta(days=n), rules)
    return request


def asks(*events: Event, kind: RequestKind = RequestKind.ACCESS, named: bool = True) -> tuple[Command, ...]:
    """What it asks for after these events, on the day of the last."""
    today = MONDAY + timedelta(days=len(events))
    return todo(lived(*events, kind=kind), today, Rules(), named=named)


def known(*sources: str) -> tuple[Event, ...]:
    """It is known who asks, and all that the sources have."""
    found = sources or SOURCES
    return (Identified(Proof.CONTACT_POINT, found), *(Collected(source) for source in found))


def decided(kind: RequestKind, *tell: str) -> tuple[Event, ...]:
    """And it is decided."""
    return (*known(), Found(Find.CLEAR), Decided("a.lind", tell=tell))


def carried_out(kind: RequestKind, *tell: str) -> tuple[Event, ...]:
    """And carried out in every source."""
    done = tuple(CarriedOut(source) for source in SOURCES) if kind in CHANGES else ()
    return (*decided(kind, *tell), *done)


def delivered(kind: RequestKind, *tell: str) -> tuple[Event, ...]:
    """And the person has the answer."""
    return (*carried_out(kind, *tell), Delivered("post"))


def history(kind: RequestKind, events: Iterable[Event]) -> tuple[Happened, ...]:
    """The same events as they are kept."""
    days = (MONDAY + timedelta(days=n) for n in range(10_000))
    return tuple(Happened(one, event) for one, event in zip(days, (received(kind), *events), strict=False))

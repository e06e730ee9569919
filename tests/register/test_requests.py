"""A request gets its name once, its history is only added to, and who writes has read the newest."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import Error, connections, transaction

from ombud.register import Conflict, NotThere
from ombud.register.model import Incoming, SourcePart
from ombud.register.naming import read_name
from ombud.rights.model import Part, Pause, Proof, Request, RequestKind, State
from tests.register.conftest import ADA, BO, NOW, TODAY, entry, wish

if TYPE_CHECKING:
    from ombud.register.store import Store


def test_what_came_in_is_read_as_it_was_written(store: Store) -> None:
    said = replace(
        wish(RequestKind.OBJECT),
        company="north",
        purposes=("marketing", "newsletter"),
        language="en",
        proof=Proof.SESSION,
        pauses=(Pause(date(2026, 5, 3), date(2026, 5, 9)), Pause(TODAY)),
        extended="eight systems",
        extended_on=TODAY,
        ground="Art. 21(1)",
    )
    case = store.add_request(said, [ADA], entry())
    assert store.request(case.request.id) == case
    assert replace(case.request, id="") == said
    assert (case.entries, case.created, case.over_on) == (1, NOW, None)


def test_a_name_says_the_year_and_the_number_and_cannot_be_counted_up_to(store: Store) -> None:
    names = [store.add_request(wish(), [ADA], entry()).request.id for _ in range(3)]
    names.append(store.add_request(wish(day=date(2025, 12, 31)), [ADA], entry()).request.id)
    assert [name[:9] for name in names] == ["2026-0001", "2026-0002", "2026-0003", "2025-0001"]
    assert all(re.fullmatch(r"\d{4}-\d{4}-[0-9A-HJKMNP-TV-Z]{4}", name) for name in names)
    assert len({name[10:] for name in names}) > 1


def test_a_name_written_down_by_hand_is_read() -> None:
    assert read_name(" 2026 - oo42 - 7kql ") == "2026-0042-7KQ1"


def test_two_who_write_at_once_are_one_who_writes_and_one_who_is_told(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry())
    first = replace(case.request, state=State.IDENTITY)
    assert store.append(first, [entry("asked")], expected=case.entries) == 2
    with pytest.raises(Conflict):
        store.append(replace(case.request, state=State.WITHDRAWN), [entry("withdrawn")], expected=case.entries)
    assert store.request(case.request.id).request.state is State.IDENTITY
    assert [each.kind for each in store.history(case.request.id)] == ["received", "asked"]


def test_of_many_that_are_written_on_one_conflict_stops_all(store: Store) -> None:
    one, other = store.add_requests([Incoming(wish(), (who,), entry()) for who in (ADA, BO)])
    store.append(other.request, [entry("looked at")], expected=1)
    changed = [(replace(each.request, state=State.COLLECTING), [entry("known")], 1) for each in (one, other)]
    with pytest.raises(Conflict):
        store.append_many(changed)
    assert store.request(one.request.id) == one


def test_what_is_not_there_is_said_to_be_not_there(store: Store) -> None:
    with pytest.raises(NotThere):
        store.request("2026-0001-0000")
    with pytest.raises(NotThere):
        store.append(replace(wish(), id="2026-0001-0000"), [entry()], expected=1)
    with pytest.raises(NotThere):
        store.set_part("2026-0001-0000", SourcePart("crm", Part.DONE))


def test_a_history_is_numbered_and_its_notes_come_back(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry(note="she rang on Monday"))
    store.append(case.request, [entry("asked"), entry("answered", note="born in Ystad")], expected=1)
    told = store.history(case.request.id)
    assert [(each.number, each.kind, each.note) for each in told] == [
        (1, "received", "she rang on Monday"),
        (2, "asked", ""),
        (3, "answered", "born in Ystad"),
    ]
    assert told[0].payload == {"by": "web"}
    assert store.history(case.request.id, after=2) == told[2:]
    assert "Ystad" not in repr(told)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ombud_event SET kind = 'never happened'",
        "DELETE FROM ombud_event",
        "UPDATE ombud_consent SET act = 'given'",
        "DELETE FROM ombud_consent",
    ],
)
def test_the_database_itself_refuses_to_change_what_happened(store: Store, statement: str) -> None:
    from tests.register.test_consents import AGREED

    case = store.add_request(wish(), [ADA], entry())
    store.add_consent([ADA], AGREED)
    with pytest.raises(Error), transaction.atomic(using=store.alias):
        store._execute(statement, [])
    assert len(store.history(case.request.id)) == len(store.consents_of([ADA.digest])) == 1


def test_a_history_goes_with_no_request_that_is_not_over(store: Store) -> None:
    store.add_request(wish(), [ADA], entry())
    with pytest.raises(Error), transaction.atomic(using=store.alias):
        store._execute("UPDATE ombud_request SET forgotten = %s", [True])


def test_how_a_source_is_doing_stands_beside_what_the_request_says_of_it(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry())
    store.set_part(case.request.id, SourcePart("shop", Part.FAILED, 2, "C030"))
    store.set_part(case.request.id, SourcePart("hr", Part.DONE, 1, "", NOW))
    kept = store.request(case.request.id)
    assert kept.request.parts == {"crm": Part.PENDING, "hr": Part.DONE, "shop": Part.FAILED}
    assert kept.parts[1:] == (SourcePart("hr", Part.DONE, 1, "", NOW), SourcePart("shop", Part.FAILED, 2, "C030"))
    store.append(replace(case.request, parts={"crm": Part.DONE, "shop": Part.DONE}), [entry("done")], expected=1)
    assert [(each.source, each.part, each.attempts) for each in store.request(case.request.id).parts] == [
        ("crm", Part.DONE, 0),
        ("hr", Part.DONE, 1),
        ("shop", Part.DONE, 2),
    ]


def test_requests_are_listed_by_the_day_they_came_in(store: Store) -> None:
    late = store.add_request(wish(RequestKind.ERASE), [ADA], entry())
    early = store.add_request(wish(day=date(2026, 3, 1)), [BO], entry())
    closed = store.add_request(wish(), [BO], entry())
    store.append(replace(closed.request, state=State.CLOSED), [entry("closed")], expected=1)
    assert store.requests() == (early, late)
    assert store.requests(kind=RequestKind.ERASE) == (late,)
    assert [case.request.id for case in store.requests(open_only=False, state=State.CLOSED)] == [closed.request.id]


def test_open_requests_of_whoever_shares_a_hash_are_found_together(store: Store) -> None:
    late = store.add_request(wish(RequestKind.ERASE), [ADA], entry())
    early = store.add_request(wish(day=date(2026, 3, 1)), [BO], entry())
    closed = store.add_request(wish(), [BO], entry())
    store.append(replace(closed.request, state=State.CLOSED), [entry("closed")], expected=1)
    by_row = store.add_request(wish(), [], entry())
    assert store.open_with([late.person]) == (late,)
    assert store.open_with([closed.person]) == (early,)
    assert store.open_with([by_row.person, closed.person]) == (early, by_row)


def test_thousands_come_in_and_are_written_on_in_a_few_statements(store: Store) -> None:
    ran: list[str] = []
    many = [Incoming(wish(RequestKind.ERASE), (replace(ADA, digest=f"{n:064}"),), entry()) for n in range(2_000)]
    with connections[store.alias].execute_wrapper(listing(ran)):
        cases = store.add_requests(many)
        store.append_many([(replace(case.request, state=State.IDENTITY), [entry("asked")], 1) for case in cases])
        listed = store.requests(state=State.IDENTITY)
    assert [case.request.id for case in listed] == sorted(case.request.id for case in cases)
    assert len(ran) < 25


def listing(ran: list[str]) -> object:
    def run(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        ran.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]

    return run


def test_a_request_of_a_version_that_said_less_is_read_with_what_it_did_not_say(store: Store) -> None:
    case = store.add_request(wish(), [ADA], entry())
    store._execute("UPDATE ombud_request SET said = %s", ['{"kind": "access", "received": "2026-06-01", "gone": 1}'])
    assert store.request(case.request.id).request == Request(
        case.request.id, RequestKind.ACCESS, TODAY, parts=case.request.parts
    )

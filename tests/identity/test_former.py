"""What a protected person had before ties nothing to them: not an answer, nor an erasure, a correction or a sweep."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from ombud.app.applying import apply
from ombud.app.extracting import known_each
from ombud.app.known import Called, Person
from ombud.app.loaded import Refused
from ombud.app.marking import Wish, deliver, mark
from ombud.app.planning import plan
from ombud.app.requests.deciding import approve, review
from ombud.app.requests.desk import Asked, Desk, Opened
from ombud.app.requests.receiving import Incoming, receive
from ombud.app.requests.working import Worked, work
from ombud.documents.extract import About
from ombud.engine.answering import Bearer
from ombud.engine.plans import written
from ombud.rights.model import Proof, RequestKind, State
from ombud.terms import Act, IdRef, KeyRef
from tests.identity.people import MARKED
from tests.identity.shop import Shop, known, received
from tests.identity.test_at_the_desk import codes

NEW, OLD = "email=farid@x.example", "email=before@x.example"
BY_NUMBER = f"personnummer={MARKED.number}"

TICKETS = """\
  ticket:
    owner: {identifier: email, in: email, if_none: none}
    born: opened
    purposes: {delivery: all}
    moments: {ended: closed}
    columns: {email: contact.email, body: text}
"""


@pytest.fixture
def desk(corner: Shop) -> Iterator[Desk]:
    """The shop, where tickets are known by an address alone: Farid's are under the one he has and the one he had."""
    path = corner.folder / "datamap" / "shop.yaml"
    path.write_text(path.read_text("utf-8") + TICKETS, "utf-8")
    sql(
        corner,
        "CREATE TABLE ticket (id INTEGER PRIMARY KEY, email TEXT, opened DATE, closed DATE, body TEXT)",
        "INSERT INTO ticket VALUES (1, 'farid@x.example', '2026-02-01', NULL, 'Now'),"
        " (2, 'before@x.example', '2020-02-01', NULL, 'Then'), (3, 'gosta@x.example', '2020-02-01', NULL, 'Whose?')",
    )
    opened = corner.desk()
    yield opened
    opened.store.close()


def sql(corner: Shop, *statements: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(corner.folder / "shop.db")) as db, db:
        for each in statements:
            found = db.execute(each).fetchall()
        return found


def there(corner: Shop) -> tuple[set[object], set[object]]:
    """The customers and tickets that are there."""
    return tuple({id for (id,) in sql(corner, f"SELECT id FROM {table}")} for table in ("customer", "ticket"))  # type: ignore[return-value]


def erasure(desk: Desk, *subjects: str, protected: bool = True) -> Opened:
    """Asked, proven, looked at: to be approved."""
    opened = received(desk, *subjects, kind=RequestKind.ERASE, protected=protected)
    opened = known(desk, opened, Proof.STAFF, second="AO").opened
    return review(desk, opened, "KL") if opened.request.state is State.REVIEW else opened


def done(desk: Desk, opened: Opened) -> Worked:
    return work(desk, approve(desk, opened, "KL").id, by="KL")


def nightly(corner: Shop, desk: Desk) -> None:
    """A sweep of everybody, as every night."""
    made = plan(desk.loaded, (), None, lambda _: None)
    path = corner.folder / "plan.json"
    path.write_text(written(made.plan), encoding="utf-8")
    assert apply(desk.loaded, path, allow=True, progress=lambda *_: None).complete


# --- an erasure ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [NEW, OLD, BY_NUMBER])
def test_what_is_tied_by_what_was_had_before_stops_an_erasure_before_it_is_approved(
    corner: Shop, desk: Desk, named: str
) -> None:
    before = there(corner)
    opened = erasure(desk, named)
    with pytest.raises(Refused) as refused:
        approve(desk, opened, "KL")
    assert codes(refused) == ["C190"]
    assert "ticket" not in refused.value.findings[0].message
    assert [each.act for each in desk.loaded.marks()] == []
    nightly(corner, desk)
    assert there(corner) == before


def test_so_it_does_where_the_flag_came_after_the_approval(corner: Shop, desk: Desk) -> None:
    before = there(corner)
    opened = approve(desk, erasure(desk, OLD, protected=False), "KL")
    received(desk, OLD, protected=True)
    worked = work(desk, opened.id, by="KL")
    assert (worked.opened.request.state, [each.code for each in worked.findings]) == (State.CARRYING_OUT, ["C190"])
    nightly(corner, desk)
    assert there(corner) == before


@pytest.mark.parametrize(("named", "gone"), [(NEW, ({2}, {1})), (BY_NUMBER, ({2}, {1})), (OLD, (set[object](), {2}))])
def test_once_it_is_parted_only_what_is_theirs_now_goes_then_and_later(
    corner: Shop, desk: Desk, named: str, gone: tuple[set[object], set[object]]
) -> None:
    customers, tickets = there(corner)
    sql(corner, "UPDATE customer SET old_email = NULL WHERE id = 2")
    assert done(desk, erasure(desk, named)).opened.request.state is State.CARRIED_OUT
    left = customers - gone[0], tickets - gone[1]
    assert there(corner) == left
    nightly(corner, desk)
    assert there(corner) == left


def test_a_former_address_under_which_nothing_hangs_is_in_nobodys_way(corner: Shop, desk: Desk) -> None:
    sql(corner, "DELETE FROM ticket WHERE id = 2")
    assert done(desk, erasure(desk, NEW)).opened.request.state is State.CARRIED_OUT
    assert there(corner) == ({1, 3, 4, 5, 6}, {3})


def test_of_nobody_protected_it_goes_with_the_person(corner: Shop, desk: Desk) -> None:
    assert done(desk, erasure(desk, NEW, protected=False)).opened.request.state is State.CARRIED_OUT
    assert there(corner) == ({1, 3, 4, 5, 6}, {3})


def test_an_address_that_another_had_before_does_not_keep_a_protected_person_and_leaves_what_may_be_the_others(
    corner: Shop, desk: Desk
) -> None:
    """Gösta has the address that Dan had; the ticket under it may be Dan's."""
    worked = done(desk, erasure(desk, "email=gosta@x.example"))
    assert worked.opened.request.state is State.CARRIED_OUT
    assert there(corner) == ({1, 2, 4, 5, 6}, {1, 2, 3})
    nightly(corner, desk)
    assert there(corner) == ({1, 2, 4, 5, 6}, {1, 2, 3})


# --- an identity that was changed in the row ----------------------------------------------------------------------


def test_a_sweep_ends_nothing_under_the_address_that_a_row_had_before_it_was_changed(corner: Shop, desk: Desk) -> None:
    sql(corner, "UPDATE customer SET email = 'new@x.example', old_email = NULL WHERE id = 2")
    assert done(desk, erasure(desk, "email=new@x.example")).opened.request.state is State.CARRIED_OUT
    nightly(corner, desk)
    assert there(corner) == ({1, 3, 4, 5, 6}, {1, 2, 3})


@pytest.mark.parametrize(("protected", "follow"), [(True, [Act.HELD]), (False, [Act.HELD, Act.ENDED])])
def test_a_correction_takes_to_a_new_address_of_somebody_protected_only_what_protects(
    desk: Desk, protected: bool, follow: list[Act]
) -> None:
    for wish in (Wish(Act.HELD, (NEW,), ground="case 7"), Wish(Act.ENDED, (NEW,), "delivery", ground="case 8")):
        mark(desk.loaded, wish, dry_run=False)
    before = len(desk.loaded.marks())
    corrected(desk, NEW, "shop/customer/2.email=new@x.example", protected=protected)
    digest, _ = desk.loaded.keys()
    new = IdRef("email", digest("email", "new@x.example"))
    again = [each.act for each in desk.loaded.marks()[before:] if each.refs == {new}]
    assert again == [*follow, Act.RESTRICTED]  # the last is the request's own


def test_nobody_protected_is_corrected_by_what_they_had_before(corner: Shop, desk: Desk) -> None:
    asked = Asked((OLD,), ("shop/customer/2.name=Other",))
    opened = receive(desk, Incoming(RequestKind.RECTIFY, asked, protected=True), "KL")
    opened = review(desk, known(desk, opened, Proof.STAFF, second="AO").opened, "KL")
    with pytest.raises(Refused) as refused:
        approve(desk, opened, "KL")
    assert codes(refused) == ["C120"]
    assert sql(corner, "SELECT name FROM customer WHERE id = 2") == [("Farid Norrskog",)]


# --- what is remembered -------------------------------------------------------------------------------------------


def test_nothing_that_was_had_before_is_written_down_with_a_request(desk: Desk) -> None:
    digest, _ = desk.loaded.keys()
    for protected in (False, True):
        opened = known(desk, received(desk, NEW, protected=protected), Proof.STAFF, second="AO").opened
        assert (
            digest("email", "before@x.example") not in desk.store.digests_of([opened.case.person])[opened.case.person]
        )


def test_a_protected_request_by_what_stands_nowhere_any_more_is_tied_to_no_new_name(corner: Shop, desk: Desk) -> None:
    sql(corner, "UPDATE customer SET old_email = NULL WHERE id = 2")
    opened = received(desk, OLD, "shop/customer/2", protected=True)
    opened = known(desk, opened, Proof.STAFF, second="AO").opened
    assert [each.source for each in desk.store.person(opened.case.person).identities] == [""]
    plain = known(desk, received(desk, "shop/customer/2", protected=True), Proof.STAFF, second="AO").opened
    assert [each.source for each in desk.store.person(plain.case.person).identities] == ["shop", "shop"]


def test_what_a_row_is_remembered_to_have_had_leads_nowhere_of_somebody_protected(corner: Shop, desk: Desk) -> None:
    """A sweep blanked an address, and keeps its hash; the tickets of another source lie under it."""
    digest, _ = desk.loaded.keys()
    held = ("email", digest("email", "anna@x.example"))
    row = KeyRef("shop", "customer", (1,), "2019-01-01")
    bearer = Bearer(row, ((*held, None),), former=frozenset({held}))
    for former in (True, False):
        sought = Person({}, former)
        sought.is_theirs(bearer)
        assert (held in sought.waiting, sought.about.own) == (former, {})


@pytest.mark.parametrize("former", [True, False])
def test_a_large_source_says_whom_it_is_about_as_a_small_one_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, former: bool
) -> None:
    deliver(desk.loaded)
    named = [
        NEW,
        OLD,
        BY_NUMBER,
        "shop/customer/4",
        "email=gosta@x.example",
        "email=home@x.example",
        "email=none@x.example",
    ]
    asked = [Called((text,)) for text in named]

    def about(*, gathers: bool = True) -> list[About]:
        return [person.about for person, _ in known_each(desk.loaded, asked, former=former, gathers=gathers)]

    read_whole = about(gathers=False)
    assert about() == read_whole, "their rows are gathered"
    with monkeypatch.context() as patch:
        patch.setattr("ombud.engine.gathering.MOST", 1)
        assert about() == read_whole, "too many rows, even of one alone"
    with monkeypatch.context() as patch:
        patch.setattr("ombud.app.answers.MOST", -1)  # no source is read whole while another way can tell
        patch.setattr("ombud.app.answers.Whole", None)
        evaluated = about(gathers=False)
        assert about() == read_whole
    assert evaluated == read_whole
    assert len({each.ever for each in evaluated}) > 3


def corrected(desk: Desk, named: str, setting: str, *, protected: bool) -> None:
    asked = Asked((named,), (setting,))
    opened = receive(desk, Incoming(RequestKind.RECTIFY, asked, protected=protected), "KL")
    opened = known(desk, opened, Proof.STAFF, second="AO").opened
    opened = review(desk, opened, "KL") if opened.request.state is State.REVIEW else opened
    assert done(desk, opened).opened.request.state is State.CARRIED_OUT

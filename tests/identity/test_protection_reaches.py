"""Protection reaches every request about the person, names are compared as names, and nobody's sign opens nothing."""

from __future__ import annotations

import pytest

from ombud.app.loaded import Refused
from ombud.app.requests.answering import deliver
from ombud.app.requests.deciding import protect
from ombud.app.requests.desk import Desk
from ombud.app.requests.guarding import may, may_name, protection_of
from ombud.rights.model import Proof, State
from ombud.rights.protected import Deed
from tests.identity.people import ANNA
from tests.identity.shop import Shop, known, received
from tests.identity.test_at_the_desk import codes
from tests.identity.test_at_the_terminal import run

EMAIL = "email=anna@x.example"
BY_NUMBER = f"personnummer={ANNA.number}"


def test_to_protect_reaches_the_other_open_requests_and_the_answers_that_wait(desk: Desk, corner: Shop) -> None:
    first = known(desk, received(desk, EMAIL, address=("Anna Lind", "Storgatan 1")), Proof.E_IDENTIFICATION).opened
    assert first.request.state is State.CARRIED_OUT
    assert not any(each.wiped_on for each in desk.store.answers(first.id))
    protect(desk, received(desk, EMAIL), "own word", ("BO",), "BO")
    first = desk.read(first.id)
    assert first.request.protected
    assert all(each.wiped_on for each in desk.store.answers(first.id))
    assert (may(desk, first, Deed.DELIVER, "XX"), may(desk, first, Deed.DELIVER, "bo")) == (False, True)
    with pytest.raises(Refused) as refused:
        deliver(desk, first, corner.folder / "out", "post", "XX")
    assert codes(refused) == ["C178"]


def test_so_does_a_request_that_says_so_itself(desk: Desk) -> None:
    first, stranger = received(desk, EMAIL), received(desk, "email=gosta@x.example")
    received(desk, EMAIL, protected=True)
    assert desk.read(first.id).request.protected
    assert protection_of(desk, desk.read(first.id)).handlers == {"kl"}
    assert not desk.read(stranger.id).request.protected


def test_what_is_known_of_a_shared_identifier_guards_a_request_that_is_not_flagged(desk: Desk) -> None:
    first, other = received(desk, BY_NUMBER), received(desk, EMAIL)
    protect(desk, other, "own word", ("BO",), "BO")
    (identity,) = desk.store.person(other.case.person).identities
    desk.store.add_identities(first.case.person, [identity])
    first = desk.read(first.id)
    assert not first.request.protected
    assert not may(desk, first, Deed.DECIDE, "XX")


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (("BO",), ("AO",), {"bo", "ao"}),
        (("KL",), (" kl ",), {"kl"}),
        (("KL", "AO"), ("kl",), {"kl"}),
        (("Anna  Lind", "BO"), ("anna lind",), {"anna lind"}),
        (("BO",), (), {"bo"}),
    ],
)
def test_two_protections_never_leave_it_to_anybody(
    desk: Desk, one: tuple[str, ...], other: tuple[str, ...], both: set[str]
) -> None:
    protect(desk, received(desk, EMAIL), "own word", one, "KL")
    protect(desk, received(desk, BY_NUMBER), "own word", other, "KL")
    third = received(desk, EMAIL, BY_NUMBER)
    assert protection_of(desk, third).handlers == both
    assert not may_name(desk, third, "XX")
    with pytest.raises(Refused):
        protect(desk, third, "x", ("XX",), "XX")


def test_a_flag_that_names_nobody_takes_no_name_away(desk: Desk) -> None:
    opened = protect(desk, received(desk, EMAIL), "own word", ("BO",), "BO")
    assert protection_of(desk, protect(desk, opened, "flag in shop", (), "ombud")).handlers == {"bo"}


@pytest.mark.parametrize("sign", ["person", "ombud", "Person", " OMBUD "])
def test_the_signs_of_nobody_are_refused_at_the_terminal(corner: Shop, sign: str) -> None:
    desk = corner.desk()
    id = received(desk, EMAIL, protected=True).id
    desk.close()
    staff = ("request", "identify", id, "--proof", "staff")
    for words in (
        (*staff, "--by", sign, "--second", "YY"),
        (*staff, "--by", "KL", "--second", sign),
        ("request", "refuse", id, "--why", "excessive", "--reason", "many", "--by", "KL", "--second", sign),
        ("request", "protect", id, "--why", "own word", "--seen-by", sign, "--by", "KL"),
        ("request", "access", "--subject", EMAIL, "--by", sign),
        ("request", "show", id, "--by", sign),
        ("request", "work", id, "--by", sign),
    ):
        refused = run(corner, *words)
        assert refused.exit_code == 2
        assert "nobody on the staff" in " ".join(refused.output.split())

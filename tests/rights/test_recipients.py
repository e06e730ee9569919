"""Who got the data must be told what became of it, or it must be recorded why not."""

from __future__ import annotations

from datetime import date

import pytest

from ombud.documents.extract import Disclosed
from ombud.rights.model import Telling, Told
from ombud.rights.recipients import Cause, Notice, may_close, opened, settled, to_tell, unsettled

DAY = date(2026, 3, 2)


def handed(recipient: str, purpose: str, day: date | None = DAY, how: str = "received") -> Disclosed:
    return Disclosed(recipient, {"en": recipient}, purpose, day, how=how)


LEDGER = (
    handed("carrier", "delivery", date(2026, 1, 5)),
    handed("carrier", "delivery", date(2026, 2, 5)),
    handed("partner", "offers"),
    handed("caterer", "meals"),
    handed("printer", "offers", None, "may receive"),
    handed("partner", "offers", None, "may receive"),
)


@pytest.mark.fact("R2")
@pytest.mark.fact("R3")
def test_who_received_what_is_erased_is_told_and_who_received_something_else_is_not() -> None:
    found = to_tell(Cause.ERASED, LEDGER, {"offers"})
    assert found.notices == (Notice("partner", Cause.ERASED, frozenset({"offers"}), DAY),)
    assert found.perhaps == ("printer",)


@pytest.mark.fact("R2")
def test_a_correction_is_told_to_everybody_who_received_the_data() -> None:
    found = to_tell(Cause.CORRECTED, LEDGER, {"offers"})
    assert [each.recipient for each in found.notices] == ["carrier", "caterer", "partner"]
    assert found.notices[0].last == date(2026, 2, 5)


def test_who_may_have_data_is_left_to_somebodys_decision_for_telling_them_tells_them_something() -> None:
    found = to_tell(Cause.RESTRICTED, (handed("printer", "offers", None, "may receive"),))
    assert (found.notices, found.perhaps) == ((), ("printer",))


@pytest.mark.fact("R2")
def test_a_case_closes_when_each_has_a_receipt_or_a_reason() -> None:
    tellings = opened({}, ("carrier", "partner", "caterer"))
    assert len(unsettled(tellings.values())) == 3
    tellings = settled(tellings, "carrier", Told.TOLD, "250 OK", DAY)
    tellings = settled(tellings, "partner", Told.IMPOSSIBLE, "dissolved", DAY)
    assert not may_close(tellings.values())
    tellings = settled(tellings, "caterer", Told.DISPROPORTIONATE, "paper lists, destroyed", DAY)
    assert may_close(tellings.values())
    assert not may_close(opened(tellings, ("carrier",)).values()), "told of something new, they are told anew"


@pytest.mark.parametrize("told", [Told.TOLD, Told.IMPOSSIBLE, Told.DISPROPORTIONATE])
def test_a_receipt_or_a_reason_that_says_nothing_is_none(told: Told) -> None:
    assert not may_close([Telling("carrier", told, "  ", DAY)])
    assert may_close([])

"""What a person may take with them, and what becomes of each datum at a request to erase."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product

import pytest

from ombud.documents.extract import Datum, Disclosed, Extract, Hold, Record, Span
from ombud.policy.model import BasisKind, OnErasure
from ombud.rights.decisions import choose
from ombud.rights.measures import measures
from ombud.rights.model import Request, RequestKind
from ombud.rights.outcomes import Fate, fates
from ombud.rights.portable import Why, observed_counts, portable
from tests.policy.texts import HEAD, codes, loaded, read
from tests.rights.policies import POLICY, STATUTE

TODAY = date(2026, 3, 9)


def datum(provenance: str, *holds: Hold, category: str = "contact.email", file: str = "") -> Datum:
    return Datum("email", "ada@x.example", category, holds, provenance, file=file)


def extract(*data: Datum, attached: Iterable[str] = ()) -> Extract:
    record = Record("crm", "customer", "1", "north", data)
    received = Disclosed("carrier", {"en": "Carrier"}, "delivery")
    return Extract(
        TODAY, "access", "r1", (record,), (received,), unread=("hr",), attached=dict.fromkeys(attached, b"x")
    )


def taken(*data: Datum, observed: bool = False) -> tuple[Datum, ...]:
    return tuple(each for record in portable(extract(*data), observed=observed).extract.records for each in record.data)


@pytest.mark.fact("R5")
@pytest.mark.parametrize(("provenance", "basis"), list(product(["provided", "observed", ""], BasisKind)))
def test_only_what_was_provided_and_stands_on_consent_or_contract_is_taken(provenance: str, basis: BasisKind) -> None:
    one = datum(provenance, Hold("delivery", basis))
    on_basis = basis in (BasisKind.CONSENT, BasisKind.CONTRACT)
    assert bool(taken(one)) is (on_basis and provenance == "provided")
    assert bool(taken(one, observed=True)) is (on_basis and provenance in ("provided", "observed"))


@pytest.mark.fact("R5")
def test_one_live_hold_on_contract_is_enough_and_a_dead_one_is_none() -> None:
    on_duty, dead = Hold("bookkeeping", "legal_obligation"), Hold("delivery", "contract", TODAY - timedelta(days=1))
    assert taken(datum("provided", on_duty, Hold("delivery", "contract", TODAY)))
    assert not taken(datum("provided", on_duty, dead))


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    contract = Hold("delivery", "contract")
    found = portable(
        extract(
            datum("provided", contract),
            datum("observed", contract),
            datum("", contract),
            datum("provided", Hold("surveys", "legitimate_interests")),
            datum("", category=""),
        ),
        observed=False,
    )
    assert found.left_out == {Why.OBSERVED: 1, Why.UNSAID: 1, Why.OTHER_BASIS: 1}
    assert (found.extract.kind, found.extract.recipients, found.extract.unread) == ("port", (), ("hr",))


def test_a_file_goes_with_its_cell_and_what_is_masked_for_others_stays_masked() -> None:
    contract = Hold("delivery", "contract")
    masked = Datum("note", "…", "message", (contract,), "provided", (Span(0, 3, "somebody else's name"),), "a.txt")
    found = portable(
        extract(masked, datum("observed", contract, file="b.txt"), attached=("a.txt", "b.txt")), observed=False
    )
    assert list(found.extract.attached) == ["a.txt"]
    assert found.extract.records[0].data == (masked,)


def test_a_record_of_which_nothing_is_taken_is_not_handed_over_empty() -> None:
    assert portable(extract(datum("observed", Hold("delivery", "contract"))), observed=False).extract.records == ()


# --- what the policy says of it ---------------------------------------------------------------------------------

PURPOSE = "delivery: {basis: contract, data: [contact], keep: {after: ended, for: P12M}}"
SAID = "portability: {observed: provided, reason: it is about them}"


def head(portability: str) -> str:
    return HEAD.replace("within: P1M}", f"within: P1M, {portability}}}")


@pytest.mark.fact("R5")
def test_observed_counts_as_provided_where_the_policy_says_so_with_its_reason_and_else_not() -> None:
    assert not observed_counts(loaded(PURPOSE))
    assert observed_counts(loaded(PURPOSE, head=head(SAID)))
    assert not observed_counts(loaded(PURPOSE, head=head("portability: {observed: not_provided, reason: narrow}")))
    assert not observed_counts(POLICY)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("portability: {observed: provided}", "P007"),
        ("portability: {reason: why not}", "P007"),
        ("portability: {observed: maybe, reason: who knows}", "P009"),
        ("portability: {observed: provided, reason: ok, inferred: provided}", "P006"),
    ],
)
def test_a_setting_without_its_reason_or_with_another_word_is_refused(said: str, code: str) -> None:
    assert code in codes(read(PURPOSE, head=head(said))[1])


# --- what becomes of each datum ---------------------------------------------------------------------------------


def become(*holds: Hold, outcome: OnErasure | None = None) -> Fate:
    found = measures(Request("r1", RequestKind.ERASE, TODAY), POLICY).decisions
    if outcome is not None:
        found = tuple(choose(e, outcome, "weighed") if e.outcome is OnErasure.REVIEW else e for e in found)
    (fate,) = fates(extract(datum("provided", *holds), datum("", category="")), found)
    return fate


@pytest.mark.fact("R3")
def test_each_datum_is_told_with_its_ground_or_with_what_keeps_it_and_until_when() -> None:
    offers, books = Hold("offers", "legitimate_interests"), Hold("bookkeeping", "legal_obligation", date(2033, 12, 31))
    assert become(offers).goes
    assert become(offers).ended == (("offers", "Art. 17(1)(c), 21(2)"),)
    both = become(offers, books)
    assert not both.goes
    assert both.until == date(2033, 12, 31)
    assert (both.kept[0].article, both.kept[0].statutes) == ("Art. 17(3)(b)", (STATUTE,))
    assert become(books, Hold("delivery", "contract")).until is None, "one of the two has no last day yet"


def test_what_waits_for_a_handler_does_not_go_and_then_does_as_was_chosen() -> None:
    surveys = Hold("surveys", "legitimate_interests")
    assert become(surveys).waits == ("surveys",)
    assert not become(surveys).goes
    assert become(surveys, outcome=OnErasure.ENDS).goes
    assert become(surveys, outcome=OnErasure.STAYS).kept[0].reason == "weighed"


def test_doubt_deletes_nothing() -> None:
    assert not become().goes
    assert become().doubt
    assert not become(Hold("a_purpose_that_nobody_decided", "contract")).goes

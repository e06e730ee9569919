"""What a person may take with them, and what becomes of each datum at a request to erase."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from ombud.documents.extract import Datum, Extract, Hold, NotCarried, Record
from ombud.policy.model import BasisKind, OnErasure
from ombud.rights.decisions import choose
from ombud.rights.measures import measures
from ombud.rights.model import Request, RequestKind
from ombud.rights.outcomes import Ended, Fate, fates
from ombud.rights.portable import carried, observed_counts
from tests.policy.texts import HEAD, codes, loaded, read
from tests.rights.policies import POLICY, STATUTE

TODAY = date(2026, 3, 9)


def datum(provenance: str, *holds: Hold, category: str = "contact.email") -> Datum:
    return Datum("email", "ada@x.example", category, holds, provenance)


def taken(*data: Datum, observed: bool = False) -> tuple[Datum, ...]:
    return carried(data, TODAY, observed=observed)[0]


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


@pytest.mark.fact("R5")
def test_what_somebody_elses_contract_holds_is_not_taken_for_it_is_not_the_persons_own() -> None:
    mentioned = Hold("delivery", "contract", theirs=False)
    assert not taken(datum("provided", mentioned))
    assert taken(datum("provided", mentioned, Hold("news", "consent")))


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    contract = Hold("delivery", "contract")
    kept, left = carried(
        (
            datum("provided", contract),
            datum("observed", contract),
            datum("", contract),
            datum("provided", Hold("surveys", "legitimate_interests")),
            datum("provided", replace(contract, theirs=False)),
            datum("", category=""),
        ),
        TODAY,
        observed=False,
    )
    assert kept == (datum("provided", contract),)
    assert left == {
        NotCarried.OBSERVED: 1,
        NotCarried.UNSAID: 1,
        NotCarried.OTHER_BASIS: 1,
        NotCarried.OTHERS: 1,
    }


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
    record = Record("crm", "customer", "1", "north", (datum("provided", *holds), datum("", category="")))
    (fate,) = fates(Extract(TODAY, "access", "r1", (record,)), found)
    return fate


@pytest.mark.fact("R3")
def test_each_datum_is_told_with_its_ground_or_with_what_keeps_it_and_until_when() -> None:
    offers, books = Hold("offers", "legitimate_interests"), Hold("bookkeeping", "legal_obligation", date(2033, 12, 31))
    assert become(offers).goes
    assert become(offers).ended == (Ended("offers", "Art. 17(1)(a)"),)
    both = become(offers, books)
    assert not both.goes
    assert both.ended == (Ended("offers", "Art. 17(1)(a)"),), "it ends though the datum stays"
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

"""The letters of a request's life: each says what the law wants told, in both languages; the short ones as e-mail."""

from __future__ import annotations

from datetime import date

import pytest

from ombud.documents import Addressee, compose, mail, render
from ombud.documents.letters import (
    Acknowledgement,
    Change,
    Erased,
    ErasureOutcome,
    Extension,
    Forwarding,
    Letter,
    Outcome,
    ProofQuestion,
    RecipientNotice,
    RectificationOutcome,
    Refusal,
    RestrictionLifting,
    RestrictionSet,
    Told,
)
from tests.documents.pdf import tags, text
from tests.documents.people import DAY, policy

TO = Addressee(("Astrid Kviststrand", "Provgatan 1", "990 10 Bärnvik"))
CASE = "R-2027-0017"
RECEIVED = date(2027, 1, 2)
DUE = date(2027, 2, 2)
BOOKKEEPING = "bokföringslagen (1999:1078) 7 kap. 2 §"

LETTERS: list[Letter] = [
    Acknowledgement(CASE, "access", RECEIVED, DUE, date(2027, 2, 3)),
    ProofQuestion(CASE, "erase", RECEIVED, ("Log in with BankID", "Answer the letter"), date(2027, 1, 20)),
    Extension(CASE, "access", RECEIVED, date(2027, 4, 2), "Eight systems hold data of many years."),
    Refusal(CASE, "erase", RECEIVED, "Artikel 12.5 b", "The same request came every day for a year."),
    ErasureOutcome(
        CASE,
        RECEIVED,
        (
            Erased("konsult", "marketing", "E-mail address", Outcome.ERASED, "Artikel 17.1 c"),
            Erased(
                "konsult",
                "bookkeeping",
                "Invoices",
                Outcome.KEPT,
                "",
                "Artikel 17.3 b",
                (BOOKKEEPING,),
                date(2033, 12, 31),
            ),
            Erased("drift", "service_information", "Survey answers", Outcome.REVIEW, "Artikel 17.1 c"),
        ),
        ("Molnlagring Norr AB",),
        ("hr",),
    ),
    RectificationOutcome(
        CASE,
        RECEIVED,
        (
            Change("konsult", "Street", "Provgatan 1", "Provgatan 2"),
            Change("konsult", "Phone", "+46 70 174 06 05", None),
            Change("drift", "Case", "broken", "broken", "The note says what was said."),
        ),
        ("Molnlagring Norr AB",),
    ),
    RestrictionSet(CASE, RECEIVED, "Artikel 18.1 a", ("marketing",), ("legal claims",)),
    RestrictionLifting(CASE, date(2027, 3, 1), "The address was right."),
    RecipientNotice(
        CASE,
        Told.ERASED,
        ("Astrid Kviststrand", "customer 17"),
        ("E-mail address",),
        "supplier_terms",
        date(2027, 1, 16),
    ),
    Forwarding(CASE, ("Farid Norrskog", "19850505-9891")),
]

SAYS: dict[type[Letter], tuple[str, ...]] = {
    Acknowledgement: (
        "will answer by 2 February 2027",
        "access to your personal data",
        "the last day is 3 February 2027",
    ),
    ProofQuestion: ("Log in with BankID", "Please answer by 20 January 2027", "stands still"),
    Extension: ("an answer by 2 April 2027", "Eight systems", "Article 12(3)", "Article 77"),
    Refusal: ("The same request", "Article 77", "go to court", "Integritetsskyddsmyndigheten"),
    ErasureOutcome: (
        *("Erased", "Artikel 17.1 c", BOOKKEEPING, "31 December 2033", "Still being weighed", "not complete"),
        *("This is left: hr", "Molnlagring Norr AB"),
    ),
    RectificationOutcome: ("Provgatan 1 Provgatan 2", "(removed)", "The note says", "who has received your data"),
    RestrictionSet: ("Direct marketing by e-mail and web", "legal claims", "before the restriction is lifted"),
    RestrictionLifting: ("On 1 March 2027", "before it happens", "The address was right"),
    RecipientNotice: ("Erase it with you too", "customer 17", "Confirm by 16 January 2027", "Article 19"),
    Forwarding: ("Farid Norrskog", "sealed", "not to be opened", "unopened"),
}


def said(letter: Letter, language: str = "en", to: Addressee = TO) -> str:
    return " ".join(text(render(compose(letter, policy(), to, language, DAY))).split())


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: type(letter).__name__)
def test_a_letter_says_what_it_must(letter: Letter) -> None:
    told = said(letter)
    for each in (*SAYS[type(letter)], f"Case {CASE}", "2 January 2027", "Bärnvik Koncern AB"):
        assert each.lower() in told.lower()


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: type(letter).__name__)
def test_a_letter_is_tagged_in_swedish_too(letter: Letter) -> None:
    pdf = render(compose(letter, policy(), TO, "sv", DAY))
    assert "/H1" in tags(pdf) or "/Title" in tags(pdf)
    assert f"Ärende {CASE}" in " ".join(text(pdf).split())


@pytest.mark.parametrize(
    "kind", ["access", "rectify", "erase", "restrict", "port", "object", "withdraw", "complain", "claim"]
)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_kind_of_request_can_be_acknowledged(kind: str, language: str) -> None:
    assert compose(Acknowledgement(CASE, kind, RECEIVED, DUE), policy(), TO, language, DAY).blocks


@pytest.mark.fact("R2")
@pytest.mark.parametrize("act", Told)
def test_a_recipient_is_told_what_to_do(act: Told) -> None:
    changes = (Change("", "Street", "Provgatan 1", "Provgatan 2"),) if act is Told.RECTIFIED else ()
    told = said(RecipientNotice(CASE, act, ("customer 17",), ("Address",), changes=changes))
    assert {"rectify": "Correct it", "erase": "Erase it", "restrict": "do not use it"}[act] in told
    assert ("Provgatan 2" in told) == bool(changes)


@pytest.mark.fact("R4")
def test_whoever_is_restricted_is_told_before_it_ends() -> None:
    told = said(RestrictionLifting(CASE, date(2027, 3, 1), "The address was right."))
    assert "We tell you before it happens (Article 18(3) GDPR)" in told


@pytest.mark.fact("R2")
def test_an_own_discovery_is_told_as_one() -> None:
    letter = RectificationOutcome(CASE, RECEIVED, (Change("", "Street", "x", "y"),), own=True)
    assert "We have found that data about you was wrong" in said(letter)


def test_whoever_had_nothing_is_told_so() -> None:
    assert "We have nothing about you to erase" in said(ErasureOutcome(CASE, RECEIVED, ()))


def test_what_forwards_to_a_protected_person_has_no_address_of_theirs() -> None:
    agency = Addressee(("Skatteverket", "Förmedling av post"))
    told = said(Forwarding(CASE, ("Farid Norrskog", "19850505-9891")), to=agency)
    assert told.startswith("Skatteverket Förmedling av post")
    assert "Provgatan" not in told


def test_a_letter_does_not_print_whom_it_is_about() -> None:
    shown = " ".join(map(repr, LETTERS))
    for secret in ("Farid", "9891", "customer 17", "Provgatan", "174 06 05"):
        assert secret not in shown


# --- by e-mail --------------------------------------------------------------------------------------------------------

SHORT = [
    letter for letter in LETTERS if isinstance(letter, Acknowledgement | ProofQuestion | Extension | RestrictionLifting)
]


@pytest.mark.parametrize("letter", SHORT, ids=lambda letter: type(letter).__name__)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_message_has_the_case_and_nothing_of_the_person(letter: Letter, language: str) -> None:
    made = mail(letter, policy(), language)
    assert made is not None
    assert CASE in made.subject
    assert CASE in made.text
    assert "\n" not in made.subject
    assert not any(line in made.text for line in TO.lines)
    assert "Article 15" not in made.text


@pytest.mark.parametrize("letter", SHORT, ids=lambda letter: type(letter).__name__)
def test_to_a_protected_person_a_message_gives_nothing_away(letter: Letter) -> None:
    made = mail(letter, policy(), "en", protected=True)
    assert made is not None
    whole = f"{made.subject} {made.text}"
    for word in (CASE, "request", "case", "restrict", "data protection", "dataskydd", "2027"):
        assert word not in whole


@pytest.mark.parametrize(
    "letter", [each for each in LETTERS if each not in SHORT], ids=lambda each: type(each).__name__
)
def test_what_tells_more_is_no_message(letter: Letter) -> None:
    assert mail(letter, policy(), "sv") is None

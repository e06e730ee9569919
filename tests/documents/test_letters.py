"""The letters of a request's life: each says what the law wants told, in both languages; the short ones as e-mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ombud.documents import Addressee, compose, mail, render, unspoken
from ombud.documents.disputed import Bundle, Dispute, DisputeOutcome, DisputeReceived
from ombud.documents.extract import Why
from ombud.documents.fared import Fared, Gone, InDoubt, KeptFor, Stays
from ombud.documents.letters import (
    Acknowledgement,
    Became,
    Change,
    ErasureOutcome,
    Extension,
    Forwarding,
    Letter,
    ObjectionOutcome,
    ProofQuestion,
    RectificationOutcome,
    Refusal,
    RestrictionLifting,
    RestrictionSet,
    TransferOutcome,
    Use,
    WithdrawalOutcome,
)
from ombud.documents.passed_on import Informed, PassedOn, RecipientsOutcome
from ombud.rights.model import Verdict
from tests.documents.pdf import reader, tags, text
from tests.documents.people import BOOKKEEPING as HELD_BY_LAW
from tests.documents.people import CUSTOMER, DAY, MARKETING, policy

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
        (Gone("konsult", ("E-mail address", "Phone"), ("marketing",)), Gone("drift", ("Allergy",))),
        (Stays("konsult", ("Name",), ("marketing",), (KeptFor("bookkeeping", date(2033, 12, 31), (BOOKKEEPING,)),)),),
        (
            Fared("konsult", "marketing", ended=True, because="Art. 17(1)(a)"),
            Fared("konsult", "bookkeeping", ended=False, because="Art. 17(3)(b)", statutes=(BOOKKEEPING,)),
        ),
        (InDoubt("drift", ("Survey answers",)),),
        passed_on=PassedOn(
            (Informed("Molnlagring Norr AB", RECEIVED),), ("Tryckeriet",), ("Konkursboet",), ("Åtta kök",)
        ),
        unread=("hr",),
        silenced=True,
    ),
    RectificationOutcome(
        CASE,
        RECEIVED,
        (
            Change("konsult", "Street", "Provgatan 1", "Provgatan 2"),
            Change("konsult", "Phone", "+46 70 174 06 05", None),
            Change("drift", "Case", "broken", "broken", "The note says what was said."),
        ),
        PassedOn((Informed("Molnlagring Norr AB", RECEIVED),)),
    ),
    RestrictionSet(CASE, RECEIVED, "Artikel 18.1 a", ("marketing",), ("legal claims",)),
    RestrictionLifting(CASE, date(2027, 3, 1), "The address was right."),
    TransferOutcome(CASE, "Grannen AB", RECEIVED, "sha-256=:dGlwcw==:"),
    TransferOutcome(CASE, "Grannen AB", RECEIVED, reasons="It takes no such form."),
    Forwarding(CASE, ("Farid Norrskog", "19850505-9891")),
    ObjectionOutcome(
        CASE,
        RECEIVED,
        (
            Use(("konsult", "drift"), "marketing", Became.STOPPED, every=True, until=date(2027, 2, 1)),
            Use(("konsult",), "service_information", Became.ENDED, reasons="nothing speaks for it"),
            Use(("drift",), "development", Became.OVERRIDDEN, reasons="needed to mend faults"),
            Use(("konsult",), "bookkeeping", Became.UNTOUCHED, holds=(HELD_BY_LAW,)),
        ),
    ),
    WithdrawalOutcome(
        CASE,
        RECEIVED,
        (
            Use(("konsult",), "partner_offers", Became.STOPPED),
            Use(("konsult",), "customer_delivery", Became.UNTOUCHED, holds=(CUSTOMER,)),
            Use(("konsult",), "newsletter", Became.KEPT, holds=(replace(MARKETING, why=Why.HELD),)),
        ),
    ),
    DisputeReceived(
        CASE, Dispute.COMPLAINT, RECEIVED, Bundle(DAY, ("c.json", "c.zip"), 7, 2, 1, ("hr is missing",)), "KL", DUE
    ),
    DisputeReceived(CASE, Dispute.CLAIM, RECEIVED, Bundle(DAY, ("c.json", "c.zip"), 0, 2), "KL"),
    DisputeOutcome(
        CASE, Dispute.COMPLAINT, RECEIVED, "in_part", "nobody answered.\nThat was wrong.", "A new desk.", "KL"
    ),
    RecipientsOutcome(CASE, RECEIVED, PassedOn((Informed("Molnlagring Norr AB", RECEIVED),), (), ("Konkursboet",))),
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
        *(
            "Erased",
            "E-mail address Phone (Bärnvik Konsult AB)",
            "the time for which it could be kept was over",
            "not complete",
        ),
        *("No longer used for", f"at least until and including 31 December 2033 ({BOOKKEEPING})", "Not settled"),
        *("Has ended", "no longer needed for what it was collected for (Article 17(1)(a) GDPR)", "Goes on"),
        *("you want no direct marketing", "This is left: hr", "Molnlagring Norr AB 2 January 2027"),
        *("We are telling Tryckeriet", "impossible to tell Konkursboet", "To tell Åtta kök would take"),
    ),
    RectificationOutcome: (
        "Provgatan 1 Provgatan 2",
        "(removed)",
        "The note says",
        "who has received your data, and was",
    ),
    RestrictionSet: ("Direct marketing by e-mail and web", "legal claims", "before the restriction is lifted"),
    RestrictionLifting: ("On 1 March 2027", "before it happens", "The address was right"),
    TransferOutcome: ("Grannen AB", "Article 20(2)", "Article 77"),
    Forwarding: ("Farid Norrskog", "sealed", "not to be opened", "unopened"),
    ObjectionOutcome: (
        *("Stopped at once", "all companies of the group", "until and including 1 February 2027", "Article 21(2)"),
        *("Has stopped after it was weighed", "nothing speaks for it", "Goes on after it was weighed"),
        *("Needed to mend faults", "This rests on something else", "Legal obligation (Article 6(1)(c) GDPR)", "2033"),
        *("Integritetsskyddsmyndigheten", "Article 77"),
    ),
    WithdrawalOutcome: (
        *("Has stopped", "Offers from our partners", "was lawful (Article 7(3) GDPR)"),
        *("does not rest on your consent", "Customer of a group company", "Contract (Article 6(1)(b) GDPR)"),
        *("Not used, but stored", "until a hold against deletion is released"),
    ),
    DisputeReceived: (
        *("KL, Bärnvik Koncern AB", "we erase nothing", "c.json", "c.zip", "readme.txt"),
        *("Integritetsskyddsmyndigheten (https://www.imy.se/)", "Article 77", "court"),
    ),
    DisputeOutcome: (
        *(
            "you are right in part",
            "Examined by KL, Bärnvik Koncern AB",
            "Nobody answered. That was wrong.",
            "What we do",
        ),
        *("A new desk.", "erase nothing of what we have about you yet", "Integritetsskyddsmyndigheten", "Article 77"),
    ),
    RecipientsOutcome: (
        *("still telling those who have received your data", "Molnlagring Norr AB 2 January 2027"),
        *("impossible to tell Konkursboet", "Article 77"),
    ),
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


@pytest.mark.fact("R4")
def test_whoever_is_restricted_is_told_before_it_ends() -> None:
    told = said(RestrictionLifting(CASE, date(2027, 3, 1), "The address was right."))
    assert "We tell you before it happens (Article 18(3) GDPR)" in told


@pytest.mark.fact("R2")
def test_an_own_discovery_is_told_as_one() -> None:
    letter = RectificationOutcome(CASE, RECEIVED, (Change("", "Street", "x", "y"),), own=True)
    assert "We have found that data about you was wrong" in said(letter)


@pytest.mark.fact("R7")
def test_who_complains_need_not_wait_and_learns_what_is_enclosed_and_what_is_not() -> None:
    complaint = next(each for each in LETTERS if isinstance(each, DisputeReceived))
    told = said(complaint)
    assert "You need not wait for us" in told
    assert "By 2 February 2027 we look whether that is still needed" in told
    assert "7 records from 2 systems" in told
    assert "In 1 place we have hidden another person's data" in told
    assert "hr is missing" in told


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("kind", Dispute)
@pytest.mark.parametrize("verdict", Verdict)
def test_what_came_of_a_dispute_is_told_with_reasons_and_ways_on(
    kind: Dispute, verdict: Verdict, language: str
) -> None:
    letter = DisputeOutcome(CASE, kind, RECEIVED, verdict, "The reason.", review=DUE)
    told = said(letter, language)
    leads = {each: said(replace(letter, verdict=each), language)[:900] for each in Verdict}
    assert len(set(leads.values())) == len(Verdict)
    for each in ("The reason.", "Integritetsskyddsmyndigheten (https://www.imy.se/)", "77"):
        assert each in told
    assert ("82.4" in told or "82(4)" in told) == (kind is Dispute.CLAIM)
    assert "2 februari 2027" in told or "2 February 2027" in told
    assert "The reason." not in repr(letter)


@pytest.mark.fact("R8")
def test_who_claims_damages_learns_of_the_court_first_and_that_any_of_several_owes_the_whole() -> None:
    claim = next(each for each in LETTERS if isinstance(each, DisputeReceived) and each.kind is Dispute.CLAIM)
    told = said(claim)
    assert told.index("bring an action in court") < told.index("does not award damages")
    assert "the controller or a processor, you can claim the whole of it from any of them" in told


def test_what_is_held_differently_long_is_told_by_its_last_day() -> None:
    days = (date(2027, 1, 1), date(2027, 3, 1))
    use = Use(("konsult",), "bookkeeping", Became.UNTOUCHED, holds=tuple(replace(HELD_BY_LAW, until=d) for d in days))
    assert "at most until and including 1 March 2027" in said(WithdrawalOutcome(CASE, RECEIVED, (use,)))
    waits = replace(use, holds=(*use.holds, CUSTOMER))
    assert "some has no last day yet" in said(WithdrawalOutcome(CASE, RECEIVED, (waits,)))


def test_why_it_went_stands_in_words_before_the_article() -> None:
    gone = Fared("konsult", "marketing", ended=True, because="Art. 17(1)(c), 21(2)")
    told = said(ErasureOutcome(CASE, RECEIVED, uses=(gone,)), "sv")
    assert "Du har sagt nej till direktmarknadsföring (artiklarna 17.1 c och 21.2 i GDPR)" in told
    stays = Fared("konsult", "bookkeeping", ended=False, because="not_asked", reasons="tvisten pågår")
    told = said(ErasureOutcome(CASE, RECEIVED, uses=(stays,)), "sv")
    assert "Din begäran gällde inte det här Tvisten pågår" in told
    assert "Begäran är uppenbart ogrundad (artikel 12.5 b i GDPR)" in said(
        Refusal(CASE, "erase", RECEIVED, "manifestly_unfounded", "Skäl."), "sv"
    )


@pytest.mark.parametrize(
    "letter",
    [
        Refusal(CASE, "rectify", RECEIVED, "exempt", "Because.", lifts=True),
        RectificationOutcome(CASE, RECEIVED, (Change("", "Street", "x", "y"),), lifts=True),
        ObjectionOutcome(CASE, RECEIVED, (Use(("drift",), "development", Became.OVERRIDDEN),), lifts=True),
    ],
    ids=lambda letter: type(letter).__name__,
)
def test_an_answer_that_ends_a_restriction_is_the_notice_of_it(
    letter: Refusal | RectificationOutcome | ObjectionOutcome,
) -> None:
    assert "From the day after you receive this letter it is used again (Article 18(3) GDPR)" in said(letter)
    assert "it is used again" not in said(replace(letter, lifts=False))


def test_what_a_restriction_still_allows_stands_in_words() -> None:
    told = said(RestrictionSet(CASE, RECEIVED, "Art. 18(1)(c)", (), ("legal_claims", "consent")))
    assert "You need the data to assert your rights in a dispute (Article 18(1)(c) GDPR)" in told
    assert "asserting or defending a right in a dispute" in told


def test_to_a_protected_person_a_sheet_says_that_there_is_a_message_and_no_more() -> None:
    pdf = render(unspoken(policy(), Addressee(()), "en", DAY))
    told = f"{text(pdf)} {reader(pdf).metadata}"
    assert "There is a message for you" in told
    for word in ("request", "case", "data protection", "dataskydd", "GDPR"):
        assert word not in told


def test_what_stays_says_by_kind_of_data_which_uses_ended_and_which_remain_with_statute_and_last_day() -> None:
    books = KeptFor("bookkeeping", date(2033, 12, 31), (BOOKKEEPING,))
    customer = KeptFor("customer_delivery", date(2027, 6, 1), varies=True)
    stays = (
        Stays("konsult", ("Namn", "Postadress"), ("marketing", "service_information"), (books, customer)),
        Stays("konsult", ("Önskemål",), (), (KeptFor("customer_delivery"),)),
        Stays("konsult", ("Köp",), (), (KeptFor("", why="held"),)),
    )
    told = said(ErasureOutcome(CASE, RECEIVED, stays=stays), "sv")
    assert "Det här gäller Bärnvik Konsult AB." in told
    assert told.count("Bärnvik Konsult AB") == 1, "one company is named once"
    name, wish, bought = (told.index(each) for each in ("Namn Postadress", "Önskemål", "Köp"))
    assert "Direktmarknadsföring via e-post och webb" in told[name:wish]
    assert "Serviceinformation" in told[name:wish]
    assert f"Bokföring: minst till och med 31 december 2033 ({BOOKKEEPING})" in told[name:wish]
    assert "olika länge, som längst till och med 1 juni 2027" in told[name:wish]
    assert "Ingen användning har upphört" in told[wish:bought]
    assert "Kund till ett bolag i koncernen: ingen sista dag än" in told[wish:bought]
    assert "Uppgifterna sparas så länge en tvist pågår" in told[bought:]


def test_whoever_had_nothing_is_told_so() -> None:
    assert "We have nothing about you to erase" in said(ErasureOutcome(CASE, RECEIVED))


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

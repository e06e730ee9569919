"""The letters of a request at the command line: what came of it, and what is written before the answer."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.cli.conftest import Place
from tests.cli.test_request import BEA, KNOWN, asked, deliver, letter

MARKETING = """\
  newsletter:
    title: {sv: Nyhetsbrev, en: Newsletter}
    basis: consent
    data: [contact]
    keep: {after: ended, for: P12M}
    erasure: ends
  offers:
    title: {sv: Erbjudanden, en: Offers}
    basis: legitimate_interests
    data: [contact]
    keep: {after: ended, for: P12M}
    use: [direct_marketing]
    erasure: ends
  statistics:
    title: {sv: Statistik, en: Statistics}
    basis: legitimate_interests
    data: [contact]
    keep: {after: ended, for: P12M}
    erasure: review
  panel:
    title: {sv: Kundpanel}
    basis: {legitimate_interests: {while: customer}, consent: {}}
    data: [contact]
    keep: {after: ended, for: P12M}
    erasure: ends
states:
  customer: {from: joined, until: ended}
organisation:
  controller: north
  officer: {title: {sv: Dataskyddsombud}, name: Kim Lindnäs, email: dataskydd@tallvik.example}
  authority: {name: Integritetsskyddsmyndigheten, link: "https://www.imy.se/"}
"""


@pytest.fixture
def selling(project: Place) -> Place:
    """The same shop, which also sends a newsletter and offers, and counts its customers."""
    policy = project.directory / "policy/group.yaml"
    policy.write_text(policy.read_text("utf-8").replace("moments:\n", "moments:\n  joined:\n") + MARKETING, "utf-8")
    ends = "\n    moments: {ended: ended_at}"
    more = "purposes: {delivery: all, newsletter: all, offers: all, statistics: all, panel: all}"
    starts = ends.replace("{", "{joined: created, ")
    project.replace("datamap/shop.yaml", f"purposes: {{delivery: all}}{ends}", f"{more}{starts}")
    return project


def said(place: Place, folder: str = "out") -> str:
    return " ".join(letter(place, folder).split()).replace("\u200b", "")


def written(place: Place, id: str, which: str, *words: str) -> str:
    """A letter before the answer, written and read."""
    told = place.json("request", "letter", id, which, "--out", str(place.directory / which), *words)
    assert told["file"] == str(place.directory / which / f"{which}-{id}.pdf"), told
    return said(place, which)


# --- what came of it ------------------------------------------------------------------------------------------------


@pytest.mark.fact("R6")
def test_who_objects_is_told_what_stopped_what_goes_on_and_why(selling: Place) -> None:
    told = asked(selling, "object", *BEA, *KNOWN)
    asked(
        selling,
        "approve",
        told["id"],
        "--choose",
        "statistics=stays:faults are found by it",
        "--choose",
        "panel=ends:no need",
        "--by",
        "KL",
    )
    deliver(selling, told["id"])
    text = said(selling)
    stopped, goes_on, untouched = (text.index(each) for each in ("Upphörde genast", "Fortsätter efter", "Berörs inte"))
    assert "Erbjudanden" in text[stopped:goes_on]
    assert "till och med den 1 juli 2026" in text[stopped:goes_on]  # 30 days to change one's mind
    assert "Statistik Tallvik Norr AB Faults are found by it" in text[goes_on:untouched]
    assert "Från dagen efter att du har fått det här brevet" in text[goes_on:untouched]
    assert "Leverans Tallvik Norr AB Avtal (artikel 6.1 b i GDPR)" in text[untouched:]
    assert "klaga hos Integritetsskyddsmyndigheten (https://www.imy.se/)" in text[untouched:]


@pytest.mark.fact("R6")
def test_what_ended_after_it_was_weighed_is_told_and_what_nobody_held_is_not(selling: Place) -> None:
    told = asked(selling, "object", *BEA, "--purpose", "statistics", *KNOWN)
    asked(selling, "approve", told["id"], "--choose", "statistics=ends:nothing speaks for it", "--by", "KL")
    deliver(selling, told["id"])
    text = said(selling)
    assert "Har upphört efter prövning" in text
    assert "nothing speaks for it" in text
    assert "Erbjudanden" not in text
    selling.sql("desk", "INSERT INTO ticket VALUES (3, 'fia@x.example', '2026-01-01', NULL, 'Hello')")
    nobody = asked(selling, "object", "--subject", "email=fia@x.example", "--purpose", "statistics", *KNOWN)
    asked(selling, "approve", nobody["id"], "--by", "KL")
    deliver(selling, nobody["id"], "nobody")
    assert "Vi har inget om dig som din invändning gäller" in said(selling, "nobody")


@pytest.mark.fact("R3")
def test_who_asks_for_erasure_is_told_which_uses_ended_which_remain_and_no_ground_that_is_not_theirs(
    selling: Place,
) -> None:
    selling.run("mark", "consented", *BEA, "--purpose", "newsletter")
    told = asked(selling, "erase", *BEA, *KNOWN)
    choices = ("--choose", "statistics=stays:faults are found by it")
    asked(selling, "approve", told["id"], *choices, "--by", "KL")
    deliver(selling, told["id"])
    text = said(selling)
    stays, why, after = text.index("Sparas för annat"), text.index("Varför"), text.index("Vilka som har fått")
    assert "Används inte längre till" in text[stays:why]
    for ended in ("Erbjudanden", "Nyhetsbrev", "Kundpanel"):
        assert ended in text[stays:why], "they ended though the data stays"
    assert "Leverans: ingen sista dag än" in text[stays:why]
    assert "Erbjudanden Har upphört Uppgifterna behövs inte längre" in text[why:after]
    assert (
        "Nyhetsbrev Har upphört Det vilade på ditt samtycke, som inte gäller längre (artikel 17.1 b" in text[why:after]
    )
    assert "Statistik Fortsätter Uppgifterna behövs fortfarande" in text[why:after]
    assert "Faults are found by it" in text[why:after]
    assert "sagt nej" not in text
    assert "Vi har också antecknat att du inte vill ha direktmarknadsföring" in text


@pytest.mark.fact("R3")
def test_who_has_said_no_before_is_told_that_this_is_why_and_whose_no_stays_set_for_what_comes_later(
    selling: Place,
) -> None:
    for purpose in ("offers", "statistics"):
        selling.run("mark", "objected", *BEA, "--purpose", purpose, "--ground", "by phone")
    told = asked(selling, "erase", *BEA, *KNOWN)
    asked(selling, "approve", told["id"], "--choose", "statistics=ends:she wants none", "--by", "KL")
    text = said(selling) if deliver(selling, told["id"]) else ""
    assert "Erbjudanden Har upphört Du har sagt nej till direktmarknadsföring (artiklarna 17.1 c och 21.2" in text
    assert "Statistik Har upphört Du har sagt nej till användningen (artiklarna 17.1 c och 21.1" in text
    assert "antecknat att du inte vill ha direktmarknadsföring" not in text, "she said so herself"
    marks = selling.json("mark", "--list")["marks"]
    stands = {
        (each["purpose"], each["ground"]) for each in marks if each["act"] == "objected" and not each["undone_by"]
    }
    assert stands >= {("offers", "Art. 17(1)(c), 21(2)"), ("statistics", "Art. 17(1)(c), 21(1)")}


@pytest.mark.fact("R9")
def test_who_withdraws_is_told_what_stopped_and_what_does_not_stand_on_consent(selling: Place) -> None:
    told = asked(selling, "withdraw", *BEA, *KNOWN)
    deliver(selling, told["id"])
    text = said(selling)
    stopped, untouched = text.index("Har upphört"), text.index("Berörs inte")
    assert "Nyhetsbrev" in text[stopped:untouched]
    assert "Nyhetsbrev" not in text[untouched:]
    assert "Kundpanel" in text[stopped:untouched]  # of its two bases, one is gone
    assert "Kundpanel Tallvik Norr AB Berättigat intresse" in text[untouched:]
    assert "Erbjudanden Tallvik Norr AB Berättigat intresse (artikel 6.1 f i GDPR)" in text[untouched:]


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
def test_a_complaint_and_a_claim_are_answered_with_a_letter_beside_the_bundle(selling: Place) -> None:
    for kind, way in (("complain", "Du behöver inte vänta på oss (artikel 77 i GDPR)"), ("claim", "artikel 82.4")):
        told = asked(selling, kind, *BEA, "--words", "nobody answered", *KNOWN)
        asked(selling, "approve", told["id"], "--by", "KL")
        deliver(selling, told["id"], kind)
        names = sorted(path.suffix for path in (selling.directory / kind).iterdir())
        assert names == [".json", ".pdf", ".zip"]
        text = said(selling, kind)
        assert way in text
        assert "KL, Tallvik Norr AB" in text
        assert "Senast den 1 juni 2027" in text
        assert "3 poster från 2 system" in text
        assert f"{kind}-{told['id']}.json" in text
        assert "nobody answered" not in text


@pytest.mark.fact("R7")
@pytest.mark.fact("R8")
def test_what_comes_of_a_complaint_is_told_in_a_letter_that_follows_or_at_once_where_it_is_decided(
    selling: Place,
) -> None:
    id = asked(selling, "complain", *BEA, "--words", "nobody answered", *KNOWN)["id"]
    early = ("conclude", id, "--as", "upheld", "--reason", "Frågan blev liggande.", "--by", "KL")
    assert [each["code"] for each in asked(selling, *early)["findings"]] == ["C130"], "nobody has looked at it"
    asked(selling, "approve", id, "--by", "KL")
    assert deliver(selling, id)["in_the_way"] == ["what comes of it has not been decided: ombud request conclude"]
    bare = asked(selling, "conclude", id, "--as", "rejected", "--by", "KL")
    assert [each["code"] for each in bare["findings"]] == ["C207"]
    assert asked(selling, *early)["verdict"] == "upheld"
    assert asked(selling, "show", id)["in_the_way"] == [
        "the person has not been told what the answer left open: ombud request deliver"
    ]
    kept = b"".join(path.read_bytes() for path in (selling.directory / ".ombud").glob("requests.db*"))
    assert b"liggande" not in kept
    assert deliver(selling, id, "after")["state"] == "closed"
    text = said(selling, "after")
    assert "Vi har prövat ditt klagomål och ger dig rätt. Din begäran Klagomål" in text
    assert "Prövat av KL, Tallvik Norr AB Skäl Frågan blev liggande." in text
    assert "klaga hos Integritetsskyddsmyndigheten (https://www.imy.se/)" in text
    once = asked(selling, "claim", *BEA, "--words", "1000 kr", *KNOWN)["id"]
    asked(selling, "approve", once, "--by", "KL")
    asked(selling, "conclude", once, "--as", "withdrawn", "--by", "AO")
    assert deliver(selling, once, "once")["state"] == "closed"
    assert "Du har tagit tillbaka ditt anspråk" in said(selling, "once")
    assert "3 poster från 2 system" in said(selling, "once")


# --- before the answer ----------------------------------------------------------------------------------------------


def test_it_is_acknowledged_with_both_dates_where_the_eves_make_two(selling: Place) -> None:
    selling.now = selling.now.replace(day=19, month=5)
    id = asked(selling, "access", *BEA, "--address", "Bea", "--address", "Provgatan 1", "--by", "KL")["id"]
    text = written(selling, id, "acknowledgement")
    assert "svarar senast den 19 juni 2026" in text  # Midsummer Eve
    assert "sista dagen 22 juni 2026" in text
    assert text.startswith("Bea Provgatan 1")
    printed = selling.run("request", "letter", id, "acknowledgement", "--mail").stdout
    assert f"ärende {id}" in printed
    assert "Provgatan" not in printed
    assert asked(selling, "show", id)["state"] == "received"
    assert not list((selling.directory / ".ombud").rglob("*.pdf"))


def test_who_asks_is_asked_by_ways_that_fit_how_they_asked_or_by_the_houses_own(selling: Place) -> None:
    id = asked(selling, "access", *BEA, "--way", "email", "--by", "KL")["id"]
    text = written(selling, id, "question", "--answer-by", "2026-06-10")
    assert "skicka en kod till den e-postadress" in text
    assert "Svara gärna senast den 10 juni 2026" in text
    assert "står still" in text
    own = selling.json("request", "letter", id, "question", "--way", "Kom till receptionen.", "--mail")["mail"]["text"]
    assert "  - Kom till receptionen." in own
    assert "en kod" not in own
    selling.now += timedelta(days=20)  # no longer prompt
    assert "löper som vanligt" in selling.json("request", "letter", id, "question", "--mail")["mail"]["text"]


def test_an_extension_and_a_lifting_are_told_as_they_were_decided_and_not_before(selling: Place) -> None:
    id = asked(selling, "restrict", *BEA, "--ground", "legal_claims", "--by", "KL")["id"]

    def refused(*words: str) -> str:
        (finding,) = selling.json("request", "letter", id, *words, "--mail")["findings"]
        return str(finding["code"])

    assert refused("extension") == refused("lifting", "--reason", "settled") == "C158"
    asked(selling, "extend", id, "--reason", "three systems by hand", "--by", "KL")
    text = written(selling, id, "extension")
    assert "three systems by hand" in text
    assert "senast den 1 september 2026" in text
    asked(selling, "identify", id, "--proof", "contact_point", "--by", "KL")
    assert refused("question") == "C158"
    assert refused("lifting") == refused("lifting", "--reason", "settled", "--on", "2026-06-01") == "C158"
    assert "Den 5 juni 2026 börjar vi" in written(selling, id, "lifting", "--reason", "settled", "--on", "2026-06-05")
    assert selling.run("request", "letter", id, "lifting", "--reason", "settled").exit_code == 2


def test_to_a_protected_identity_nothing_is_written_but_that_there_is_a_message(selling: Place) -> None:
    words = ("--protected", "--address", "Bea", "--address", "Provgatan 1", "--by", "KL")
    id = asked(selling, "access", *BEA, *words)["id"]
    text = written(selling, id, "acknowledgement")
    mail = selling.json("request", "letter", id, "acknowledgement", "--mail")["mail"]
    for each in (text, json.dumps(mail, ensure_ascii=False)):
        assert "Det finns ett meddelande till dig" in each
        for word in ("Bea", "Provgatan", "begäran", "GDPR", "dataskydd", id):
            assert word not in each


def test_an_answer_to_a_protected_identity_has_no_address_on_it(selling: Place) -> None:
    words = ("--protected", "--address", "Bea", "--address", "Provgatan 1", *KNOWN)
    told = asked(selling, "withdraw", *BEA, *words)
    asked(selling, "review", told["id"], "--by", "KL")
    asked(selling, "approve", told["id"], "--by", "KL")
    deliver(selling, told["id"])
    assert "Provgatan" not in said(selling)

"""Consent is recorded before its first use with the text that was shown, and taken back with less."""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import timedelta

import click
import pytest

from ombud.app.consenting import Giving, How, shown_in
from ombud.app.consenting import give as record
from ombud.cli.consent import WAYS, give, withdraw
from tests.cli.conftest import NOW
from tests.others.answers import project
from tests.suppression.conftest import ASTRID, MONA, Letters

TEXT = "Ja tack, skicka kurstips till min e-postadress. Jag kan säga nej när som helst.\n"
GIVE = ("consent", "give", "--purpose", "course_tips", "--text", "1", "--subject", f"email={MONA}")
WITHDRAW = ("consent", "withdraw", "--purpose", "course_tips", "--subject", f"email={MONA}")
SHOW = ("consent", "show", "--subject", f"email={MONA}")


@pytest.fixture
def place(letters: Letters) -> Letters:
    """Texts for both purposes that rest on consent; Mona has a tip, and no consent in any column."""
    letters.write("policy/consents/course_tips.1.sv.md", TEXT)
    letters.write("policy/consents/letter.1.sv.md", "Ja tack.\n")
    letters.sql("letters", "UPDATE tip SET opted_in = NULL, opted_out = NULL WHERE id = 1")
    return letters


def tips(place: Letters) -> list[int]:
    return [id for (id,) in place.sql("letters", "SELECT id FROM tip ORDER BY id")]


@pytest.mark.fact("R9")
def test_a_consent_is_recorded_with_the_text_that_was_shown_and_holds_the_data(place: Letters) -> None:
    done = place.run(*GIVE)
    assert done.exit_code == 0, done.output
    assert "Acknowledged by letters" in done.stdout
    place.sweep()
    assert tips(place) == [1, 2]
    (record,) = place.json(*SHOW)["records"]
    (purpose,) = record["pii_processing"]["purposes"]
    assert purpose["consent_text"] == {
        "version": "1",
        "language": "sv",
        "sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "text": TEXT,
    }


@pytest.mark.fact("R9")
def test_without_consent_the_data_is_due(place: Letters) -> None:
    place.sweep()
    assert tips(place) == [2]


@pytest.mark.fact("R9")
def test_a_withdrawal_is_one_call_and_ends_what_only_consent_held(place: Letters) -> None:
    place.run(*GIVE)
    done = place.run(*WITHDRAW)
    assert done.exit_code == 0, done.output
    assert place.check(MONA, purpose="course_tips") == []
    place.sweep(1)
    assert tips(place) == [2]


@pytest.mark.fact("R9")
def test_withdrawing_asks_for_no_more_than_giving() -> None:
    def asked(command: click.Command) -> set[str]:
        return {p.name or "" for p in command.params}

    def needed(command: click.Command) -> set[str]:
        return {p.name or "" for p in command.params if p.required}

    assert asked(withdraw) < asked(give)
    assert needed(withdraw) < needed(give)


def test_the_record_has_the_fields_of_the_specification_and_no_address(place: Letters) -> None:
    place.run(*GIVE, "--how", "paper")
    place.now = NOW + timedelta(days=2)
    place.run(*WITHDRAW, "--how", "phone")
    told = place.run(*SHOW, "--format", "json").stdout
    assert "mona" not in told
    (record,) = place.json(*SHOW)["records"]
    assert record["schema_version"] == "ISO/IEC TS 27560:2023"
    assert str(uuid.UUID(record["record_id"])) == record["record_id"]
    assert re.fullmatch(r"email:[0-9a-f]{64}", record["pii_principal_id"])
    (purpose,) = record["pii_processing"]["purposes"]
    assert purpose["lawful_basis"] == "eu-gdpr:A6-1-a"
    assert purpose["pii_controllers"] == ["north", "south"]
    assert purpose["retention_period"]["north"] == "until opted_out"
    assert [party["party_id"] for party in record["party_identification"]] == ["north", "south"]
    given, taken = record["events"]
    assert (given["event_state"], given["event_time"]) == ("dpv:ConsentGiven", "2026-06-01T10:00:00+00:00")
    assert (taken["event_state"], taken["effective_from"]) == ("dpv:ConsentWithdrawn", "2026-06-03")
    assert (given["indication_method"], taken["indication_method"]) == ("paper", "phone")


def test_consent_given_again_is_a_record_of_its_own(place: Letters) -> None:
    place.run(*GIVE)
    place.run(*WITHDRAW)
    place.now = NOW + timedelta(days=1)
    place.run(*GIVE)
    first, second = place.json(*SHOW)["records"]
    assert [len(first["events"]), len(second["events"])] == [2, 1]
    assert first["record_id"] != second["record_id"]


def test_who_objected_and_says_yes_since_is_heard(place: Letters) -> None:
    place.run("mark", "objected", "--subject", f"email={ASTRID}")
    assert place.check(ASTRID) == []
    place.run("consent", "give", "--purpose", "letter", "--text", "1", "--subject", f"email={ASTRID}")
    assert place.check(ASTRID) == [ASTRID]
    marks = place.json("mark", "--list")["marks"]
    assert [each["act"] for each in marks] == ["objected", "overridden", "consented"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"--text": "2"}, "C172"),
        ({"--language": "en"}, "C172"),
        ({"--purpose": "delivery"}, "C171"),
        ({"--purpose": "course_tip"}, "C071"),
        ({"--company": "nort"}, "C071"),
        ({"--day": "2026-06-02"}, "C173"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nothing_is_written(
    place: Letters, change: dict[str, str], code: str
) -> None:
    said = dict(zip(GIVE[2::2], GIVE[3::2], strict=True)) | change
    done = place.run("consent", "give", *(word for pair in said.items() for word in pair))
    assert done.exit_code == 1
    assert code in done.stderr
    assert not (place.directory / ".ombud" / "register.db").exists()


def test_from_python_it_is_the_same_words(place: Letters) -> None:
    assert {how.value for how in How} == set(WAYS)
    made = record(project(place.directory), Giving("letter", (f"email={MONA}",), "1", how=How.IN_PERSON))
    shown = shown_in(made.mark)
    assert shown is not None
    assert (shown.version, shown.language, shown.how) == ("1", "sv", "in_person")


def test_a_dry_run_writes_nothing(place: Letters) -> None:
    assert place.run(*GIVE, "--dry-run").exit_code == 0
    assert not (place.directory / ".ombud" / "register.db").exists()


def test_check_says_where_no_text_asks_for_consent_and_what_is_wrong_with_texts(place: Letters) -> None:
    assert "P06" not in place.run("check").stderr
    (place.directory / "policy/consents/letter.1.sv.md").unlink()
    place.write("policy/consents/delivery.1.sv.md", "Ja.")
    place.write("policy/consents/readme.md", "Ja.")
    place.write("policy/consents/course_tips.2.sv.md", " \n")
    told = place.run("check")
    assert told.exit_code == 1
    assert "letter rests on consent, and no text says what people consent to" in told.stderr
    assert {code for code in ("P060", "P061", "P062", "P063") if code in told.stderr} == {
        "P060",
        "P061",
        "P062",
        "P063",
    }


def test_a_text_that_is_edited_is_seen_by_its_hash(place: Letters) -> None:
    place.run(*GIVE)
    place.write("policy/consents/course_tips.1.sv.md", TEXT + "Och mer.\n")
    (record,) = place.json(*SHOW)["records"]
    (purpose,) = record["pii_processing"]["purposes"]
    assert purpose["consent_text"]["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert purpose["consent_text"]["text"] is None, "what the file says now is not what was shown"

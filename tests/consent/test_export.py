"""Consents leave as records by ISO/IEC TS 27560, by a schema that is published: with the wording, and all that came."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema import FormatChecker

from ombud.app import consent_record_schema
from tests.cli.conftest import NOW
from tests.consent.test_consent import GIVE, TEXT, WITHDRAW, place
from tests.suppression.conftest import ASTRID, Letters

__all__ = ["place"]

MUST = {
    "record": {"schema_version", "record_id", "pii_principal_id"},
    "processing": {"privacy_notice", "language", "purposes"},
    "purpose": {
        *("purpose", "pii_information", "pii_controllers", "storage_locations", "retention_period", "jurisdiction"),
        *("recipient_third_parties", "withdrawal_method"),
    },
    "party": {"party_id", "party_address", "party_name", "party_contact", "party_type"},
    "event": {"event_time", "validity_duration", "entity_id", "event_type", "event_state"},
}
"""What must be there by the specification, as the guide of DPV's community group lists it."""


def exported(place: Letters, *more: str) -> Any:
    done = place.run("consent", "export", "--out", "-", *more)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    schema = consent_record_schema.schema()
    jsonschema.Draft202012Validator(schema, format_checker=FormatChecker()).validate(said)
    return said["records"]


def test_the_published_schema_is_the_one_that_the_code_says_and_asks_for_what_the_specification_does() -> None:
    file = Path(consent_record_schema.__file__).with_name("consent-records.schema.json")
    assert file.read_text(encoding="utf-8") == consent_record_schema.text()
    jsonschema.Draft202012Validator.check_schema(consent_record_schema.schema())
    asked = {
        "record": consent_record_schema.RECORD["required"],
        "processing": consent_record_schema.RECORD["properties"]["pii_processing"]["required"],
        "purpose": consent_record_schema.PURPOSE["required"],
        "party": consent_record_schema.PARTY["required"],
        "event": consent_record_schema.EVENT["required"],
    }
    assert {name: MUST[name] - set(there) for name, there in asked.items()} == {name: set() for name in MUST}


@pytest.mark.fact("R9")
def test_a_record_has_the_wording_that_was_shown_and_the_withdrawal_after_the_consent(place: Letters) -> None:
    place.run(*GIVE, "--how", "paper")
    place.now = NOW + timedelta(days=2)
    place.run(*WITHDRAW, "--how", "phone")
    (record,) = exported(place)
    (purpose,) = record["pii_processing"]["purposes"]
    assert (purpose["consent_text"]["version"], purpose["consent_text"]["text"]) == ("1", TEXT)
    assert [(each["event_state"], each["validity_duration"]) for each in record["events"]] == [
        ("dpv:ConsentGiven", "until withdrawn"),
        ("dpv:ConsentWithdrawn", "none"),
    ]


def test_every_party_and_place_that_a_record_refers_to_is_in_it(place: Letters) -> None:
    place.run(*GIVE)
    (record,) = exported(place)
    (purpose,) = record["pii_processing"]["purposes"]
    known = {each["party_id"] for each in record["party_identification"]}
    assert {*purpose["pii_controllers"], *purpose["recipient_third_parties"]} <= known
    assert purpose["authority_party"] in {*known, None}
    assert purpose["jurisdiction"] == ["SE"]


def test_everybodys_consents_are_told_apart_or_one_persons_and_none_by_an_address(place: Letters) -> None:
    place.run(*GIVE)
    place.run("consent", "give", "--purpose", "letter", "--text", "1", "--subject", f"email={ASTRID}")
    everybody = exported(place)
    assert [each["pii_processing"]["purposes"][0]["purpose"] for each in everybody] == ["course_tips", "letter"]
    assert len({each["pii_principal_id"] for each in everybody}) == 2
    assert exported(place, "--subject", f"email={ASTRID}") == everybody[1:]
    assert exported(place, "--purpose", "course_tips") == everybody[:1]
    assert "@" not in json.dumps([each["pii_principal_id"] for each in everybody])
    assert ASTRID not in json.dumps(everybody)


def test_a_file_is_for_its_owner_alone_and_written_over_no_other(place: Letters) -> None:
    place.run(*GIVE)
    out = place.directory / "consents.json"
    assert place.run("consent", "export", "--out", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o077 == 0
    out.write_text("mine")
    refused = place.run("consent", "export", "--out", str(out))
    assert refused.exit_code == 1
    assert "C075" in refused.stderr
    assert out.read_text() == "mine"


def test_what_was_marked_without_its_text_says_so(place: Letters) -> None:
    place.run("mark", "consented", "--purpose", "letter", "--subject", f"email={ASTRID}")
    (record,) = exported(place)
    (purpose,) = record["pii_processing"]["purposes"]
    assert (purpose["consent_text"], record["pii_processing"]["language"]) == (None, None)

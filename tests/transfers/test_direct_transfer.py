"""What a person provided goes directly to another controller (Art. 20(2)): once, to who was agreed on, or why not."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ombud.app.loaded import Refused
from ombud.app.requests import transferring
from ombud.register.model import Why
from ombud.rights.model import Told
from tests.cli.conftest import Place
from tests.office import Office
from tests.recipients.servers import Site, Trust
from tests.transfers.conftest import agreed, key_shown_at

BEA = ("--subject", "email=bea@x.example")
KNOWN = ("--proof", "contact_point", "--how", "code", "--by", "KL")


def ported(project: Place, *more: str) -> str:
    """A request to take along what Bea provided, ready to be delivered."""
    told = project.json("request", "port", *BEA, *KNOWN, *more)
    assert told["state"] == "carried_out", told
    return str(told["id"])


def transfer(project: Place, id: str, *more: str) -> dict[str, Any]:
    return dict(project.json("request", "transfer", id, "--to", "grannen", "--by", "KL", *more))


def deliver(project: Place, id: str) -> dict[str, Any]:
    out = str(project.directory / "out")
    return dict(
        project.json("request", "deliver", id, "--out", out, "--how", "post", "--without-address", "--by", "KL")
    )


def codes(told: dict[str, Any]) -> list[str]:
    return [each["code"] for each in told["findings"]]


def letter(project: Place, id: str) -> str:
    """What the person is told of the transfer."""
    return (project.directory / "out" / f"transfer-1-{id}.pdf").read_text("utf-8")


@pytest.mark.fact("R5")
def test_the_data_goes_to_who_shows_the_key_that_was_agreed_on_and_the_person_has_the_receipt(
    project: Place, site: Site
) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    id = ported(project)
    told = transfer(project, id)
    assert (told["transfers"], codes(told), told["state"]) == ({"grannen": "told"}, [], "carried_out")
    ((method, path, headers, body),) = site.requests
    assert (method, path, headers["content-type"]) == ("PUT", "/in", "application/zip")
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        data = json.loads(packed.read("data.json"))
    assert {record["table"] for record in data["records"]} == {"customer", "orders", "ticket"}
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    assert headers["content-digest"] == digest
    done = deliver(project, id)
    assert done["state"] == "closed"
    assert digest in letter(project, id)
    assert "Grannen AB" in letter(project, id)
    (zipped,) = (project.directory / "out").glob("*.zip")
    assert zipped.read_bytes() == body


@pytest.mark.fact("R5")
def test_another_key_gets_nothing_not_even_who_asks(project: Place, site: Site, elsewhere: Site) -> None:
    agreed(project, elsewhere.port, f'public_key: "{key_shown_at(site.port)}"')
    id = ported(project)
    told = transfer(project, id)
    assert (told["transfers"], codes(told)) == ({"grannen": "open"}, ["C219"])
    assert elsewhere.requests == []


def test_a_name_that_was_agreed_on_is_vouched_for_by_a_known_authority(
    project: Place, site: Site, elsewhere: Site, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.ca))
    agreed(project, site.port, "tls_name: localhost")
    assert transfer(project, ported(project))["transfers"] == {"grannen": "told"}
    project.replace("ombud.yaml", f":{site.port}/", f":{elsewhere.port}/")
    assert transfer(project, ported(project))["transfers"] == {"grannen": "open"}
    project.replace("ombud.yaml", f":{elsewhere.port}/", f":{site.port}/")
    project.replace("ombud.yaml", "tls_name: localhost", "tls_name: grannen.example")
    assert transfer(project, ported(project))["transfers"] == {"grannen": "open"}
    assert (len(site.requests), elsewhere.requests) == (1, [])


def test_data_goes_to_nobody_whom_the_project_file_does_not_name(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    told = project.json("request", "transfer", ported(project), "--to", "someone", "--by", "KL")
    assert codes(told) == ["C217"]
    assert site.requests == []


@pytest.mark.parametrize("by", ["", 'tls_name: localhost, public_key: "KEY"'])
def test_by_what_they_are_known_is_said_once(project: Place, site: Site, by: str) -> None:
    agreed(project, site.port, by.replace("KEY", key_shown_at(site.port)) or "takes: zip")
    assert "C216" in codes(project.json("check"))


def test_a_json_taker_gets_the_data_alone_signed_with_the_secret_that_is_shared(project: Place, site: Site) -> None:
    more = ', takes: json, method: POST, secret: "${GRANNEN_SECRET}"'
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"', more)
    id = ported(project)
    assert codes(transfer(project, id)) == ["C021"]
    project.environ["GRANNEN_SECRET"] = f"whsec_{base64.b64encode(b'0' * 32).decode()}"
    assert transfer(project, id)["transfers"] == {"grannen": "told"}
    ((method, _, headers, body),) = site.requests
    assert (method, headers["content-type"]) == ("POST", "application/json")
    assert headers["webhook-signature"].startswith("v1,")
    assert json.loads(body)["kind"] == "port"


# --- what is not taken ----------------------------------------------------------------------------------------------


def test_what_is_not_taken_now_is_tried_again_under_the_same_key_and_then_once(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    site.answers += [(503, {}), (200, {})]
    id = ported(project)
    assert codes(transfer(project, id)) == ["C219"]
    refused = deliver(project, id)
    assert codes(refused) == ["C130"]
    assert not (project.directory / "out").exists()
    project.json("request", "work")
    assert len(site.requests) == 1, "it is not tried again before its time"
    project.now += timedelta(hours=1)
    (worked,) = project.json("request", "work")["requests"]
    assert worked["transfers"] == {"grannen": "told"}
    project.now += timedelta(hours=1)
    project.json("request", "work")
    first, again = (headers["idempotency-key"] for _, _, headers, _ in site.requests)
    assert first == again
    assert deliver(project, id)["state"] == "closed"


@pytest.mark.fact("R5")
def test_who_refuses_for_good_is_not_asked_again_and_the_person_is_told(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    site.answers += [(415, {})]
    id = ported(project)
    told = transfer(project, id)
    assert (told["transfers"], codes(told)) == ({"grannen": "impossible"}, ["C220"])
    project.now += timedelta(days=1)
    project.json("request", "work")
    assert len(site.requests) == 1
    assert deliver(project, id)["state"] == "closed"
    assert "it takes no such form" in letter(project, id)
    assert "kunde inte överföras" in letter(project, id)


def test_what_was_refused_may_be_tried_anew(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    site.answers += [(415, {})]
    id = ported(project)
    transfer(project, id)
    assert transfer(project, id)["transfers"] == {"grannen": "told"}
    first, again = (headers["idempotency-key"] for _, _, headers, _ in site.requests)
    assert first != again


def test_whom_the_person_asked_for_gets_it_or_they_are_told_why_not(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    id = ported(project, "--to", "Kooperativet")
    assert codes(deliver(project, id)) == ["C221"]
    refused = project.json("request", "transfer", id, "--by", "KL")
    assert codes(refused) == ["C217"]
    told = project.json("request", "transfer", id, "--not", "they take no data over", "--by", "KL")
    assert told["transfers"] == {"Kooperativet": "impossible"}
    assert deliver(project, id)["state"] == "closed"
    assert "they take no data over" in letter(project, id)
    assert site.requests == []


def test_what_waits_and_is_given_up_is_not_sent(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    site.answers += [(503, {})]
    id = ported(project)
    transfer(project, id)
    assert transfer(project, id, "--not", "they never answer")["transfers"] == {"grannen": "impossible"}
    project.now += timedelta(days=1)
    project.json("request", "work")
    assert len(site.requests) == 1


def test_who_is_killed_after_handing_over_writes_it_down_later_and_hands_over_once(
    project: Place, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    id = ported(project)
    with monkeypatch.context() as killed:
        killed.setattr(transferring, "settle", lambda desk, opened: opened)
        killed.setattr("ombud.app.requests.working.settle", lambda desk, opened: opened)
        assert transfer(project, id)["transfers"] == {"grannen": "open"}
    (worked,) = project.json("request", "work")["requests"]
    assert worked["transfers"] == {"grannen": "told"}
    assert len(site.requests) == 1


def test_what_somebody_is_handing_over_just_now_is_not_given_up(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    site.answers += [(503, {})]
    id = ported(project)
    transfer(project, id)
    office = Office.of(project.directory, (project.now + timedelta(days=1)).date())
    assert office.desk.store.claim(1, office.desk.now(), 600, only=Why.TRANSFER)
    with pytest.raises(Refused) as refused:
        transferring.give_up(office.desk, office.read(id), "grannen", "they never answer", "KL")
    assert [each.code for each in refused.value.findings] == ["C222"]
    assert office.read(id).request.transfers["grannen"].told is Told.OPEN


# --- who may not ----------------------------------------------------------------------------------------------------


def test_only_what_is_to_be_taken_along_is_handed_over(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    id = project.json("request", "access", *BEA, *KNOWN)["id"]
    assert codes(transfer(project, id)) == ["C130"]
    assert codes(project.json("request", "port", *BEA, *KNOWN[:-2], "--to", "x", "--by", "KL")) == []
    assert site.requests == []


def test_of_a_protected_identity_a_named_handler_alone_hands_over(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    told = project.json("request", "port", *BEA, "--proof", "staff", "--second", "AO", "--protected", "--by", "KL")
    project.json("request", "review", told["id"], "--by", "KL")
    project.json("request", "approve", told["id"], "--by", "KL")
    other = project.json("request", "transfer", told["id"], "--to", "grannen", "--by", "BO")
    assert codes(other) == ["C178"]
    site.answers += [(503, {})]
    assert codes(transfer(project, told["id"])) == ["C219"]
    project.now += timedelta(hours=1)
    project.json("request", "work")
    assert len(site.requests) == 1, "no machine hands it over"
    project.now += timedelta(days=1)
    assert transfer(project, told["id"])["transfers"] == {"grannen": "told"}


def test_nothing_of_the_person_stands_in_what_is_told_or_kept(project: Place, site: Site) -> None:
    agreed(project, site.port, f'public_key: "{key_shown_at(site.port)}"')
    id = ported(project)
    told = transfer(project, id)
    assert "bea" not in json.dumps(told).lower()
    deliver(project, id)
    kept = b"".join(path.read_bytes() for path in Path(project.directory, ".ombud").glob("requests.db*"))
    assert b"bea@x.example" not in kept

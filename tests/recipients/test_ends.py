"""What a sweep deletes goes at the recipient too: one notice for each handing-over, once (P15)."""

from __future__ import annotations

import json

import pytest

from tests.recipients.group import Group
from tests.recipients.servers import Site, Trust
from tests.recipients.test_messengers import SECRET


def sweep(group: Group) -> None:
    plan = group.directory / "plan.json"
    assert group.run("plan", "--source", "events", "--out", str(plan)).exit_code == 0
    assert group.run("apply", str(plan), "--allow").exit_code == 0


@pytest.mark.fact("P15")
def test_when_an_event_is_over_the_allergy_goes_at_the_caterer_too(
    group: Group, site: Site, trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.ca))
    group.environ |= {"CATERER_URL": site.url, "CATERER_SECRET": SECRET}
    hook = '{webhook: "${CATERER_URL}", secret: "${CATERER_SECRET}", inside: [127.0.0.0/8]}'
    group.say(f"recipients: {{caterer: {hook}}}\n")
    (place,) = group.sql(
        "events",
        "SELECT place_card FROM caterer_list JOIN allergy ON allergy_id = allergy.id "
        "JOIN registration ON registration_id = registration.id WHERE email = 'ingrid@dalgarde.example'",
    )[0]

    first = group.json("recipients", "--sync")
    assert (first["gone"], first["notices"], first["findings"]) == (0, 0, [])
    before = dict(group.sql("events", "SELECT id, place_card FROM caterer_list"))
    sweep(group)
    after = dict(group.sql("events", "SELECT id, place_card FROM caterer_list"))
    gone = sorted(before[id] for id in before.keys() - after.keys())
    assert place in gone
    assert after

    synced = group.json("recipients", "--sync")
    assert (synced["new"], synced["gone"], synced["notices"]) == (0, len(gone), len(gone))
    assert group.json("recipients", "--tell")["sent"] == len(gone)
    bodies = [json.loads(body) for _, _, _, body in site.requests]
    assert sorted(each for body in bodies for each in body["data"]["known_as"]) == gone
    assert {body["type"] for body in bodies} == {"personal_data.retention_ended"}
    assert not any("ingrid" in body.decode().lower() for _, _, _, body in site.requests)
    again = group.json("recipients", "--sync")
    assert (again["gone"], again["notices"]) == (0, 0)
    assert group.json("recipients", "--tell")["sent"] == 0
    assert group.json("recipients")["recipients"][0]["told"] == {"sent": len(gone), "waiting": 0, "given_up": 0}


def test_how_a_recipient_knows_somebody_is_sealed_and_forgotten_with_the_last_notice(group: Group) -> None:
    group.json("recipients", "--sync")
    kept = group.directory / ".ombud" / "requests.db"
    assert b"Plats " not in kept.read_bytes()
    group.sql("events", "DELETE FROM caterer_list WHERE id = 1")
    group.json("recipients", "--sync")
    (notice,) = group.json("recipients", "--waiting")["waiting"]
    assert "Plats" in group.json("recipients", "--letter", str(notice["notice"]))["text"]
    disclosure = group.store().waiting()[0].disclosure
    assert disclosure is not None
    assert group.store().particulars_of([disclosure])[disclosure].known_as == ""


def test_a_source_that_cannot_be_read_makes_nothing_gone(group: Group) -> None:
    group.json("recipients", "--sync")
    (group.directory / "events.db").write_bytes(b"no database")
    synced = group.json("recipients", "--sync")
    assert (synced["gone"], synced["notices"]) == (0, 0)
    assert synced["findings"]


def test_what_was_shared_until_a_day_is_called_back_the_day_after(group: Group) -> None:
    said = ("--subject", "email=cecilia@ronnbrink.example", "--purpose", "customer_delivery", "--company", "konsult")
    group.json("share", "supplier", *said, "--until", "2026-12-02", "--known-as", "Kund 4711")
    group.later(days=2)
    assert group.json("recipients", "--sync")["notices"] == 0
    group.later(days=1)
    assert group.json("recipients", "--sync")["notices"] == 1
    group.later(days=1)
    assert group.json("recipients", "--sync")["notices"] == 0


def test_a_letter_is_settled_by_who_sent_it_or_by_who_says_why_not(group: Group) -> None:
    group.json("recipients", "--sync")
    group.sql("events", "DELETE FROM caterer_list WHERE id IN (1, 2)")
    group.json("recipients", "--sync")
    assert group.json("recipients", "--tell") == {"sent": 0, "later": 0, "given_up": 0, "by_hand": 2, "findings": []}
    one, two = (each["notice"] for each in group.json("recipients", "--waiting")["waiting"])
    assert group.run("recipients", "--told", str(one)).exit_code == 2
    for nobody in ("ombud", "Person", " OMBUD "):
        refused = group.run("recipients", "--told", str(one), "--because", "registered letter 1", "--by", nobody)
        assert (refused.exit_code, "nobody on the staff" in " ".join(refused.output.split())) == (2, True)
    by = ("--by", "kim")
    assert group.run("recipients", "--told", str(one), "--because", "registered letter 1", *by).exit_code == 0
    assert group.run("recipients", "--excuse", str(two), "--because", "wound up in 2025", *by).exit_code == 0
    assert group.json("recipients", "--waiting")["waiting"] == []
    assert group.codes("recipients", "--told", str(one), "--because", "again", *by) == ["C183"]

"""Who has had a person's data, by name: as the databases say, as somebody wrote down, and who else may have."""

from __future__ import annotations

import pytest

from ombud.app.extracting import extract
from tests.recipients.group import Group

INGRID = ("recipients", "--subject", "email=ingrid@dalgarde.example")


@pytest.mark.fact("R10")
@pytest.mark.fact("R1")
def test_a_guest_is_told_the_caterers_own_name_the_day_and_who_else_may_have_it(group: Group) -> None:
    told = group.json(*INGRID)["recipients"]
    assert [(each["recipient"], each["how"], each["name"]) for each in told] == [
        ("caterer", "received", "Påhittade Smörgåsar AB"),
        ("supplier", "may receive", ""),
    ]
    assert (told[0]["purpose"], told[0]["day"]) == ("event_catering", "2026-11-18")
    assert (told[0]["agreement"], told[0]["regions"]) == ("caterer_terms", ["eea"])


def test_nobody_elses_recipients_are_told(group: Group) -> None:
    told = group.json("recipients", "--subject", "email=karin@sjobacke.example")["recipients"]
    assert {each["recipient"] for each in told} == {"supplier"}


def test_what_was_not_sent_yet_was_handed_to_nobody(group: Group) -> None:
    group.sql("events", "CREATE TABLE kept AS SELECT * FROM caterer_list")
    group.sql("events", "DROP TABLE caterer_list")
    nullable = "id INTEGER PRIMARY KEY, caterer_id INTEGER NOT NULL REFERENCES caterer (id), "
    nullable += "allergy_id INTEGER NOT NULL REFERENCES allergy (id), place_card TEXT, what TEXT, sent_at TIMESTAMP"
    group.sql("events", f"CREATE TABLE caterer_list ({nullable})")
    group.sql("events", "INSERT INTO caterer_list SELECT * FROM kept")
    group.sql("events", "DROP TABLE kept")
    group.sql("events", "UPDATE caterer_list SET sent_at = NULL")
    assert [each["recipient"] for each in group.json(*INGRID)["recipients"]] == ["supplier"]


@pytest.mark.fact("R10")
def test_what_somebody_wrote_down_is_told_too_and_stays_when_the_data_is_gone(group: Group) -> None:
    cecilia = ("--subject", "email=cecilia@ronnbrink.example")
    said = ("--purpose", "customer_delivery", "--company", "konsult", "--name", "Frakt & Bud AB")
    assert group.run("share", "supplier", *cecilia, *said).exit_code == 0
    told = group.json("recipients", *cecilia)["recipients"]
    assert ("Frakt & Bud AB", "received") in {(each["name"], each["how"]) for each in told}
    group.sql("crm", "PRAGMA foreign_keys = OFF")
    for table in ("customer", "former_email"):
        group.sql("crm", f"DELETE FROM {table}")
    told = group.json("recipients", *cecilia)["recipients"]
    assert ("Frakt & Bud AB", "received") in {(each["name"], each["how"]) for each in told}


def test_a_row_that_says_it_was_handed_over_changes_nothing_of_what_is_held(group: Group) -> None:
    before = extract(group.loaded(), ["email=ingrid@dalgarde.example"], "")
    path = group.directory / "datamap" / "events.yaml"
    text = path.read_text(encoding="utf-8")
    line = "    disclosed: {to: caterer, day: sent_at, name: caterer.name, known_as: place_card}\n"
    assert line in text
    path.write_text(text.replace(line, ""), encoding="utf-8")
    assert extract(group.loaded(), ["email=ingrid@dalgarde.example"], "").records == before.records


def test_recipients_are_listed_with_what_they_may_do_where_and_how_they_are_told(group: Group) -> None:
    group.say('recipients: {caterer: {post: "Box 1, 111 11 Stockholm"}}\n')
    told = {each["id"]: each for each in group.json("recipients")["recipients"]}
    assert set(told) == {"caterer", "partner", "recruitment_consultant", "supplier"}
    assert (told["caterer"]["told_by"], told["supplier"]["told_by"]) == ("post", "by hand")
    assert told["partner"]["own_marketing"] is True
    assert told["supplier"]["regions"][1] == {"region": "united_kingdom", "safeguard": "adequacy"}
    assert "under caterer_terms of 2026-02-02: serve food" in group.run("recipients").output

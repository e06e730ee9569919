"""Who asks, at the terminal: what is typed where, and what nobody sees there."""

from __future__ import annotations

import json
import re
from typing import Any

from click.testing import CliRunner, Result

from ombud.cli.program import program
from tests.identity.people import ANNA, MARKED
from tests.identity.shop import PEOPLE, Shop
from tests.identity.test_asked_by_address import code_in
from tests.recipients.servers import Inbox


def run(shop: Shop, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(
        program, [*words, "--project", str(shop.folder)], obj=shop.around, input=typed, catch_exceptions=False
    )


def told(shop: Shop, *words: str, typed: str = "") -> dict[str, Any]:
    return dict(json.loads(run(shop, *words, "--format", "json", typed=typed).stdout))


def test_a_code_is_sent_and_taken(corner: Shop, inbox: Inbox) -> None:
    id = told(corner, "request", "access", "--subject", "email=anna@x.example", "--by", "KL")["id"]
    shown = run(corner, "request", "show", id).stdout
    assert "needed: contact point, by a code by e-mail" in " ".join(shown.split())
    assert told(corner, "request", "verify", id, "--by", "KL")["state"] == "identity"
    wrong = told(corner, "request", "verify", id, "--code", "1", "--by", "KL")
    assert [each["code"] for each in wrong["findings"]] == ["C177"]
    taken = told(corner, "request", "verify", id, "--code", code_in(inbox.mails[0]), "--by", "KL")
    assert taken["state"] == "carried_out"


def test_without_a_mail_server_nothing_is_asked(corner: Shop) -> None:
    id = told(corner, "request", "access", "--subject", "email=anna@x.example", "--by", "KL")["id"]
    refused = told(corner, "request", "verify", id, "--by", "KL")
    assert [each["code"] for each in refused["findings"]] == ["C163"]
    assert told(corner, "request", "show", id)["state"] == "received"


def test_a_late_question_is_warned_of(corner: Shop) -> None:
    said = ("request", "access", "--subject", "email=anna@x.example", "--received", "2027-01-02", "--by", "KL")
    asked = told(corner, "request", "identify", told(corner, *said)["id"], "--proof", "asked", "--by", "KL")
    assert asked["state"] == "identity"
    assert [(each["code"], each["level"]) for each in asked["findings"]] == [("C174", "warning")]


def test_of_a_protected_identity_the_terminal_shows_nobody_but_the_named(corner: Shop) -> None:
    said = ("request", "access", "--subject", "email=home@x.example", "--protected", "--proof", "staff")
    id = told(corner, *said, "--second", "AO", "--by", "KL")["id"]
    for by in ((), ("--by", "AO")):
        seen = run(corner, "request", "show", id, "--history", *by).stdout
        assert "protected" in seen
        assert not re.search("shop/customer|vouch|staff|email", seen)
    seen = run(corner, "request", "show", id, "--history", "--by", "KL").stdout
    assert "shop/customer/4" in seen
    assert "others have the same identifier" in " ".join(seen.split())


def test_the_registered_address_is_on_the_letter_and_nowhere_at_the_terminal(corner: Shop) -> None:
    corner.says("population: {file: people.csv}\n")
    said = ("request", "access", "--subject", "email=anna@x.example", "--proof", "signed", "--way", "post")
    id = told(corner, *said, "--by", "KL")["id"]
    seen = " ".join(run(corner, "request", "show", id).stdout.split())
    assert f"waits for the registered address: ombud request address {id} " in seen
    assert "waits for delivery" not in seen, "there is no answer to deliver yet"
    out = run(corner, "request", "address", id, "--by", "KL")
    out2 = run(corner, "request", "deliver", id, "--out", str(corner.folder / "out"), "--how", "post", "--by", "KL")
    assert (out.exit_code, out2.exit_code) == (0, 0), out2.output
    assert "Storgatan" not in out.output + out2.output
    assert [path.suffix for path in sorted((corner.folder / "out").iterdir())] == [".json", ".pdf", ".zip"]


def test_who_only_signed_has_nothing_handed_to_another_controller(corner: Shop) -> None:
    corner.says("population: {file: people.csv}\n")
    corner.says(
        'controllers: {grannen: {name: Grannen AB, url: "https://grannen.example/in", tls_name: grannen.example}}\n'
    )
    said = ("request", "port", "--subject", "email=anna@x.example", "--proof", "signed", "--way", "post")
    id = told(corner, *said, "--by", "KL")["id"]
    refused = told(corner, "request", "transfer", id, "--to", "grannen", "--by", "KL")
    assert [each["code"] for each in refused["findings"]] == ["C218"]


def test_a_number_is_read_and_neither_name_nor_address_is_told(corner: Shop) -> None:
    corner.says("population: {file: people.csv}\n")
    for entry, says in ((ANNA, "registered"), (MARKED, "sekretessmarkering")):
        shown = run(corner, "population", "look-up", "--by", "KL", typed=f"{entry.number}\n").output
        assert says in shown
        assert not re.search(f"Lind|Norrskog|Storgatan|{entry.number}", shown)


def test_what_one_typed_is_believed_once_another_has(corner: Shop) -> None:
    corner.says("population: by_hand\n")
    line = next(each for each in PEOPLE.splitlines() if each.startswith(ANNA.number)) + "\n"
    number = f"{ANNA.number}\n"
    assert told(corner, "population", "type", "--by", "KL", typed=line)["typed"] is True
    assert told(corner, "population", "look-up", "--by", "KL", typed=number)["found"] is False
    alone = told(corner, "population", "confirm", "--by", "KL", typed=line)
    assert [each["code"] for each in alone["findings"]] == ["C179"]
    assert told(corner, "population", "confirm", "--by", "AO", typed=line)["confirmed"] is True
    assert told(corner, "population", "look-up", "--by", "KL", typed=number)["address"] is True
    wrong = told(corner, "population", "type", "--by", "KL", typed="1;2\n")
    assert [each["code"] for each in wrong["findings"]] == ["I001"]


def test_a_project_without_a_register_says_which_there_are(corner: Shop) -> None:
    refused = told(corner, "population", "look-up", "--by", "KL", typed="1\n")
    assert [each["code"] for each in refused["findings"]] == ["C179"]

"""What the firm sends out, and who reads it: web users, mailing lists, a scenario of letters and the links in them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from passlib.hash import pbkdf2_sha512

from bench.discover.people import Person
from bench.discover.tryton_parties import PICTURE, Firm
from bench.discover.tryton_rows import acting, at, found, made, plain

LETTER = "<html><body><p>Hej {party}!</p><a href='https://furuvik.example/var'>Se vårens varor</a></body></html>"


def begun(user: Any, firm: Firm) -> dict[str, Any]:
    """A list, a scenario with two letters and a notification, written by `user`."""
    with acting(user, firm.company):
        language = found("ir.lang", ("code", "=", "sv"))
        scenario = made("marketing.automation.scenario", name="Vår", model="party.party", domain="[]", state="draft")
        first = made(
            "marketing.automation.activity",
            name="Första brevet",
            parent=scenario,
            action="send_email",
            email_from=f"{user.name} <{user.email}>",
            email_title="Hej",
            email_template=LETTER,
        )
        made(
            "notification.email",
            from_="butik@furuvik.example",
            subject="Välkommen",
            content=found("ir.action.report", ("report_name", "=", "web.user.email_validation")),
            contact_mechanism="invoice",
        )
        made(
            "ir.email.template",
            name="Påminnelse",
            model=found("ir.model", ("model", "=", "party.party")),
            subject="Påminnelse",
            body=f"<p>Hör av dig till {user.name}.</p>",
        )
        return {
            "list": made("marketing.email.list", name="Nyhetsbrev", language=language),
            "scenario": scenario,
            "first": first,
            "user": user,
            "firm": firm,
        }


def written(person: Person, party: Any, letters: dict[str, Any], chance: random.Random) -> None:
    """How a customer meets the firm on the web and in letters."""
    if person.number % 12 != 5 and person.number % 4:  # those who share a mailbox have one account
        _web_user(person, party)
        if chance.random() < 0.6:
            made(
                "marketing.email",
                email=person.email,
                list_=letters["list"],
                email_token=f"{person.number:064x}",
                active=bool(person.number % 9),
            )
    if person.number % 3 == 0:
        _automated(person, party, letters, chance)


def _web_user(person: Person, party: Any) -> None:
    hashed = pbkdf2_sha512.using(rounds=1000, salt=f"webb{person.number:08}".encode()).hash("invented")
    asked = person.number % 10 == 3
    user = made(
        "web.user",
        email=person.email,
        email_valid=bool(person.number % 3),
        email_token=None if person.number % 3 else f"{person.number:064x}",
        password_hash=hashed,
        reset_password_token=f"{person.number + 1:064x}" if asked else None,
        reset_password_token_expire=plain(person.met + timedelta(days=1)) if asked else None,
        party=party,
    )
    made("web.user.session", user=user, key=f"{person.number:064x}")
    if person.number % 7 == 0:
        made("ir.avatar", resource=user, image=PICTURE + bytes(person.given, "utf-8"))
    if person.number % 6 == 1:
        made(
            "web.user.authenticate.attempt",
            login=person.email,
            device_cookie=f"{person.number:032x}",
            ip_address=person.ip,
            ip_network=f"{person.ip.rpartition('.')[0]}.0/24" if "." in person.ip else "2001:db8::/56",
        )
    if person.number % 12 == 6:
        made("web.user-party.party.secondary", user=user, party=party)


def _automated(person: Person, party: Any, letters: dict[str, Any], chance: random.Random) -> None:
    record = made(
        "marketing.automation.record",
        scenario=letters["scenario"],
        record=party,
        blocked=person.number % 15 == 0,
        uuid=f"{person.number:032x}",
    )
    opened = chance.random() < 0.6
    activity = made(
        "marketing.automation.record.activity",
        record=record,
        activity=letters["first"],
        at=plain(person.met + timedelta(days=3)),
        email_opened=opened,
        email_clicked=opened and person.number % 2 == 0,
        state="done",
    )
    letter = made(
        "ir.email",
        resource=party,
        recipients=person.email,
        subject="Hej",
        body=LETTER.format(party=party.name),
        marketing_automation_activity=letters["first"],
        marketing_automation_record=record,
    )
    made("ir.email.address", email=letter, address=person.email)
    link = made(
        "web.shortened_url",
        redirect_url=f"https://furuvik.example/var?r={record.uuid}",
        record=activity,
        method="marketing.automation.record.activity|on_email_clicked",
    )
    if opened:
        at(person.met + timedelta(days=4))
        made("web.shortened_url.access", url=link)
    if person.number % 15 == 0:
        made("party.party-unsubscribed-marketing.automation.scenario", party=party, scenario=letters["scenario"])


def sent(letters: dict[str, Any]) -> None:
    """The letter of news to all on the list."""
    with acting(letters["user"], letters["firm"].company):
        message = made(
            "marketing.email.message",
            from_=f"{letters['user'].name} <{letters['user'].email}>",
            list_=letters["list"],
            title="Vårens varor",
            content=LETTER.format(party="kund"),
        )
        made("web.shortened_url", redirect_url="https://furuvik.example/nytt", record=message)

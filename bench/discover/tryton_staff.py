"""Those who work at the firm: their log-in, their settings, their hours."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from passlib.hash import pbkdf2_sha512

from bench.discover.people import Person
from bench.discover.tryton_parties import Firm, hired
from bench.discover.tryton_rows import acting, at, found, made, model, plain, shipped

TASKS = "Packade order;Ringde {given}s kunder;Inventering;Möte med revisorn;Hemma med sjukt barn".split(";")


def employee(person: Person, firm: Firm, chance: random.Random) -> Any:
    """A user who is employed at the firm, and what the framework keeps of them."""
    at(person.met)
    others = model("company.employee").search([], limit=1)
    worker = hired(person, firm, others[0] if others else None)
    user = made(
        "res.user",
        name=person.name,
        login=person.username,
        email=person.email,
        mobile=person.phone or None,
        password_hash=pbkdf2_sha512.using(rounds=1000, salt=f"salt{person.number:08}".encode()).hash("invented"),
        password_reset=f"r{person.number:07}" if person.number % 4 == 1 else None,
        password_reset_expire=plain(person.met + timedelta(days=1)) if person.number % 4 == 1 else None,
        signature=f"Vänliga hälsningar\n{person.name}\n{person.phone}",
        language=found("ir.lang", ("code", "=", "en")),
        companies=[firm.company],
        company=firm.company,
        employees=[worker],
        employee=worker,
    )
    image = b"\x89PNG of " + bytes(person.given, "utf-8")
    avatar = made("ir.avatar", resource=user, image=image)
    made("ir.avatar.cache", avatar=avatar, image=image, size=32)
    role = found("res.role") if person.number > 1 else made("res.role", name="Säljare")
    made("res.user.role", user=user, role=role, from_date=plain(person.met))
    made("res.user-res.group", user=user, group=shipped("res", "group_admin"))
    with acting(user, firm.company):
        _logged_in(person, user)
        _arranged(person, user)
        _worked(person, worker, firm, chance)
    return user


def _logged_in(person: Person, user: Any) -> None:
    made("res.user.device", login=user.login, cookie=f"{person.number:032x}")
    made("ir.session", key=f"{person.number:064x}")
    made("ir.session.wizard", data=f'{{"ask": {{"email": "{person.email}"}}}}')
    made("res.user.application", user=user, key=f"{person.number:0128x}", application="timesheet")
    made("res.user.login.sms_code", user_id=user.id, code=f"{person.number:06}")
    for wrong in range(person.number % 3):
        made(
            "res.user.login.attempt",
            login=user.login if wrong else f"{user.login} ",
            device_cookie=f"{person.number:032x}",
            ip_address=person.ip,
            ip_network=f"{person.ip.rpartition('.')[0]}.0/24" if "." in person.ip else "2001:db8::/56",
        )


def _arranged(person: Person, user: Any) -> None:
    """What a user set for their own screen."""
    domain = f'[["rec_name", "ilike", "%{person.family}%"]]'
    made("ir.ui.view_search", name=f"{person.given}s kunder", model="party.party", domain=domain, user=user)
    made("ir.ui.view_tree_width", model="party.party", field="name", user=user, width=180 + person.number)
    made("ir.ui.view_tree_optional", view_id=found("ir.ui.view"), field="code", user=user, value=True)
    made("ir.ui.view_tree_state", model="ir.ui.menu", domain="[]", user=user, child_name="childs", nodes="[[1]]")
    made("ir.ui.menu.favorite", menu=found("ir.ui.menu", ("parent", "!=", None)), user=user)
    made("res.user.warning", user=user, name=f"party_duplicate_{person.number}", always=True)
    if person.number % 3 == 0:
        export = made("ir.export", name=f"Till {person.given}", resource="party.party", user=user)
        made("ir.export.line", name="rec_name", export=export)


def _worked(person: Person, worker: Any, firm: Firm, chance: random.Random) -> None:
    work = found("timesheet.work") if person.number > 1 else made("timesheet.work", name="Lager", company=firm.company)
    for turn in range(6):
        came = person.met.replace(hour=7) + timedelta(days=turn + 1, hours=turn % 2)
        at(came)
        for kind, when in (("in", came), ("out", came + timedelta(hours=8))):
            values = {"at": plain(when), "date": when.date(), "type": kind}
            made("attendance.line", company=firm.company, employee=worker, **values)
        made(
            "timesheet.line",
            company=firm.company,
            employee=worker,
            date=came.date(),
            duration=timedelta(hours=chance.randrange(2, 9)),
            work=work,
            description=chance.choice(TASKS).format(given=person.given) if turn % 2 else None,
            uuid=f"{person.number:016x}{turn:016x}",
        )

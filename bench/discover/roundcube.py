"""Roundcube, a webmail reader, on SQLite: the SQL file of its Debian package, then plain SQL.

Most people here are no users: they stand in somebody's address book, as correspondents do.
"""

from __future__ import annotations

import base64
import json
import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.discover.install import package
from bench.discover.people import Person, people

SIGNATURE = "-- \n{name}\n{street}, {postcode} {town}\n{phone}"


def build(folder: Path) -> str:
    """Make `folder`/roundcube.sqlite3 anew; return its URL."""
    schema = package(folder, "roundcube-core") / "usr/share/roundcube/SQL/sqlite.initial.sql"
    database = folder / "roundcube.sqlite3"
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as link:
        link.executescript(schema.read_text())
        _fill(link)
        link.commit()
    return f"sqlite:///{database}"


def _fill(link: sqlite3.Connection) -> None:
    chance = random.Random(3)
    users, others = people(60, seed=4), people(240, seed=5)
    for user in users:
        _user(link, user)
        friends = chance.sample(others, chance.randrange(3, 9))
        for friend in friends:
            _contact(link, user, friend)
        if user.number % 3 == 0:
            _group(link, user)
        for stranger in chance.sample(others, 4):
            row = (user.number, _time(user, 3), stranger.name, stranger.email, chance.choice((1, 2)))
            _put(link, "collected_addresses", "user_id, changed, name, email, type", row, ignore=True)
        _letters(link, user, friends[0], chance)
        _session(link, user)


def _put(link: sqlite3.Connection, table: str, columns: str, row: tuple[object, ...], ignore: bool = False) -> int:
    """Insert one row and return its rowid."""
    marks = ", ".join("?" * len(row))
    done = link.execute(f"INSERT {'OR IGNORE ' if ignore else ''}INTO {table} ({columns}) VALUES ({marks})", row)
    return done.lastrowid or 0


def _time(person: Person, days: int) -> str:
    return f"{person.met + timedelta(days=days):%Y-%m-%d %H:%M:%S}"


def _user(link: sqlite3.Connection, user: Person) -> None:
    settings = f'a:2:{{s:8:"timezone";s:16:"Europe/Stockholm";s:11:"client_hash";s:16:"{user.number:016x}";}}'
    columns = "user_id, username, mail_host, created, last_login, failed_login, language, preferences"
    login = _time(user, 200) if user.number % 7 else None
    failed = _time(user, 201) if user.number % 9 == 0 else None
    language = "en_GB" if user.language == "en" else "sv_SE"
    row = (user.number, user.username, "mail.example.org", _time(user, 0), login, failed, language, settings)
    _put(link, "users", columns, row)
    columns = 'user_id, changed, standard, name, organization, email, "reply-to", bcc, signature'
    signed = SIGNATURE.format(**{word: getattr(user, word) for word in ("name", "street", "postcode", "town", "phone")})
    copy = user.email if user.number % 8 == 0 else ""
    identity = (user.number, _time(user, 1), 1, user.name, user.firm, user.email, copy, copy, signed)
    _put(link, "identities", columns, identity)


def _contact(link: sqlite3.Connection, user: Person, friend: Person) -> None:
    card = (
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nN:{friend.family};{friend.given};;;\r\nFN:{friend.name}\r\n"
        f"EMAIL;TYPE=INTERNET;TYPE=HOME:{friend.email}\r\nTEL;TYPE=CELL:{friend.phone}\r\nBDAY:{friend.born}\r\n"
        f"ADR;TYPE=home:;;{friend.street};{friend.town};;{friend.postcode};{friend.country}\r\nNOTE:{friend.note}\r\nEND:VCARD"
    )
    words = f" {friend.given.lower()} {friend.family.lower()} {friend.email.lower()} {friend.phone} "
    columns = "user_id, changed, del, name, email, firstname, surname, vcard, words"
    row = (user.number, _time(user, 2), friend.number % 20 == 0, friend.name, friend.email, friend.given, friend.family)
    _put(link, "contacts", columns, (*row, card, words))


def _group(link: sqlite3.Connection, user: Person) -> None:
    group = _put(
        link, "contactgroups", "user_id, changed, name", (user.number, _time(user, 5), f"Släkten {user.family}")
    )
    found = link.execute("SELECT contact_id FROM contacts WHERE user_id = ? LIMIT 2", (user.number,)).fetchall()
    for (contact,) in found:
        _put(link, "contactgroupmembers", "contactgroup_id, contact_id, created", (group, contact, _time(user, 6)))


def _letters(link: sqlite3.Connection, user: Person, friend: Person, chance: random.Random) -> None:
    if user.number % 2:
        text = f"Hej!\n\nTack för ditt brev, jag svarar så snart jag kan.\n\n{user.name}\n{user.phone}"
        _put(link, "responses", "user_id, changed, name, data", (user.number, _time(user, 8), "Kort svar", text))
    if user.number % 5 == 0:
        find = json.dumps({"search": friend.email, "headers": "from,to", "scope": "all"})
        _put(link, "searches", "user_id, type, name, data", (user.number, 2, f"Från {friend.given}", find))
        words = f"<dictionary>{friend.family} {user.family}</dictionary>"
        _put(link, "dictionary", "user_id, language, data", (user.number, "sv", words))
    head = {"subject": f"Träffen hos {friend.given}", "from": f"{friend.name} <{friend.email}>", "to": user.email}
    message = base64.b64encode(json.dumps(head, ensure_ascii=False).encode()).decode()
    columns = "user_id, mailbox, uid, expires, data"
    for uid in range(chance.randrange(1, 4)):
        _put(link, "cache_messages", columns, (user.number, "INBOX", uid + 1, _time(user, 90), message))
    if user.number % 4 == 0:
        _put(link, "cache_index", "user_id, mailbox, valid, data", (user.number, "INBOX", 1, "1:3@1700000000"))
        key = f"{user.number:032x}"
        _put(
            link,
            "filestore",
            "user_id, context, filename, mtime, data",
            (user.number, "enigma", f"{user.email}.pub", 1, key),
        )


def _session(link: sqlite3.Connection, user: Person) -> None:
    if user.number % 3:
        return
    state = f'language|s:5:"sv_SE";user_id|i:{user.number};username|s:{len(user.username)}:"{user.username}";'
    row = (f"{user.number:026x}", _time(user, 220), user.ip, base64.b64encode(state.encode()).decode())
    _put(link, "session", "sess_id, changed, ip, vars", row)

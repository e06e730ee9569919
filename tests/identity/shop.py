"""A small project whose people are known by e-mail and personnummer, and a desk with its requests."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ombud.app.loaded import Surroundings, load
from ombud.app.requests.desk import Asked, Desk, Opened, open_desk
from ombud.app.requests.receiving import Incoming, Shown, identify, receive
from ombud.app.requests.working import Worked, work
from ombud.rights.model import Proof, RequestKind
from tests.identity.people import ANNA, DEAD, MARKED

NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)

POLICY = """\
group: Tallvik
zone: Europe/Stockholm
companies:
  north: {name: Tallvik Norr AB, registration_number: 559999-1014}
categories:
  contact: {title: {sv: Kontaktuppgifter}, provenance: [provided], parts: {name: , email: }}
  number: {title: {sv: Personnummer}, provenance: [provided], masked: true}
  purchases: {provenance: [provided]}
moments: {ended: }
purposes:
  delivery:
    title: {sv: Leverans}
    basis: contract
    data: [contact, number, purchases]
    keep: {after: ended, for: P12M}
    erasure: ends
"""

SHOP = """\
source: shop
company: north
times: {encoding: date}
grace: 2
subjects:
  customer:
    table: customer
    identifiers: {email: [email, {in: old_email, former: true}], personnummer: pnr}
    protected: {in: secret, unless: "N"}
tables:
  customer:
    owner: customer
    born: created
    purposes: {delivery: all}
    moments: {ended: ended_at}
    columns: {name: contact.name, email: contact.email, old_email: contact.email, pnr: number}
  orders:
    links: {customer: {by: customer_id, if_none: not_yet}}
    born: placed
    purposes: {delivery: all}
    moments: {ended: ended_at}
    columns: {goods: purchases}
"""

SQL = f"""
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, email TEXT, old_email TEXT, pnr TEXT, secret TEXT,
                       created DATE, ended_at DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, placed DATE, ended_at DATE,
                     goods TEXT);
INSERT INTO customer VALUES
  (1, 'Anna Lind', 'anna@x.example', NULL, '{ANNA.number}', 'N', '2019-01-01', NULL),
  (2, 'Farid Norrskog', 'farid@x.example', 'before@x.example', '{MARKED.number}', 'N', '2019-01-01', NULL),
  (3, 'Gösta Berg', 'gosta@x.example', NULL, '{DEAD.number}', 'N', '2019-01-01', NULL),
  (4, 'Dan', 'home@x.example', 'gosta@x.example', NULL, 'N', '2019-01-01', NULL),
  (5, 'Eva', 'home@x.example', NULL, NULL, 'N', '2019-01-01', NULL),
  (6, 'Elin Holm', 'elin@x.example', NULL, NULL, 'J', '2019-01-01', NULL);
INSERT INTO orders VALUES (10, 1, '2026-02-01', NULL, 'a lamp'), (11, 2, '2026-02-01', NULL, 'a chair');
"""

PEOPLE = f"""\
personnummer;name;care_of;address_1;address_2;postcode;city;country;confidential;protected_registration;status;as_of
{ANNA.number};Anna Lind;;Storgatan 1 lgh 1102;;111 22;STOCKHOLM;;NEJ;NEJ;registered;2027-01-11
{MARKED.number};Farid Norrskog;;;;;;;JA;NEJ;registered;2027-01-11
{DEAD.number};Gösta Berg;;;;;;;NEJ;NEJ;deceased;2027-01-11
"""


@dataclass
class Shop:
    """The project in a folder; its clock is moved by the stories."""

    folder: Path
    now: datetime = NOW
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def around(self) -> Surroundings:
        return Surroundings(self.environ, lambda: self.now, os.urandom)

    def desk(self) -> Desk:
        loaded, findings = load(self.folder, self.around)
        assert loaded is not None, findings
        return open_desk(loaded)

    def says(self, more: str) -> None:
        """Something more in `ombud.yaml`."""
        with (self.folder / "ombud.yaml").open("a", encoding="utf-8") as file:
            file.write(more)


def made(folder: Path) -> Shop:
    said = {
        "policy/group.yaml": POLICY,
        "datamap/shop.yaml": SHOP,
        "people.csv": PEOPLE,
        "ombud.yaml": 'policy: policy/\ndatamaps: datamap/\nsources: {shop: {url: "sqlite:///shop.db"}}\n',
    }
    for name, text in said.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    with sqlite3.connect(folder / "shop.db") as db:
        db.executescript(SQL)
    return Shop(folder)


def received(desk: Desk, *subjects: str, kind: RequestKind = RequestKind.ACCESS, **said: Any) -> Opened:
    """A request as a handler enters it."""
    asked = Asked(subjects, address=said.pop("address", ()), way=said.pop("way", ""))
    return receive(desk, Incoming(kind, asked, **said), by="KL")


def known(desk: Desk, opened: Opened, proof: Proof = Proof.CONTACT_POINT, **said: Any) -> Worked:
    """It is proven who asks, and taken on."""
    shown = Shown(proof, "in person", "KL", said.pop("second", ""), **said)
    return work(desk, identify(desk, opened, shown, "KL").id, by="KL")


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """Every statement that the register's database is sent, without values and the numbers of savepoints."""
    from django.db import connections

    said: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(re.sub(r"\"s\d+_x\d+\"", "s", sql))
        return execute(sql, params, many, context)

    with connections[desk.store.alias].execute_wrapper(listen):
        yield said

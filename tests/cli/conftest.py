"""A project of two small databases for stories at the terminal."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from ombud.app.loaded import Surroundings
from ombud.cli.program import program

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)

POLICY = """\
group: Tallvik
zone: Europe/Stockholm
companies:
  north: {name: Tallvik Norr AB, registration_number: 559999-1014}
categories:
  contact: {title: {sv: Kontaktuppgifter}, provenance: [provided], parts: {name: , email: }}
  purchases: {provenance: [provided]}
moments:
  ended:
  booked:
purposes:
  delivery:
    title: {sv: Leverans}
    basis: contract
    data: [contact, purchases]
    keep: {after: ended, for: P12M}
    erasure: stays
  bookkeeping:
    title: {sv: Bokföring}
    basis: {legal_obligation: {statute: bokföringslagen (1999:1078) 7 kap. 2 §}}
    data: [contact.name, purchases]
    keep: [booked, P7Y, end of year]
    bound: at_least
    erasure: stays
"""

SHOP = """\
source: shop
company: north
times: {encoding: date}
grace: 2
subjects:
  customer: {table: customer, identifiers: {email: email}}
tables:
  customer:
    owner: customer
    born: created
    purposes: {delivery: all}
    moments: {ended: ended_at}
    columns: {name: contact.name, email: contact.email}
  orders:
    links: {customer: {by: customer_id, if_none: not_yet}}
    born: placed
    purposes: {delivery: all, bookkeeping: [goods]}
    moments: {booked: placed}
    columns: {goods: purchases, deliver_to: contact.name}
"""

DESK = """\
source: desk
company: north
times: {encoding: date}
grace: 2
tables:
  ticket:
    owner: {identifier: email, in: email, if_none: none}
    born: opened
    purposes: {delivery: all}
    moments: {ended: closed}
    columns: {email: contact.email, body: text}
"""

SHOP_SQL = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT, email TEXT, created DATE, ended_at DATE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customer, placed DATE, goods TEXT,
                     deliver_to TEXT);
INSERT INTO customer VALUES
  (1, 'Ada', 'ada@x.example', '2019-01-01', '2020-01-01'),
  (2, 'Bea', 'bea@x.example', '2019-01-01', NULL),
  (3, 'Cia', 'cia@x.example', '2019-01-01', '2025-06-01'),
  (4, 'Dan', 'home@x.example', '2019-01-01', NULL),
  (5, 'Eva', 'home@x.example', '2019-01-01', NULL);
INSERT INTO orders VALUES
  (10, 1, '2010-02-01', 'lamp', 'Ada'),
  (11, 1, '2025-02-01', 'chair', 'Ada'),
  (12, 2, '2025-02-01', 'table', 'Bea');
"""
DESK_SQL = """
CREATE TABLE ticket (id INTEGER PRIMARY KEY, email TEXT, opened DATE, closed DATE, body TEXT);
INSERT INTO ticket VALUES
  (1, 'ada@x.example', '2019-01-01', '2020-01-01', 'Where is my lamp?'),
  (2, 'BEA@x.example', '2026-01-01', NULL, 'Thank you');
"""


@dataclass
class Place:
    """A project directory, and the program run in it on 1 June 2026."""

    directory: Path
    now: datetime = NOW
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str) -> Result:
        """Run a command here; an exception that is not an exit fails the story."""
        taken = Surroundings(self.environ, lambda: self.now, lambda n: bytes(range(n)) if n == 32 else _fresh(n))
        chosen = [*arguments, "--project", str(self.directory)] if "--project" not in arguments else [*arguments]
        return CliRunner().invoke(program, chosen, obj=taken, catch_exceptions=False, terminal_width=100)

    def json(self, *arguments: str) -> Any:
        """The answer of a command as data."""
        return json.loads(self.run(*arguments, "--format", "json").stdout)

    def sql(self, database: str, statement: str) -> list[tuple[Any, ...]]:
        """Look at, or change, a database as the application would."""
        with sqlite3.connect(self.directory / f"{database}.db") as db:
            return db.execute(statement).fetchall()

    def write(self, name: str, text: str) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a file; the story is wrong if it does not hold `old`."""
        path = self.directory / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def plan(self, *arguments: str) -> Path:
        """Plan, and give the plan's file."""
        path = self.directory / "plan.json"
        result = self.run("plan", "--out", str(path), *arguments)
        assert result.exit_code == 0, result.output
        return path

    def apply(self, path: Path, *arguments: str) -> Result:
        return self.run("apply", str(path), "--allow", *arguments)

    def counts(self) -> tuple[int, int, int]:
        """Customers, orders and tickets that are there."""
        found = [self.sql(d, f"SELECT count(*) FROM {t}")[0][0] for d, t in
                 (("shop", "customer"), ("shop", "orders"), ("desk", "ticket"))]  # fmt: skip
        return found[0], found[1], found[2]


_COUNTER = iter(range(1, 1 << 30))


def _fresh(n: int) -> bytes:
    return int(next(_COUNTER) % 256**n).to_bytes(n, "big")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is once its sources have sidecars, to be copied."""
    place = made(tmp_path_factory.mktemp("prepared"))
    assert place.run("mark", "--deliver").exit_code == 0
    return place.directory


@pytest.fixture
def project(tmp_path: Path, prepared: Path) -> Place:
    """A shop and its help desk, on 1 June 2026: Ada left long ago, Cia's last day is today, Bea is a customer."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Place(tmp_path)


@pytest.fixture
def bare(tmp_path: Path) -> Place:
    """The same, never planned before."""
    return made(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, bare: Place) -> Iterator[tuple[Place, sa.Engine]]:
    """The project with its shop on either engine."""
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{bare.directory / 'shop.db'}")
        yield bare, engine
        engine.dispose()
        return
    engine = sa.create_engine(request.getfixturevalue("postgresql_url"), isolation_level="AUTOCOMMIT")
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    bare.replace("ombud.yaml", "sqlite:///shop.db", url)
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")  # of the worker's earlier stories
        for statement in filter(str.strip, SHOP_SQL.replace("ended_at DATE", "ended_at TEXT").split(";")):
            connection.exec_driver_sql(statement)
    yield bare, engine
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE orders, customer")
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
    engine.dispose()


@pytest.fixture
def served(postgresql_url: str) -> Iterator[sa.Engine]:
    """The shop's and the desk's tables in one PostgreSQL database."""
    engine = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
        for statement in filter(str.strip, (SHOP_SQL + DESK_SQL).split(";")):
            connection.exec_driver_sql(statement)
    yield engine
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE ticket, orders, customer")
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
    engine.dispose()


def address(engine: sa.Engine, role: str | None = None, password: str | None = None) -> str:
    url = engine.url.set(drivername="postgresql")
    url = url.set(username=role, password=password) if role else url
    return url.render_as_string(hide_password=False)


@pytest.fixture
def reader(served: sa.Engine) -> Iterator[str]:
    """The address of the same for a user who may only read."""
    role = f"reader_{os.getpid()}"
    with served.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN PASSWORD 'reading'")
        connection.exec_driver_sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")
    yield address(served, role, "reading")
    with served.connect() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")


def made(directory: Path) -> Place:
    place = Place(directory)
    place.write("policy/group.yaml", POLICY)
    place.write("datamap/shop.yaml", SHOP)
    place.write("datamap/desk.yaml", DESK)
    place.write(
        "ombud.yaml",
        "policy: policy/\ndatamaps: datamap/\nsources:\n"
        '  shop: {url: "sqlite:///shop.db"}\n  desk: {url: "sqlite:///desk.db"}\n',
    )
    for name, script in (("shop", SHOP_SQL), ("desk", DESK_SQL)):
        with sqlite3.connect(directory / f"{name}.db") as db:
            db.executescript(script)
    return place

"""Whether a flag stands is read in every source whose map says where; what cannot be read protects."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from examples.cag.situations import ASTRID, FARID
from ombud.app.example import lay_out
from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.protecting import flags_of_each, silent_sources
from ombud.rights.protected import Flag, Ground
from ombud.terms import KeyRef

SHOP = """\
source: shop
company: north
times: {encoding: date}
grace: 2
subjects:
  customer:
    table: customer
    identifiers: {email: email}
    protected: [{in: secret, unless: ["N", "nej"]}, {in: note.text, where: {kind: secret}, unless: "no"}]
tables:
  customer:
    owner: customer
    born: created
    purposes: {delivery: all}
    moments: {ended: ended_at}
    columns: {name: contact.name, email: contact.email}
  note:
    links: {customer: customer_id}
    born: unknown
    columns: {text: text}
    not_personal: [kind]
"""
AWAY = "DROP TABLE IF EXISTS note; DROP TABLE IF EXISTS customer;"
SQL = """
CREATE TABLE customer (id INTEGER PRIMARY KEY, name VARCHAR(50), email VARCHAR(50), created DATE, ended_at DATE,
                       secret VARCHAR(9));
CREATE TABLE note (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customer (id), kind VARCHAR(9),
                   text VARCHAR(9));
INSERT INTO customer VALUES (1, 'Ada', 'ada@x.example', '2019-01-01', NULL, 'N'),
  (2, 'Bea', 'bea@x.example', '2019-01-01', NULL, 'J'), (3, 'Cia', 'cia@x.example', '2019-01-01', NULL, NULL),
  (4, 'Dan', 'dan@x.example', '2019-01-01', NULL, 'N '), (5, 'Eva', 'eva@x.example', '2019-01-01', NULL, 'nej'),
  (6, 'Fia', 'fia@x.example', '2019-01-01', NULL, 'n');
INSERT INTO note VALUES (1, 1, 'secret', 'no'), (2, 1, 'other', 'yes'), (3, 5, 'secret', 'yes');
"""
POLICY = """\
group: Tallvik
zone: Europe/Stockholm
companies:
  north: {name: Tallvik Norr AB, registration_number: 559999-1014}
categories: {contact: {title: {sv: Kontaktuppgifter}, provenance: [provided], parts: {name: , email: }}}
moments: {ended: }
purposes:
  delivery: {title: {sv: Leverans}, basis: contract, data: [contact], keep: {after: ended, for: P12M}, erasure: stays}
"""
BY_COLUMN = (Flag(Ground.SOURCE, "shop.customer.secret"),)


def loaded_in(folder: Path) -> Loaded:
    found, findings = load(folder, Surroundings({}, lambda: datetime(2026, 11, 23, 12, tzinfo=UTC), os.urandom))
    assert found is not None, findings
    return found


def flags(loaded: Loaded, *refs: KeyRef) -> tuple[Flag, ...]:
    """Those of one person with these rows."""
    (found,) = flags_of_each(loaded, [refs])
    return found


def customer(number: int) -> KeyRef:
    return KeyRef("shop", "customer", (number,))


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Loaded:
    for name, text in (("policy/group.yaml", POLICY), ("datamap/shop.yaml", SHOP)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    if request.param != "sqlite":
        url = request.getfixturevalue(f"{request.param}_url")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in filter(
            str.strip, ("DROP TABLE IF EXISTS note;DROP TABLE IF EXISTS customer;" + SQL).split(";")
        ):
            connection.exec_driver_sql(statement)
    shown = engine.url.set(drivername=request.param).render_as_string(hide_password=False)
    engine.dispose()
    (tmp_path / "ombud.yaml").write_text(
        f'policy: policy/\ndatamaps: datamap/\nsources: {{shop: {{url: "{shown}"}}}}\n', encoding="utf-8"
    )
    return loaded_in(tmp_path)


def test_every_value_that_the_map_does_not_name_is_a_flag(shop: Loaded) -> None:
    flagged = {number: flags(shop, customer(number)) for number in range(1, 8)}
    assert flagged[1] == flagged[7] == ()
    assert flagged[2] == flagged[3] == BY_COLUMN, "J, and nothing said"
    assert flagged[4] == flagged[6] == BY_COLUMN, "a space or another case is another value"
    assert flagged[5] == (Flag(Ground.SOURCE, "shop.note.text"),)


def test_null_is_no_flag_where_the_map_says_so(shop: Loaded) -> None:
    path = shop.project.directory / "datamap" / "shop.yaml"
    path.write_text(SHOP.replace('["N", "nej"]', '["N", null]'), encoding="utf-8")
    assert flags(loaded_in(shop.project.directory), customer(3)) == ()


def test_a_flag_of_anybody_who_may_be_meant_is_one(shop: Loaded) -> None:
    assert flags(shop, customer(1), customer(2)) == BY_COLUMN
    assert flags(shop) == ()


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cag")
    lay_out(folder, date(2026, 11, 23))
    return folder


def the(folder: Path, email: str) -> KeyRef:
    with closing(sqlite3.connect(folder / "crm.db")) as db:
        ((key,),) = db.execute("SELECT id FROM customer WHERE email = ?", (email,)).fetchall()
    return KeyRef("crm", "customer", (key,))


def test_in_the_example_the_flag_of_whoever_has_one_stands_and_no_other(example: Path) -> None:
    group = loaded_in(example)
    assert flags(group, the(example, FARID.email)) == (Flag(Ground.SOURCE, "crm.customer.protected"),)
    assert flags(group, the(example, ASTRID.email)) == ()


def test_sources_whose_maps_say_nothing_of_flags_are_named_to_whoever_decides(example: Path) -> None:
    silent = silent_sources(loaded_in(example))
    assert silent
    assert "crm" not in silent


def test_a_source_that_cannot_be_read_is_doubt_also_about_whoever_has_no_row_known_there(example: Path) -> None:
    group, astrid = loaded_in(example), the(example, ASTRID.email)
    (example / "crm.db").rename(example / "away.db")
    try:
        for asked in ([astrid], []):
            assert flags(group, *asked) == (Flag(Ground.DOUBT, "crm"),)
    finally:
        (example / "away.db").rename(example / "crm.db")

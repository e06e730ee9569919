"""A project of one small newsletter, on 1 June 2026."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Place

POLICY = """\
group: Tallvik
zone: Europe/Stockholm
undo: P30D
companies:
  north: {name: Tallvik Norr AB, registration_number: 559999-1014}
  south: {name: Tallvik Syd AB, registration_number: 559999-1022}
categories:
  contact: {title: {sv: Kontaktuppgifter}, provenance: [provided], parts: {email: }}
moments:
  opted_out:
  ended:
purposes:
  letter:
    title: {sv: Nyhetsbrev, en: Newsletter}
    use: [direct_marketing]
    basis: {legitimate_interests: {}, consent: {}}
    data: [contact.email]
    keep: {until: opted_out}
  course_tips:
    title: {sv: Kurstips, en: Course tips}
    basis: consent
    data: [contact.email]
    keep: {until: opted_out}
  delivery:
    title: {sv: Leverans, en: Delivery}
    basis: contract
    data: [contact]
    keep: {after: ended, for: P12M}
"""

LETTERS = """\
source: letters
company: north
times: {encoding: text_date}
grace: 2
subjects:
  subscriber: {table: subscriber, identifiers: {email: email}}
tables:
  subscriber:
    owner: subscriber
    born: added
    purposes: {letter: all}
    moments: {opted_out: opted_out}
    marks: {letter: {consented: opted_in, withdrawn: opted_out}}
    columns: {email: contact.email}
  tip:
    key: id
    owner: {identifier: email, in: email, if_none: none}
    born: added
    purposes: {course_tips: all}
    moments: {opted_out: opted_out}
    marks: {course_tips: {consented: opted_in, withdrawn: opted_out}}
    columns: {email: contact.email}
"""

SQL = """
CREATE TABLE subscriber (id INTEGER PRIMARY KEY, email TEXT, opted_in TEXT, opted_out TEXT, added TEXT);
CREATE TABLE tip (id INTEGER PRIMARY KEY, email TEXT, opted_in TEXT, opted_out TEXT, added TEXT);
INSERT INTO subscriber VALUES
  (1, 'mona@ekanger.example', '2023-01-01', '2026-05-31', '2023-01-01'),
  (2, 'astrid@kviststrand.example', '2023-01-01', NULL, '2023-01-01'),
  (3, 'nils@frostkulla.example', NULL, NULL, '2023-01-01'),
  (4, 'twice@x.example', '2026-03-01', '2025-01-01', '2023-01-01');
INSERT INTO tip VALUES
  (1, 'Mona@Ekanger.example', '2023-01-01', '2026-05-30', '2023-01-01'),
  (2, 'astrid@kviststrand.example', '2023-01-01', NULL, '2023-01-01');
"""

MONA, ASTRID, NILS = "mona@ekanger.example", "astrid@kviststrand.example", "nils@frostkulla.example"


@dataclass
class Letters(Place):
    """The newsletter's project, and what its application does."""

    def sweep(self, day: int = 0) -> None:
        """Plan and apply that many days later."""
        self.now = NOW + timedelta(days=day)
        done = self.apply(self.plan())
        assert done.exit_code == 0, done.output

    def there(self, email: str) -> int:
        found = self.sql("letters", f"SELECT count(*) FROM subscriber WHERE lower(email) = '{email.lower()}'")
        return int(found[0][0])

    def import_again(self, email: str, since: str = "2023-01-01") -> None:
        """The application takes an address in, as it stood in some old list."""
        insert = "INSERT INTO subscriber (email, opted_in, added) VALUES"
        self.sql("letters", f"{insert} ('{email}', '{since}', '{since}')")

    def check(self, text: str, *more: str, purpose: str = "letter") -> list[str]:
        """The lines that may be used."""
        path = self.directory / "list.txt"
        path.write_text(text, encoding="utf-8")
        done = self.run("suppress", "check", "--purpose", purpose, str(path), *more)
        assert done.exit_code == 0, done.output
        return done.stdout.splitlines()

    def kept(self) -> dict[str, int]:
        told = self.json("suppress", "keep")
        assert told["findings"] == []
        written: dict[str, int] = told["written"]
        return written


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    place = Letters(tmp_path, NOW)
    place.write("policy/group.yaml", POLICY)
    place.write("datamap/letters.yaml", LETTERS)
    place.write(
        "ombud.yaml", 'policy: policy/\ndatamaps: datamap/\nsources:\n  letters: {url: "sqlite:///letters.db"}\n'
    )
    with sqlite3.connect(tmp_path / "letters.db") as db:
        db.executescript(SQL)
    return place

"""`python -m bench.discover.large FOLDER`: a database of 2,000 tables and 30,000 columns; how long a draft of it takes.

Prints the seconds and the most memory of `ombud discover`, and of `ombud check` on the draft.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from bench.discover.people import Person, people

MODULES = 400
ROWS = 80
TABLES = {
    "customer": "first_name last_name email phone street postcode city country birth_date ip_address locale created_at "
    "status",
    "orders": "customer_id number placed_at delivery_name delivery_street delivery_city note total currency status "
    "voucher_code ip_address changed_at",
    "order_line": "orders_id product_id title quantity price tax comment position sku weight created_at changed_at "
    "status",
    "product": "title description price currency weight height width sku stock color created_at changed_at status",
    "support_case": "customer_id subject body channel priority assigned_to opened_at closed_at rating answer email "
    "device status",
}
"""The tables of a module; with `id` and `extra`, fifteen columns each."""

PROJECT = """\
policy: policy/
datamaps: datamap/
sources:
  large: {url: "sqlite:///large.db"}
"""
POLICY = """\
group: Tallvik
zone: Europe/Stockholm
companies:
  north: {name: Tallvik Norr AB, registration_number: 559999-1014}
categories:
  contact: {provenance: [provided], parts: {name: , email: , phone: , address: }}
  usage: {provenance: [observed], parts: {network: , device: , preference: , purchase: , language: , employment: }}
  birth_date: {provenance: [provided]}
moments:
  ended:
purposes:
  delivery:
    basis: contract
    data: [contact, usage, birth_date]
    keep: {after: ended, for: P12M}
    erasure: stays
"""


def build(folder: Path) -> None:
    """Make the database anew, and a project for it; every second module declares its keys."""
    database = folder / "large.db"
    database.unlink(missing_ok=True)
    (folder / "ombud.yaml").write_text(PROJECT)
    for name in ("policy", "datamap"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "policy" / "group.yaml").write_text(POLICY)
    some = people(ROWS)
    with closing(sqlite3.connect(database)) as link:
        for module in range(MODULES):
            for table, columns in TABLES.items():
                named = f"m{module}_{table}"
                declared = ", ".join(_declared(module, c) for c in columns.split())
                link.execute(f"CREATE TABLE {named} (id INTEGER PRIMARY KEY, {declared}, extra TEXT)")
                marks = ", ".join("?" * 15)
                link.executemany(f"INSERT INTO {named} VALUES ({marks})", _rows(columns.split(), some))
        link.commit()


def _declared(module: int, column: str) -> str:
    if column.endswith("_id"):
        refers = f" REFERENCES m{module}_{column[:-3]}" if module % 2 else ""
        return f"{column} INTEGER NOT NULL{refers}"
    return f"{column} TIMESTAMP" if column.endswith("_at") else f"{column} TEXT"


def _rows(columns: list[str], some: tuple[Person, ...]) -> Iterator[list[object]]:
    for person in some:
        yield [person.number, *(_value(column, person) for column in columns), f"x{person.number % 3}"]


def _value(column: str, person: Person) -> object:
    said: dict[str, object] = {
        "first_name": person.given, "last_name": person.family, "delivery_name": person.name, "email": person.email,
        "phone": person.phone, "street": person.street, "delivery_street": person.street, "city": person.town,
        "ip_address": person.ip, "note": person.note, "body": person.note, "birth_date": str(person.born),
        "postcode": person.postcode,
    }  # fmt: skip
    if column.endswith("_at"):
        return f"{person.met:%Y-%m-%d %H:%M:%S}"
    return said.get(column, person.number if column.endswith("_id") else f"{column} {person.number % 7}")


def measured(folder: Path, *arguments: str) -> str:
    """Run the command there: seconds, and the most memory that any command held until now."""
    started = time.monotonic()
    command = [sys.executable, "-c", "from ombud.cli import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    took, memory = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    last = (done.stdout + done.stderr).strip().splitlines()[-1:]
    return f"{arguments[0]}: {took:.1f} s, {memory} MB; {done.returncode}, {' '.join(last)}"


def main() -> int:
    """Build and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    build(folder)
    draft = folder / "datamap" / "large.yaml"
    print(measured(folder, "discover", "large", "--force", "--seconds", "600"))
    print(measured(folder, "check"))
    print(f"the draft has {len(draft.read_text().splitlines()):,} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())

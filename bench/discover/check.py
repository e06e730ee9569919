"""`python -m bench.discover.check APP URL`: does the truth fit the database, and how much of it is filled?

Prints one line of numbers; a name in the truth that the database does not have is a fault, and so are personal columns
of a table from which no way leads to a person.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ruamel.yaml import YAML

CONCEPTS = frozenset(
    "name email phone address identity_number birth_date gender username credential ip device location language photo "
    "file free_text health belief payment purchase preference activity employment organisation link other".split()
)
FOLDER = Path(__file__).parent / "truth"


def truth(app: str) -> dict[str, Any]:
    """What was labelled for `app`; README.md says what the parts mean."""
    loaded: dict[str, Any] = YAML(typ="safe").load(FOLDER / f"{app}.yaml")
    return loaded


def columns(engine: sa.Engine) -> dict[str, list[str]]:
    """Columns by table; where a server has several schemas, a table is named schema.table."""
    look = sa.inspect(engine)
    several = engine.dialect.name == "postgresql"
    schemas = [name for name in look.get_schema_names() if name != "information_schema"] if several else [None]
    return {
        f"{schema}.{table}" if schema else table: [column["name"] for column in look.get_columns(table, schema=schema)]
        for schema in schemas
        for table in look.get_table_names(schema=schema)
    }


def faults(labelled: dict[str, Any], have: dict[str, list[str]]) -> list[str]:
    """Where the truth says what the database cannot mean."""
    known = {f"{table}.{column}" for table, named in have.items() for column in named}
    named = [*labelled["personal"], *labelled["either"]]
    named += [f"{table}.{column}" for table, column in labelled["born"].items()]
    named += [
        f"{table}.{column}"
        for part in ("key_values", "polymorphic")
        for table, pair in labelled[part].items()
        for column in pair
    ]
    named += labelled["json"]
    ways = {**labelled["owners"], **labelled["links_only"]}
    named += [hop for every in ways.values() for way in every for hop in way if hop != "self"]
    found = [f"no column {name}" for name in named if name not in known]
    tables = [*ways, *labelled["subjects"], *labelled["history"]]
    found += [f"no table {table}" for table in tables if table not in have]
    found += [f"no concept {concept}" for concept in labelled["personal"].values() if concept not in CONCEPTS]
    unowned = {name.rpartition(".")[0] for name in labelled["personal"]} - set(labelled["owners"])
    found += [f"no way from {table} to a person" for table in sorted(unowned)]
    if labelled["tables"] != len(have):
        found.append(f"{labelled['tables']} tables are said, {len(have)} are there")
    if len(labelled["either"]) > len(labelled["personal"]) / 10:
        found.append("too much is left in doubt")
    return found


def filled(engine: sa.Engine, names: list[str]) -> int:
    """How many of the columns `names` hold a value other than nothing."""
    quote = engine.dialect.identifier_preparer.quote
    count = 0
    with engine.connect() as link:
        for name in names:
            table, _, column = name.rpartition(".")
            where = ".".join(quote(part) for part in table.split("."))
            text = sa.cast(sa.literal_column(quote(column)), sa.Text if engine.dialect.name != "mysql" else sa.CHAR)
            some = sa.select(sa.literal(1)).select_from(sa.text(where)).where(text.is_not(None), text != "").limit(1)
            count += link.execute(some).first() is not None
    return count


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.discover.check", description=__doc__)
    parser.add_argument("app", choices=sorted(path.stem for path in FOLDER.glob("*.yaml")))
    parser.add_argument("url", help="as `python -m bench.discover.build` prints it")
    asked = parser.parse_args()
    url = asked.url.replace("mariadb://", "mariadb+pymysql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)
    engine = sa.create_engine(url)
    labelled, have = truth(asked.app), columns(engine)
    wrong = faults(labelled, have)
    print("\n".join(wrong), end="\n" if wrong else "")
    if not wrong:
        personal = list(labelled["personal"])
        print(
            f"{asked.app}: {len(have)} tables, {sum(map(len, have.values())):,} columns, {len(personal)} personal "
            f"({filled(engine, personal)} of them filled), {len(labelled['either'])} in doubt, "
            f"{len(labelled['links_only'])} tables about people by links alone"
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

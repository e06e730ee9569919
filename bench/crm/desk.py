"""A project of the register's policy and map, as a desk has it that takes requests in."""

from __future__ import annotations

import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from bench.crm.ours import HERE
from bench.crm.rows import TODAY
from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.marking import deliver
from ombud.app.requests.desk import Desk, open_desk


def desk_of(engine: sa.Engine, folder: Path) -> Desk:
    """The desk of a new project in a folder, in which what is delivered ends at a request."""
    place = folder / "project"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(HERE / "datamap", place / "datamap")
    policy = (HERE / "policy" / "group.yaml").read_text("utf-8")
    keep = "    keep: {after: relationship_ended, for: P12M}\n"
    assert keep in policy
    (place / "policy").mkdir()
    (place / "policy" / "group.yaml").write_text(policy.replace(keep, f"{keep}    erasure: ends\n"), "utf-8")
    url = engine.url.set(drivername=engine.dialect.name).render_as_string(hide_password=False)
    (place / "ombud.yaml").write_text(f'policy: policy/\ndatamaps: datamap/\nsources:\n  crm: {{url: "{url}"}}\n')
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS ombud CASCADE")
        connection.commit()
    loaded = loaded_in(folder)
    deliver(loaded)
    return open_desk(loaded)


def loaded_in(folder: Path) -> Loaded:
    """That project, on the day of the bench."""
    now = datetime(TODAY.year, TODAY.month, TODAY.day, 10, tzinfo=UTC)
    loaded, findings = load(folder / "project", Surroundings({}, lambda: now, secrets.token_bytes))
    assert loaded is not None, findings
    return loaded

"""The same deletion by ombud: one sweep, freezing included, of the register's policy and map."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from bench.crm.rows import TODAY
from ombud.adapters.reflect import reflect
from ombud.datamap import load as datamaps
from ombud.datamap.model import SourceMap
from ombud.datamap.settle import settle
from ombud.engine.program import Program
from ombud.engine.sweep import Sweep
from ombud.policy import load as policies
from ombud.policy.model import Policy

HERE = Path(__file__).parent


@dataclass
class Ours:
    """A policy, a map, and what has been compiled of them: a process that has swept before is warm."""

    policy: Policy
    source: SourceMap
    program: Program = field(default_factory=Program)

    def sweep(self, connection: sa.Connection, today: date = TODAY, plan: str = "bench", batch: int = 1000) -> Sweep:
        """A sweep of the register in one database."""
        with connection.begin():
            schema = reflect(connection)
        source, unsettled = settle(self.source, schema)
        assert not unsettled, unsettled
        return Sweep(
            connection,
            self.policy,
            source,
            schema,
            today,
            digested,
            plan,
            batch_size=batch,
            program=self.program,
            rules="those of the bench",
        )

    def swept(
        self, engine: sa.Engine, batch: int, today: date = TODAY, since: date | None = None
    ) -> tuple[float, float]:
        """The seconds that freezing and carrying out take; through a window from the day `since`, if there is one."""
        with engine.connect() as connection:
            sweep = self.sweep(connection, today, f"bench {today}", batch)
            started = time.perf_counter()
            sweep.freeze(since, thorough=False)
            frozen = time.perf_counter()
            sweep.apply()
            return frozen - started, time.perf_counter() - frozen


def loaded() -> Ours:
    """The register's policy and map, without a compiled statement."""
    policy, findings = policies.load(HERE / "policy")
    assert policy is not None, findings
    maps, findings = datamaps.load(HERE / "datamap", policy)
    assert maps is not None, findings
    return Ours(policy, maps.sources["crm"])


def digested(kind: str, value: object) -> str:
    return hmac.digest(b"the secret of a bench", f"{kind}\0{value}".encode(), "sha256").hex()

"""The example group, laid around one day, with its program."""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner, Result

from ombud.app.loaded import Loaded, Surroundings, load
from ombud.app.requests.desk import open_desk
from ombud.cli.program import program
from ombud.terms import Act, IdRef, Mark

if TYPE_CHECKING:
    from ombud.register.store import Store

TODAY = date(2026, 11, 30)
KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Group:
    """The project's directory, the instant it is there, and what the environment says."""

    directory: Path
    now: datetime = datetime(2026, 11, 30, 9, tzinfo=UTC)
    environ: dict[str, str] = field(default_factory=lambda: {"OMBUD_KEY": KEY})

    @property
    def around(self) -> Surroundings:
        return Surroundings(self.environ, lambda: self.now, secrets.token_bytes)

    def run(self, *arguments: str) -> Result:
        chosen = [*arguments, "--project", str(self.directory)]
        return CliRunner().invoke(program, chosen, obj=self.around, catch_exceptions=False, terminal_width=100)

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--format", "json").stdout)

    def codes(self, *arguments: str) -> list[str]:
        """The codes of what a command refuses, which changed nothing."""
        result = self.run(*arguments, "--format", "json")
        assert result.exit_code == 1, result.output
        return [finding["code"] for finding in json.loads(result.stdout)["findings"]]

    def loaded(self) -> Loaded:
        found, findings = load(self.directory, self.around)
        assert found is not None, findings
        return found

    def store(self) -> Store:
        return open_desk(self.loaded()).store

    def digest(self, email: str) -> str:
        return self.loaded().keys()[0]("email", email)

    def mark(self, act: Act, email: str, purpose: str | None = None) -> None:
        """Write a mark into the register; the sources hear of it when they are asked."""
        refs = frozenset({IdRef("email", self.digest(email))})
        self.loaded().keys()[1].add(Mark(0, self.now.date(), act, refs, purpose), self.now.isoformat())

    def sql(self, database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.directory / f"{database}.db") as db:
            found = db.execute(statement, values).fetchall()
        db.close()
        return found

    def say(self, more: str) -> None:
        """Add lines to the project file."""
        path = self.directory / "ombud.yaml"
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")

    def later(self, **much: int) -> None:
        self.now += timedelta(**much)

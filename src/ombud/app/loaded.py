"""A project read and checked: its policy, its data map, and everything found in them."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from ombud.adapters.keys import VARIABLE, KeyTrouble, secret
from ombud.adapters.register import AnotherKey, Register, marks_in, newest_in
from ombud.adapters.trouble import trouble
from ombud.app.channels import unknown_recipients
from ombud.app.kept_open import KeptOpen
from ombud.app.project import FILE, STATE, Project
from ombud.app.project import load as load_project
from ombud.app.stores import placed, shared, stores
from ombud.datamap.identity import digest
from ombud.datamap.load import load as load_maps
from ombud.datamap.model import DataMap, SourceMap
from ombud.datamap.schema import Schema
from ombud.engine.program import Program
from ombud.policy.load import load as load_policy
from ombud.policy.model import Policy
from ombud.policy.tree import guess
from ombud.terms import Finding, Level, Mark, Place

Digest = Callable[[str, object], str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a command takes from outside: environment, instant (aware), fresh random bytes, a pause in seconds."""

    environ: Mapping[str, str]
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    pause: Callable[[float], None] = time.sleep


class Refused(Exception):
    """Nothing was done, and these findings say why. `beside` are warnings that were found on the way."""

    def __init__(self, *findings: Finding, beside: tuple[Finding, ...] = ()) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings
        self.beside = beside


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project whose files have no error. `findings` are its warnings, and what was accepted.

    `programs` are what has been compiled for its sources, each as its map and schema were. `kept`: sources that were
    opened to be read stay open (`app/kept_open.py`).
    """

    project: Project
    policy: Policy
    datamap: DataMap
    findings: tuple[Finding, ...]
    around: Surroundings
    programs: list[tuple[SourceMap, Schema, Program]] = field(default_factory=list, compare=False, repr=False)
    kept: KeptOpen | None = field(default=None, compare=False, repr=False)

    def program(self, source: SourceMap, schema: Schema) -> Program:
        """What is compiled for this map of a source on this schema."""
        found = next((p for known, there, p in self.programs if (known, there) == (source, schema)), None)
        if found is None:
            found = Program()
            self.programs.append((source, schema, found))
        return found

    def today(self) -> date:
        """The calendar day in the policy's zone."""
        return self.around.now().astimezone(ZoneInfo(self.policy.zone)).date()

    def keys(self) -> tuple[Digest, Register]:
        """The keyed hash and the register of marks. Raises Refused where the secret cannot be used."""
        state = Place(STATE)
        if self._key_is_lost():
            message = "the register is there, and the key that it was made with is not"
            raise Refused(Finding("C026", state, message, "restore .ombud/key, or set OMBUD_KEY as it was"))
        try:
            key = secret(self.project.state, self.around.environ, self.around.random)
            return partial(digest, key), Register(self.project.state / "register.db", key)
        except KeyTrouble as error:
            raise Refused(Finding("C025", state, str(error), error.hint)) from None
        except AnotherKey:
            message = "the register was made with another key, so nobody in it would be found again"
            raise Refused(Finding("C026", state, message, "restore .ombud/key, or set OMBUD_KEY as it was")) from None
        except sqlite3.Error as error:
            raise Refused(_register_trouble(error)) from None
        except OSError as error:
            message = f"{STATE} cannot be written: {error.strerror}"
            raise Refused(Finding("C027", state, message, "see who owns the project's directory")) from None

    def _key_is_lost(self) -> bool:
        """Whether a new key would be made beside a register that has another: of marks, or of requests."""
        folder = self.project.state
        said = self.around.environ.get(VARIABLE) or (folder / "key").exists()
        return not said and any((folder / name).is_file() for name in ("register.db", "requests.db"))

    def marks(self) -> tuple[Mark, ...]:
        """Every mark of the register, which needs no secret: none is made. Raises Refused where it cannot be read."""
        try:
            return marks_in(self.project.state / "register.db")
        except sqlite3.Error as error:
            raise Refused(_register_trouble(error)) from None

    def newest(self) -> int:
        """The number of the newest of them, 0 where there is none; likewise."""
        try:
            return newest_in(self.project.state / "register.db")
        except sqlite3.Error as error:
            raise Refused(_register_trouble(error)) from None

    def files(self, folder: Path) -> dict[str, str]:
        """By name from the project's directory: the SHA-256 of each file that says what the policy or the map is."""
        found = sorted(p for p in folder.iterdir() if p.suffix in (".yaml", ".yml") and not p.name.startswith("."))
        return {_name(self.project, path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def _register_trouble(error: sqlite3.Error) -> Finding:
    known = trouble(error)
    return Finding(known.code, Place(f"{STATE}/register.db"), f"the register of marks: {known.message}", known.hint)


def load(directory: Path, around: Surroundings) -> tuple[Loaded | None, tuple[Finding, ...]]:
    """Read everything. None where any finding is an error; findings name files from the project's directory."""
    project, findings = load_project(directory)
    if project is None:
        return None, findings
    policy, found = load_policy(project.policy)
    findings += tuple(named_here(project, finding, project.policy) for finding in found)
    if policy is None:
        return None, findings
    datamap, found = load_maps(project.datamaps, policy)
    findings += tuple(named_here(project, finding, project.datamaps) for finding in found)
    if datamap is None:
        return None, findings
    findings += tuple(_unbound(project, datamap))
    findings += tuple(unknown_recipients(project.channels, policy))
    findings += tuple(shared(project, placed(project, around.environ)[0]))
    if any(finding.level is Level.ERROR for finding in findings):
        return None, findings
    return Loaded(project, policy, datamap, findings, around), findings


def named_here(project: Project, finding: Finding, folder: Path) -> Finding:
    """Named from the project's directory, whichever way the reader of that folder names its files."""
    path = Path(finding.place.file)
    whole = path if path.is_absolute() or path.is_relative_to(folder) else folder / path
    return replace(finding, place=replace(finding.place, file=_name(project, whole)))


def _name(project: Project, path: Path) -> str:
    return str(path.relative_to(project.directory)) if path.is_relative_to(project.directory) else str(path)


def _unbound(project: Project, datamap: DataMap) -> list[Finding]:
    findings = []
    for name in datamap.sources.keys() - project.sources.keys():
        hint = guess(name, dict(project.sources))
        hint = hint if hint.startswith("did") else f'add `{name}: {{url: "${{{name.upper()}_URL}}"}}` to sources'
        findings.append(Finding("C022", Place(FILE), f"{name} has a data map, and no address", hint))
    for name, address in project.sources.items():
        if name not in datamap.sources:
            findings.append(
                Finding(
                    "C023", address.place, f"{name} has no data map", guess(name, dict(datamap.sources)), Level.WARNING
                )
            )
    findings += [
        Finding(
            "C054", project.sources[name].place, f"{name} keeps files in {store}, and nothing says where that is", hint
        )
        for name in datamap.sources.keys() & project.sources.keys()
        for store in sorted(stores(datamap.sources[name]) - project.sources[name].files.keys())
        for hint in (f"add it to the source: `files: {{{store}: /its/folder}}`",)
    ]
    return sorted(findings, key=lambda finding: (finding.place.line, finding.message))

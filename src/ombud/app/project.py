"""The project file, `ombud.yaml`: where the policy, the data maps and the databases are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from ombud.app.channels import MAIL, NONE, RECIPIENTS, Channels, channels, open_secrets
from ombud.app.controllers import CONTROLLERS, Controller, controllers
from ombud.app.reminders import REMINDERS, USUAL, Reminders, misfit_reminders, reminders_of
from ombud.policy.fit import check
from ombud.policy.shape import ByForm, Key, Named, Record, Text, Word
from ombud.policy.tree import Entries, Node, Scalar, read, text_of
from ombud.terms import Finding, Level, Place

FILE = "ombud.yaml"
STATE = ".ombud"
"""The folder beside the project file for what ombud makes: its key and its register. Never in version control."""

DEFAULT_SHARE = 20
"""Percent of a table's rows that a plan may touch before somebody has to allow it."""

GRAMMAR = Record(
    "the project file",
    {
        "policy": Key(Text("the policy's folder"), "the folder of group.yaml and the companies' files", required=True),
        "datamaps": Key(Text("the data maps' folder"), "the folder of the data maps", required=True),
        "sources": Key(
            Named(
                "a source",
                Record(
                    "a source",
                    {
                        "url": Key(
                            Text("the address of a database", r"^\S+$"),
                            "sqlite:///file.db or postgresql://…; ${NAME} is read from the environment",
                            required=True,
                        ),
                        "files": Key(
                            Named("a store of files", Text("a folder")),
                            "the folders of the stores of files that its map names; ${NAME} as above",
                        ),
                    },
                ),
                least=1,
            ),
            "the databases, by the name that the data map calls them",
            required=True,
        ),
        "share": Key(
            Text("a share such as 20%", r"^(100|[1-9]?[0-9])%$", "write a whole number of percent: 20%"),
            "how much of a table a plan may touch before it has to be allowed; 20% if nothing is said",
        ),
        "mail": Key(MAIL, "the server that mail leaves by"),
        "recipients": Key(RECIPIENTS, "how each recipient of the policy is told, by its name there"),
        "controllers": Key(CONTROLLERS, "other controllers that a person's data may be handed to, by a name of ours"),
        "reminders": Key(REMINDERS, "who is reminded of requests that are due soon, and when; or none"),
        "population": Key(
            ByForm(
                scalar=Word("a population register", ("by_hand", "spar")),
                entries=Record(
                    "a population register",
                    {"file": Key(Text("a file"), "the file that its batch service puts there", required=True)},
                ),
            ),
            "where registered addresses and protection flags are looked up: by_hand, spar, or {file: people.csv}",
        ),
    },
)

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PASSWORD = re.compile(r"//[^/@:]*:(?P<password>[^/@]+)@")


_SECRET = re.compile(r"((?:password|passwd|pwd)\s*=\s*|://[^:@/\s]*:)[^@&\s'\"]+", re.IGNORECASE)
"""A password in what a finding repeats of the file; what stands before it stays."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a source's database is, and its stores of files: names of environment variables still in them."""

    source: str
    url: str
    place: Place
    files: Mapping[str, str] = field(default_factory=dict)


class Population(StrEnum):
    """A population register without a file: people with a telephone, or the licensed service."""

    BY_HAND = "by_hand"
    SPAR = "spar"


@dataclass(frozen=True, slots=True)
class Project:
    """A directory with an `ombud.yaml`. `share` is in percent; `population` a register, its file, or none."""

    directory: Path
    policy: Path
    datamaps: Path
    sources: Mapping[str, Address]
    share: int = DEFAULT_SHARE
    channels: Channels = NONE
    controllers: Mapping[str, Controller] = field(default_factory=dict)
    population: Population | Path | None = None
    reminders: Reminders = USUAL

    @property
    def state(self) -> Path:
        return self.directory / STATE


def find(start: Path) -> Path:
    """The nearest directory from `start` upward that has a project file; `start` itself where none has."""
    return next((each for each in (start, *start.parents) if (each / FILE).is_file()), start)


def load(directory: Path) -> tuple[Project | None, tuple[Finding, ...]]:
    """Read the project file of a directory. None where any finding is an error.

    C001 to C011 are what P001 to P011 are for a policy file; C020 a password in the file; C162, C163 how a recipient
    is to be told and cannot be; C161, C162, C216 how another controller is to be reached and cannot be.
    """
    path = directory / FILE
    try:
        text = text_of(path)
    except FileNotFoundError:
        hint = "go to a project's directory, name it with --project, or make one: ombud demo --dir DIR"
        return None, (Finding("C001", Place(FILE), "there is no project here", hint),)
    except UnicodeDecodeError:
        return None, (Finding("C001", Place(FILE), "the file is not text", "save it as UTF-8"),)
    except OSError as error:
        return None, (Finding("C001", Place(FILE), f"the file cannot be read: {error.strerror}", "check the file"),)
    return load_text(directory, text)


def load_text(directory: Path, text: str) -> tuple[Project | None, tuple[Finding, ...]]:
    """The same for the file's text."""
    node, unreadable = read(FILE, text)
    findings = [*unreadable]
    fitted: Node | None = None
    if node is not None:
        fitted, misfits = check(node, GRAMMAR)
        findings += misfits
    told_by, unreachable = channels(fitted) if isinstance(fitted, Entries) else (NONE, ())
    others, unknown = controllers(fitted) if isinstance(fitted, Entries) else ({}, ())
    project = _project(directory, fitted, told_by, others) if isinstance(fitted, Entries) else None
    if project is not None:
        wrong = (*unreachable, *unknown, *open_secrets(told_by), *misfit_reminders(project.reminders))
        findings += [*_open_secrets(project), *wrong]
    told = tuple(
        replace(each, code=each.code.replace("P", "C", 1), message=_SECRET.sub(r"\1…", each.message))
        for each in findings
    )
    return (None if any(each.level is Level.ERROR for each in told) else project), told


def _project(directory: Path, tree: Entries, told_by: Channels, others: Mapping[str, Controller]) -> Project:
    sources = tree.get("sources")
    addresses = {
        entry.key: Address(
            entry.key, _text(entry.node.get("url")), entry.node.at("url"), _folders(entry.node.get("files"))
        )
        for entry in (sources.entries if isinstance(sources, Entries) else ())
        if isinstance(entry.node, Entries)
    }
    share = int((_text(tree.get("share")) or f"{DEFAULT_SHARE}%").removesuffix("%"))
    folders = (directory / _text(tree.get("policy")), directory / _text(tree.get("datamaps")))
    population, reminded = _population(tree.get("population")), reminders_of(tree.get("reminders"))
    return Project(directory, *folders, addresses, share, told_by, others, population, reminded)


def _population(node: Node | None) -> Population | Path | None:
    match node:
        case Scalar(text=text):
            return Population(text) if text in tuple(Population) else None
        case Entries():
            return Path(_text(node.get("file")))
        case _:
            return None


def _folders(node: Node | None) -> Mapping[str, str]:
    return {each.key: _text(each.node) for each in node.entries} if isinstance(node, Entries) else {}


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _open_secrets(project: Project) -> list[Finding]:
    return [
        Finding(
            "C020",
            address.place,
            f"the password of {address.source} stands in the file",
            f'put it into the environment: url: "${{{address.source.upper()}_URL}}"',
            Level.WARNING,
        )
        for address in project.sources.values()
        if (found := _PASSWORD.search(address.url)) and not _VARIABLE.search(found["password"])
    ]


def url_of(project: Project, address: Address, environ: Mapping[str, str]) -> tuple[str, tuple[Finding, ...]]:
    """The address with its variables filled in, SQLite files beside the project file. C021: one is not set."""
    url, findings = _filled(address, address.url, environ)
    if findings:
        return "", findings
    relative = re.fullmatch(r"(sqlite|duckdb):///(?!/|:memory:)(.+)", url)
    return (f"{relative[1]}:///{project.directory.resolve() / relative[2]}" if relative else url), ()


def folders_of(
    project: Project, address: Address, environ: Mapping[str, str]
) -> tuple[Mapping[str, Path], tuple[Finding, ...]]:
    """The source's stores of files whose folders are known, their variables filled in. C021: one is not set."""
    folders: dict[str, Path] = {}
    findings: list[Finding] = []
    for name, said in address.files.items():
        text, wrong = _filled(address, said, environ)
        findings += wrong
        if not wrong:
            folders[name] = project.directory.resolve() / text
    return folders, tuple(findings)


def _filled(address: Address, text: str, environ: Mapping[str, str]) -> tuple[str, tuple[Finding, ...]]:
    missing = [name for name in _VARIABLE.findall(text) if not environ.get(name)]
    if missing:
        message = f"{', '.join(missing)} is not set in the environment, and {address.source} is reached by it"
        return "", (Finding("C021", address.place, message, f"export {missing[0]}=…"),)
    return _VARIABLE.sub(lambda match: environ[match[1]], text), ()

"""What an operator wants of a batch, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ombud.app.requests.deciding import Choice
from ombud.app.sweeping_persons import OfPersons
from ombud.register.model import Batch
from ombud.rights.model import State
from ombud.terms import Finding

Tell = Callable[[str, int, int], None]
"""What is being done, how much of it is, and of how much; 0 where that is not known."""


def quietly(doing: str, done: int, of: int) -> None:
    """Nobody is told."""


FORMS: Mapping[str, str] = {"json": "application/json", "csv": "application/zip", "pdf": "application/pdf"}
"""The forms of a file that may be asked for, by media type."""


@dataclass(frozen=True, slots=True)
class Order:
    """By whom, with which choices for all alike; `approving`: by somebody who approves it now, and is told what lacks;
    `allow`: more than the project's share may be touched.

    `out` is the folder for answers, in the `forms` that are asked for, and `sent` in which way they go to the persons;
    without it they are kept sealed.
    """

    by: str
    choices: tuple[Choice, ...] = ()
    allow: bool = False
    out: Path | None = None
    sent: str = ""
    forms: frozenset[str] = frozenset(FORMS)
    approving: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request of the batch that waits for a person, by the line of the file; `choose`: about which purposes."""

    line: int
    request: str
    state: State
    protected: bool
    choose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchWorked:
    """A batch after it was taken as far as it goes: how many requests are in which state, and who is waited for.

    `done` is what was swept in each source, `answers` how many persons' answers were written, `unaddressed` how many
    of their letters have an empty window.
    """

    batch: Batch
    states: Mapping[State, int]
    waiting: tuple[Waiting, ...] = ()
    done: Mapping[str, OfPersons] = field(default_factory=dict)
    answers: int = 0
    findings: tuple[Finding, ...] = ()
    unaddressed: int = 0

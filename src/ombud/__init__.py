"""ombud makes a group of companies keep its own privacy policy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ombud.app.requests.api import Requests

__version__ = "0.1.0"


def suppressed(
    purpose: str,
    identifiers: Iterable[str],
    *,
    kind: str = "email",
    company: str | None = None,
    project: Path | str = ".",
) -> set[str]:
    """Of these identifiers, those that may not be used for the purpose, as they were given: ask before sending.

    By the register of the project in a directory, or of the nearest above; no database is asked. `company` None:
    whatever any company was told counts. Raises ombud.app.loaded.Refused, whose findings say why.
    """
    from ombud.app.suppressing import suppressed as ask

    return ask(purpose, identifiers, kind=kind, company=company, project=Path(project))


def requests(project: Path | str = ".") -> Requests:
    """The requests of the project in a directory, or of the nearest above: the verbs of `ombud request`.

    Raises ombud.app.loaded.Refused, whose findings say why. Loads Django, in which the register of requests is kept.
    """
    from ombud.app.requests.api import Requests

    return Requests.of(project)

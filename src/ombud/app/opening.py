"""A project opened by a program, with the clock, the environment and the randomness of this machine."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from ombud.app.loaded import Loaded, Refused, Surroundings, load
from ombud.app.project import find
from ombud.terms import Level


def surroundings() -> Surroundings:
    """What a command or a program takes from outside."""
    return Surroundings(os.environ, lambda: datetime.now(UTC), secrets.token_bytes)


def open_project(directory: Path) -> Loaded:
    """The project in a directory, or in the nearest above that is one. Raises Refused with what is wrong in it."""
    found, findings = load(find(directory), surroundings())
    if found is None:
        raise Refused(*(each for each in findings if each.level is Level.ERROR))
    return found

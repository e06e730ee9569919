"""The files of a project in one form, each written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.project import FILE, load
from ombud.datamap.load import LONGEST, SUFFIXES
from ombud.policy.formatted import Changed, formatted
from ombud.policy.tree import read, text_of
from ombud.terms import Finding, Level, Place


@dataclass(frozen=True)
class Formed:
    """A file, as it is and as it would be. Equal where it has its form already."""

    path: Path
    before: str
    after: str

    @property
    def same(self) -> bool:
        """Whether nothing is to be done."""
        return self.before == self.after


def of_project(directory: Path) -> list[Path]:
    """`ombud.yaml`, the policy's files and the maps, sorted. Raises Refused."""
    project, findings = load(directory)
    if project is None:
        raise Refused(*(each for each in findings if each.level is Level.ERROR))
    folders = dict.fromkeys((project.policy, project.datamaps))
    inside = (each for folder in folders if folder.is_dir() for each in sorted(folder.iterdir()))
    return [directory / FILE, *(each for each in inside if each.suffix in SUFFIXES and each.is_file())]


def formed(paths: list[Path]) -> Iterator[Formed | Finding]:
    """Each file in its form; or why it is left as it is: it cannot be read, or would say something else."""
    for path in paths:
        try:
            text = text_of(path, LONGEST)
        except UnicodeDecodeError:
            yield Finding("P001", Place(str(path)), "the file is not text", "save it as UTF-8 text")
            continue
        _, findings = read(str(path), text, LONGEST)
        if findings:
            yield from findings
            continue
        try:
            yield Formed(path, text, formatted(text, LONGEST))
        except Changed:
            hint = "format it by hand; see where a comment stands inside a list or braces"
            yield Finding(
                "C083", Place(str(path)), "formatted, it might say something else: it is left", hint, Level.WARNING
            )


def write(made: Formed) -> None:
    """Put a file's form in its place, under its name and with its rights, whole or not at all. Raises OSError."""
    target = made.path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(made.after)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, target.stat().st_mode & 0o7777)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

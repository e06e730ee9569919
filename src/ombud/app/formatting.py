"""The files of a project in one form, each put in its place under its name, with its owner and its rights."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ombud.app.loaded import Refused
from ombud.app.project import FILE, load
from ombud.datamap.load import LONGEST, SUFFIXES
from ombud.policy.formatted import Left, formatted
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
        except Left as left:
            place = Place(str(path), left.line, 1) if left.line else Place(str(path))
            hint = "write that place otherwise, or format the file by hand"
            yield Finding("C083", place, f"the whole file is left as it is: {left.cause}", hint, Level.WARNING)


def write(made: Formed) -> None:
    """Put a file's form in its place, under its name, with its owner and its rights. Raises OSError.

    Whole or not at all; but in place where it has several names, or an owner that only it can keep.
    """
    target = made.path.resolve()
    before = target.stat()
    if before.st_nlink > 1:
        _write_over(target, made.after)
        return
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(made.after)
            stream.flush()
            os.fsync(stream.fileno())
        if _owned_as(Path(name), before):
            os.chmod(name, before.st_mode & 0o7777)
            os.replace(name, target)
            return
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    Path(name).unlink()
    _write_over(target, made.after)


def _owned_as(path: Path, other: os.stat_result) -> bool:
    """Whether a file has, or could be given, the owner and the group of another."""
    own = path.stat()
    if (own.st_uid, own.st_gid) == (other.st_uid, other.st_gid):
        return True
    try:
        os.chown(path, other.st_uid, other.st_gid)
    except PermissionError:
        return False
    return True


def _write_over(path: Path, text: str) -> None:
    with path.open("r+", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.truncate()
        stream.flush()
        os.fsync(stream.fileno())

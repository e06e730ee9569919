"""A folder of files: what is named in it is read or removed, and nothing outside of it can be."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

from ombud.engine.files import Fate

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NO_PATH = (errno.ELOOP, errno.ENOTDIR, errno.ENAMETOOLONG)
"""What a path leads through that no path of a plain file inside the folder does: a link, a file, too long a name."""

Within: TypeAlias = "tuple[tuple[object, ...], ...]"
"""A folder and each that it lies in, the innermost first, by what no other folder has."""


def within(folder: Path) -> Within:
    """By device and number; what is not there, by its name in the folder that it would lie in."""
    real = Path(os.path.realpath(folder))
    found: list[tuple[object, ...]] = [()]
    for each in reversed((real, *real.parents)):
        try:
            seen = os.stat(each)
            found.append((seen.st_dev, seen.st_ino))
        except OSError:
            found.append((found[-1], each.name))
    return tuple(reversed(found[1:]))


class Directory:
    """The folder `root` and what lies below it. Paths are relative, with `/`; no symbolic link is followed in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def identity(self) -> str:
        """See `Store`. Device numbers may change with a restart; a file system's own number seldom does."""
        try:
            with ExitStack() as opened:
                at = _opened(opened, os.open(self.root, _FOLDER))
                return "" if _is_empty(at) else _identity(at)
        except OSError:
            return ""

    def read(self, path: str) -> bytes | None:
        """What the file holds; None where there is none of that name. Raises OSError where it cannot be read."""
        parts = _parts(path)
        if not parts:
            return None
        *folders, name = parts
        try:
            with ExitStack() as opened:
                at = _opened(opened, os.open(self.root, _FOLDER))
                for folder in folders:
                    at = _opened(opened, os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=at))
                # Not to wait for whoever writes into a pipe.
                file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
                with open(file, "rb") as there:
                    return there.read() if stat.S_ISREG(os.stat(file).st_mode) else None
        except UnicodeEncodeError:
            return None
        except OSError as error:
            if error.errno in (*_NO_PATH, errno.ENOENT) and self.root.is_dir():
                return None
            raise

    def remove(self, path: str, begun_in: str) -> Fate:
        """See `Store`."""
        parts = _parts(path)
        if not parts:
            return Fate.REFUSED
        *folders, name = parts
        try:
            with ExitStack() as opened:
                return _remove(opened, self.root, begun_in, folders, name)
        except UnicodeEncodeError:
            return Fate.REFUSED
        except FileNotFoundError:
            return Fate.MISSING
        except OSError as error:
            return Fate.REFUSED if error.errno in _NO_PATH else Fate.FAILED


def _parts(path: str) -> list[str]:
    """The folders and the name; none where it leads nowhere inside."""
    parts = path.split("/")
    return parts if "\0" not in path and all(part not in ("", ".", "..") for part in parts) else []


def _remove(opened: ExitStack, root: Path, begun_in: str, folders: list[str], name: str) -> Fate:
    try:
        at = _opened(opened, os.open(root, _FOLDER))
        if _is_empty(at) and _identity(at) != begun_in:
            return Fate.FAILED
    except OSError:
        return Fate.FAILED
    for folder in folders:
        at = _opened(opened, os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=at))
    if not stat.S_ISREG(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode):
        return Fate.REFUSED
    os.unlink(name, dir_fd=at)
    os.fsync(at)
    return Fate.REMOVED


def _is_empty(folder: int) -> bool:
    with os.scandir(folder) as entries:
        return next(entries, None) is None


def _identity(folder: int) -> str:
    return f"{os.fstatvfs(folder).f_fsid}/{os.fstat(folder).st_ino}"


def _opened(stack: ExitStack, folder: int) -> int:
    stack.callback(os.close, folder)
    return folder

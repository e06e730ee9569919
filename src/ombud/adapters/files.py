"""A folder of files: what is named in it is removed, and nothing outside of it can be."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import ExitStack
from pathlib import Path

from ombud.engine.files import Fate

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NO_PATH = (errno.ELOOP, errno.ENOTDIR, errno.ENAMETOOLONG)
"""What a path leads through that no path of a plain file inside the folder does: a link, a file, too long a name."""


class Directory:
    """The folder `root` and what lies below it. Paths are relative, with `/`; no symbolic link is followed in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def remove(self, path: str) -> Fate:
        """See `Store`. An empty folder is one that is not mounted, perhaps: nothing is said to be missing from it."""
        *folders, name = path.split("/")
        if "\0" in path or not all(part not in ("", ".", "..") for part in (*folders, name)):
            return Fate.REFUSED
        try:
            with ExitStack() as opened:
                return _remove(opened, self.root, folders, name)
        except UnicodeEncodeError:
            return Fate.REFUSED
        except FileNotFoundError:
            return Fate.MISSING
        except OSError as error:
            return Fate.REFUSED if error.errno in _NO_PATH else Fate.FAILED


def _remove(opened: ExitStack, root: Path, folders: list[str], name: str) -> Fate:
    try:
        at = _opened(opened, os.open(root, _FOLDER))
    except OSError:
        return Fate.FAILED
    if not os.listdir(at):
        return Fate.FAILED
    for folder in folders:
        at = _opened(opened, os.open(folder, _FOLDER | os.O_NOFOLLOW, dir_fd=at))
    if not stat.S_ISREG(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode):
        return Fate.REFUSED
    os.unlink(name, dir_fd=at)
    os.fsync(at)
    return Fate.REMOVED


def _opened(stack: ExitStack, folder: int) -> int:
    stack.callback(os.close, folder)
    return folder

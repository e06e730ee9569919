"""The secret of the keyed hashes: from the environment, or a file that only its owner can read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

VARIABLE = "OMBUD_KEY"
SHORTEST = 16
"""Characters: a shorter secret could be guessed, and with it every hashed identifier."""

Random = Callable[[int], bytes]


class KeyTrouble(Exception):
    """There is no secret that can be trusted. The message says why, and `hint` what to do; neither holds the secret."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def secret(folder: Path, environ: Mapping[str, str], random: Random) -> bytes:
    """The secret, made on first need in `folder`/key with mode 0600. Raises KeyTrouble or OSError."""
    stated = environ.get(VARIABLE, "")
    if stated:
        if len(stated) < SHORTEST:
            raise KeyTrouble(f"{VARIABLE} is shorter than {SHORTEST} characters", "make one: openssl rand -hex 32")
        return stated.encode("utf-8", "surrogateescape")
    path = folder / "key"
    if not path.exists():
        private_folder(folder)
        _make(path, random(32).hex())
    if path.stat().st_mode & 0o077:
        raise KeyTrouble(f"others can read {path.parent.name}/{path.name}", f"chmod 600 {path.parent.name}/{path.name}")
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if len(text) < SHORTEST:
        raise KeyTrouble(
            f"{path.parent.name}/{path.name} holds no key", "restore it from a copy: hashes made with another are lost"
        )
    return text.encode()


def private_folder(folder: Path) -> None:
    """Make the folder for what ombud keeps beside a project: for its owner alone, and out of version control."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="ascii")


def _make(path: Path, text: str) -> None:
    """Written under another name and then linked, so that two makers agree on one key and none is half written."""
    beside = path.with_name(f"key.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink()

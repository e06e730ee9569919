"""The population register by hand: one person types what the tax agency said, another confirms it, and it expires.

Each entry is a file named by the keyed hash of the number and encrypted under the project's key (AES-256-GCM), for
its owner alone. A protection flag holds from when it is typed, confirmed or not; name and address only after both.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ombud.adapters.keys import private_folder
from ombud.datamap.identity import digest, normalise
from ombud.rights.population import Address, Entry, NotFound, Permanent, Status
from ombud.rights.signs import sign_of

LASTS = timedelta(days=30)
"""How long after it was looked up an entry is believed: people move."""

_NONCE = 12


class NotConfirmed(ValueError):
    """A second person did not confirm what the first typed; the message says why and holds no personal data."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Entries that people typed. `folder` is made when it is needed, `key` is the project's secret."""

    folder: Path
    key: bytes
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    lasts: timedelta = LASTS

    def type_in(self, entry: Entry, by: str) -> None:
        """Keep what one person typed, in place of what was there. Raises ValueError where nobody says who typed it.

        A flag that stood before stands on until a second person has confirmed that it is gone.
        """
        if not sign_of(by):
            raise ValueError("somebody types an entry, and says who")
        before = self._read(entry.number)
        stood = _flags(before) if before else (False, False)
        self._write(_spelled(entry) | {"stood": stood, "typed_by": sign_of(by), "confirmed_by": ""}, entry.number)

    def confirm(self, entry: Entry, by: str) -> None:
        """Have another person confirm it by typing it again. Raises NotConfirmed; a flag of either is kept."""
        said = self._read(entry.number)
        if said is None:
            raise NotConfirmed("nobody has typed this entry")
        if not sign_of(by) or sign_of(by) == said["typed_by"]:
            raise NotConfirmed("who confirms is somebody else than who typed")
        first = _entry(said)
        if replace(entry, as_of=first.as_of, number=first.number) != first:
            seen = (entry.confidential, entry.protected_registration)
            either = [one or other for one, other in zip(_flags(said), seen, strict=True)]
            self._write(said | {"stood": either}, entry.number)
            raise NotConfirmed("two people typed different things: look it up once more")
        self._write(said | {"stood": (False, False), "confirmed_by": sign_of(by)}, entry.number)

    def look_up(self, personnummer: str) -> Entry | NotFound:
        """What two people agreed on, within its time. Raises Permanent where the file cannot be read."""
        said = self._read(personnummer)
        if said is None:
            return NotFound(self.now())
        entry = _entry(said)
        if said["confirmed_by"] and not self._is_old(entry):
            return entry
        if any(flags := _flags(said)):
            return replace(entry, name="", address=None, confidential=flags[0], protected_registration=flags[1])
        if self._is_old(entry):
            self._path(personnummer).unlink(missing_ok=True)
        return NotFound(self.now())

    def forget(self) -> int:
        """Remove every entry whose time has passed, save that a flag stood; how many were removed or emptied."""
        gone = 0
        for path in sorted(self.folder.glob("[0-9a-f]*")) if self.folder.is_dir() else ():
            said = self._open(path)
            entry, flagged = _entry(said), any(_flags(said))
            if self._is_old(entry) and (said["name"] or not flagged):
                gone += 1
                if flagged:
                    self._write(said | {"name": "", "address": None}, entry.number)
                else:
                    path.unlink(missing_ok=True)
        return gone

    def _is_old(self, entry: Entry) -> bool:
        return self.now() - entry.as_of > self.lasts

    def _path(self, number: str) -> Path:
        return self.folder / (digest(self.key, "personnummer", number) or "nobody")

    def _cipher(self) -> AESGCM:
        return AESGCM(hmac.new(self.key, b"population register, by hand", hashlib.sha256).digest())

    def _write(self, said: dict[str, Any], number: str) -> None:
        private_folder(self.folder)
        path, nonce = self._path(number), self.random(_NONCE)
        sealed = nonce + self._cipher().encrypt(nonce, json.dumps(said).encode(), path.name.encode())
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(sealed)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)

    def _read(self, number: str) -> dict[str, Any] | None:
        path = self._path(number)
        return self._open(path) if path.exists() else None

    def _open(self, path: Path) -> dict[str, Any]:
        try:
            sealed = path.read_bytes()
            text = self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], path.name.encode())
            said: dict[str, Any] = json.loads(text)
        except (OSError, InvalidTag, ValueError):
            raise Permanent(
                "an entry typed by hand cannot be read: the key is another, or the file is damaged"
            ) from None
        return said


def _flags(said: dict[str, Any]) -> tuple[bool, bool]:
    """The two flags that stand: those typed last, and those that nobody has confirmed to be gone."""
    confidential, registration = said["stood"]
    return said["confidential"] or confidential, said["protected_registration"] or registration


def _spelled(entry: Entry) -> dict[str, Any]:
    address = entry.address
    return {
        "number": normalise("personnummer", entry.number),
        "name": entry.name,
        "address": None
        if address is None
        else [list(address.lines), address.postcode, address.city, address.care_of, address.country],
        "confidential": entry.confidential,
        "protected_registration": entry.protected_registration,
        "status": str(entry.status),
        "as_of": entry.as_of.isoformat(),
    }


def _entry(said: dict[str, Any]) -> Entry:
    address = None
    if said["address"] is not None:
        lines, *rest = said["address"]
        address = Address(tuple(lines), *rest)
    return Entry(
        said["number"],
        said["name"],
        address,
        said["confidential"],
        said["protected_registration"],
        Status(said["status"]),
        datetime.fromisoformat(said["as_of"]),
    )

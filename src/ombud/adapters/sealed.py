"""What may not be read from the file: sealed with AES-256-GCM under a key made from the project's secret."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"omb1"
"""What every sealed value begins with: the way it was sealed. Another way gets another beginning."""

NONCE = 12
"""Bytes (NIST SP 800-38D, 5.2.1.1)."""

NAMED = 8
"""Bytes that say which key sealed a value, so that a wrong key is told from a changed value."""


class Unsealable(Exception):
    """A sealed value cannot be read. The message says why; it never holds the value."""


class WrongKey(Unsealable):
    """It was sealed with another secret."""

    def __init__(self) -> None:
        super().__init__("this was sealed with another key: restore .ombud/key, or set OMBUD_KEY as it was")


class Tampered(Unsealable):
    """It was changed, cut short, or moved from where it was sealed to another place."""

    def __init__(self) -> None:
        super().__init__("a sealed value was changed, or does not belong where it stands")


class Seal:
    """Seals values, and opens what it sealed.

    `about` says what the value is and where it stands (model, field, row): a value moved elsewhere does not open.
    It is authenticated and not kept. The key is derived by HKDF-SHA256 (RFC 5869) from the secret.
    """

    __slots__ = ("_cipher", "_head", "_random")

    def __init__(self, secret: bytes, random: Callable[[int], bytes] = os.urandom) -> None:
        self._cipher = AESGCM(_derived(secret, b"ombud sealed values: key", 32))
        self._head = VERSION + _derived(secret, b"ombud sealed values: name of the key", NAMED)
        self._random = random

    def seal(self, value: bytes, about: str) -> bytes:
        """The value sealed: what began with, the key's name, a nonce, the text and its tag."""
        nonce = self._random(NONCE)
        return self._head + nonce + self._cipher.encrypt(nonce, value, self._bound(about))

    def open(self, sealed: bytes, about: str) -> bytes:
        """The value. Raises WrongKey or Tampered, both Unsealable."""
        head, rest = sealed[: len(self._head)], sealed[len(self._head) :]
        if not sealed.startswith(VERSION) or len(rest) < NONCE:
            raise Tampered
        if head != self._head:
            raise WrongKey
        try:
            return self._cipher.decrypt(rest[:NONCE], rest[NONCE:], self._bound(about))
        except InvalidTag:
            raise Tampered from None

    def seal_text(self, value: str, about: str) -> bytes:
        """The same for a text, surrogates that stand alone included."""
        return self.seal(value.encode("utf-8", "surrogatepass"), about)

    def open_text(self, sealed: bytes, about: str) -> str:
        """The same for a text. Raises WrongKey or Tampered."""
        return self.open(sealed, about).decode("utf-8", "surrogatepass")

    def _bound(self, about: str) -> bytes:
        return self._head + hashlib.sha256(about.encode("utf-8", "surrogatepass")).digest()


def _derived(secret: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=None, info=purpose).derive(secret)

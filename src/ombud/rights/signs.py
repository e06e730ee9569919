"""Who of the staff a sign means: one person is one, however they are written (spec/requests.md §2, law 10)."""

from __future__ import annotations

import unicodedata


def sign_of(by: str) -> str:
    """A sign as signs are compared: neither case, spaces nor the way in which an accent is written make another."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", " ".join(by.split())).casefold())

"""What became of data that somebody wanted gone: what is gone, what stays and for what, and why each use did as it did.

Everything is told by kind of data, in words, and without the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Gone:
    """Kinds of data of which something was erased. `purposes` are what it was used for; none: its time was over."""

    company: str
    what: tuple[str, ...]
    purposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptFor:
    """What keeps data that stays: a purpose that goes on, or, without one, what else does (`why`: held, restricted).

    `until` is the last day of any of it, None where some of it has none yet; `varies`: not all of it has the same.
    """

    purpose: str
    until: date | None = None
    statutes: tuple[str, ...] = ()
    varies: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stays:
    """Kinds of data that stay, which uses of them have ended, and what keeps them."""

    company: str
    what: tuple[str, ...]
    ended: tuple[str, ...]
    kept: tuple[KeptFor, ...]


@dataclass(frozen=True, slots=True)
class Fared:
    """A use that ended, or goes on.

    `because` is the article: of the ground (Art. 17(1)) where it ended, else of what lets it go on (Art. 17(3), 6(1)),
    with `statutes`. `reasons` are a handler's.
    """

    company: str
    purpose: str
    ended: bool
    because: str
    statutes: tuple[str, ...] = ()
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Kinds of data of which nobody can tell what holds them: doubt deletes nothing."""

    company: str
    what: tuple[str, ...]

"""A letter to a protected identity: in a sealed envelope inside another, by the tax agency's forwarding.

Nobody here needs, or gets, the address. The agency finds the person by the number on the inner envelope, which it
does not open; the outer one says neither name nor sender's business (Skatteverket, förmedling av post).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FORWARDING = ("Skatteverket", "Förmedlingsuppdrag", "Box 2820", "403 20 Göteborg")
"""Where it is sent. It is data: a setting takes its place where the agency moves."""

COVERING: Mapping[str, tuple[str, ...]] = {
    "sv": (
        "Vi ber er förmedla det bifogade, förslutna kuvertet till den vars namn och personnummer står på det.",
        "Kuvertet ska inte öppnas. Vi har inte, och behöver inte få, personens adress.",
    ),
    "en": (
        "Please forward the enclosed sealed envelope to the person whose name and number stand on it.",
        "It is not to be opened. We do not have, and do not need, the person's address.",
    ),
}
"""What the covering letter says, by paragraph. The agency reads Swedish."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Two envelopes. `outer` is printed on the outer; `inner` (name, number) on the sealed one, and nowhere else."""

    outer: tuple[str, ...]
    inner: tuple[str, ...] = field(repr=False)
    covering: tuple[str, ...] = ()
    sealed: bool = True


def forwarded(name: str, personnummer: str, language: str = "sv", to: tuple[str, ...] = FORWARDING) -> Forwarded:
    """How to send a letter to somebody whose address is not known here. Raises ValueError without a number."""
    if not personnummer:
        raise ValueError("the tax agency finds the person by the number, and there is none")
    inner = tuple(each for each in (name, personnummer) if each)
    return Forwarded(to, inner, COVERING.get(language, COVERING["sv"]))

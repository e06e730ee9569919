"""What sort of identity number it is, and whose: personnummer, samordningsnummer, or a reserve number.

A reserve number is given by a region, a school or an employer to somebody without a number, in a form of its own: it
is kept with its issuer, and never refused because a check digit does not fit. Two issuers may give the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ombud.datamap.identity import COORDINATION, is_personnummer, normalise

STATE = "skatteverket"
"""Who issues personnummer and samordningsnummer (folkbokföringslagen 18 §; lagen (2022:1697) om samordningsnummer)."""


class NumberKind(StrEnum):
    """The sorts of identity number."""

    PERSONNUMMER = "personnummer"
    COORDINATION = "samordningsnummer"
    RESERVE = "reserve"


@dataclass(frozen=True, slots=True)
class Number:
    """An identity number: its sort, who issued it ('' where nobody has said), and its one form, which does not print.

    `form` is twelve digits of a personnummer or samordningsnummer, and letters and digits of a reserve number.
    """

    kind: NumberKind
    issuer: str
    form: str = field(repr=False)

    @property
    def identifier(self) -> str:
        """The kind under which it is compared (`identity.digest`): a reserve number with those of its issuer alone."""
        return f"reserve_{self.issuer}" if self.kind is NumberKind.RESERVE else "personnummer"


def number(text: object, issuer: str = "") -> Number | None:
    """Read an identity number; None where there is none. `issuer` is who issued it, if it is a reserve number.

    Nothing is refused: what is no personnummer and no samordningsnummer is a reserve number, whatever its digits.
    """
    form = normalise("personnummer", text)
    if not form:
        return None
    if not is_personnummer(form):
        return Number(NumberKind.RESERVE, normalise("issuer", issuer), form)
    kind = NumberKind.COORDINATION if int(form[6:8]) > COORDINATION else NumberKind.PERSONNUMMER
    return Number(kind, STATE, form)

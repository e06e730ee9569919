"""Invented people, with numbers that pass the check and days on which nobody is asked for."""

from __future__ import annotations

from datetime import UTC, datetime

from stdnum import luhn

from ombud.rights.population import Address, Entry, NotFound, Status

NOW = datetime(2027, 1, 11, 12, tzinfo=UTC)


def number(born: str, serial: int) -> str:
    """A number of twelve digits; `born` is YYYYMMDD, with 60 added to the day for a samordningsnummer."""
    nine = f"{born[2:]}{serial:03}"
    return f"{born[:2]}{nine}{luhn.calc_check_digit(nine)}"


HOME = Address(("Storgatan 1 lgh 1102",), "111 22", "STOCKHOLM")


def somebody(
    digits: str, name: str, address: Address | None = HOME, *, confidential: bool = False,
    protected: bool = False, status: Status = Status.REGISTERED,
) -> Entry:  # fmt: skip
    return Entry(digits, name, address, confidential, protected, status, NOW)


STRANGER = number("19900101", 980)
ANNA = somebody(number("19811218", 981), "Anna Lind")
CARE_OF = somebody(
    number("19700203", 982), "Örjan Ek", Address(("Box 7", "Lilla Vägen 2"), "222 33", "LUND", "c/o Lind")
)
MARKED = somebody(number("19750115", 983), "Farid Norrskog", None, confidential=True)
SHELTERED = somebody(number("19760116", 984), "Elin Holm", None, protected=True)
BOTH = somebody(number("19770117", 985), "Sara Dahl", None, confidential=True, protected=True)
DEAD = somebody(number("19300504", 986), "Gösta Berg", None, status=Status.DECEASED)
AWAY = somebody(number("19850606", 987), "Maja Strand", None, status=Status.EMIGRATED)
REPLACED = somebody(number("19910707", 988), "Kim Sjö", None, status=Status.REPLACED)
OTHER = somebody(number("19920808", 980), "Lo Ask", None, status=Status.OTHER)
COORDINATED = somebody(number("19880869", 981), "Ali Rask", None)
EVERYBODY = (ANNA, CARE_OF, MARKED, SHELTERED, BOTH, DEAD, AWAY, REPLACED, OTHER, COORDINATED)


class Fake:
    """The port in memory."""

    def __init__(self, entries: tuple[Entry, ...] = EVERYBODY) -> None:
        self._entries = {entry.number: entry for entry in entries}

    def look_up(self, personnummer: str) -> Entry | NotFound:
        from ombud.datamap.identity import normalise

        return self._entries.get(normalise("personnummer", personnummer), NotFound(NOW))

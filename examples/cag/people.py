"""Invented people. Nobody here exists: names are put together from parts, addresses and towns are made up, e-mail
addresses end in domains reserved by RFC 2606, phone numbers lie in the range that the Swedish telecom authority keeps
for fiction, and the serials of the personal identity numbers are the ones used for testing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

FIRST = (
    "Agneta Alva Anders Annika Arvid Axel Birgitta Björn Bo Carina Cecilia Dagny David Ebba Edvin Elin Elsa Emil Erik "
    "Eva Farid Fatima Folke Frida Gunnar Gustav Hanna Hassan Hedda Helena Henrik Hilda Ingrid Ivar Jasmin Johan Karin "
    "Kerstin Klara Lars Leila Lena Linnea Love Maja Malin Margareta Mats Milan Mona Nils Nora Olle Omar Otto Per Petra "
    "Ragnhild Rune Saga Samira Sigrid Stina Sven Svea Tage Tove Tuva Ulf Vera Viggo Viktor Wilma Yasmin Yngve Åke Åsa "
    "Örjan"
).split()
HEAD = "Alm Berg Björk Bro Brunn Dal Ek Fors Frost Gran Hag Hall Hed Kvist Lind Löv Mo Myr Norr Rönn Sjö".split()
TAIL = "backe brink bäck dahla fjäll flod gärde hamra kulla näs rydh skog slätt strand torp vret ånger".split()
STREETS = "Provgatan Exempelvägen Påhittsgränd Låtsasvägen Testtorget Övningsstigen Modellgatan Skisstigen".split()
TOWNS = (("990 10", "Bärnvik"), ("990 24", "Provstad"), ("991 32", "Exempelby"), ("992 47", "Låtsasköping"))
DOMAINS = ("example.org", "example.com", "example.net", "mejl.example", "post.example")
PHONES = tuple(f"070-174 06 {n:02d}" for n in range(5, 100))
"""070-1740605 to 070-1740699, reserved for fiction by the Swedish Post and Telecom Authority."""

ASCII = str.maketrans("åäöÅÄÖ", "aaoAAO")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person, as they would write their own details."""

    name: str
    street: str
    postcode: str
    town: str
    email: str
    phone: str | None
    pnr: str

    def contact(self, name: str = "name") -> dict[str, str | None]:
        """Name and contact details by the column names most tables here use."""
        return {
            name: self.name,
            "street": self.street,
            "postcode": self.postcode,
            "city": self.town,
            "email": self.email,
            "phone": self.phone,
        }


def check_digit(digits: str) -> str:
    """The Luhn digit that follows these nine."""
    doubled = (int(d) * (2 - n % 2) for n, d in enumerate(digits))
    return str(-sum(n // 10 + n % 10 for n in doubled) % 10)


def personnummer(born: date, serial: int, *, coordination: bool = False) -> str:
    """Twelve digits with a hyphen; a samordningsnummer has 60 added to its day."""
    nine = f"{born:%y%m}{born.day + 60 * coordination:02d}{serial:03d}"
    return f"{born:%Y}{nine[2:6]}-{nine[6:]}{check_digit(nine)}"


def invent(random: Random) -> Iterator[Person]:
    """People without end, no two with the same e-mail address or personal identity number."""
    addresses: set[str] = set()
    numbers: set[str] = set()
    while True:
        first, last = random.choice(FIRST), random.choice(HEAD) + random.choice(TAIL)
        email = f"{first}.{last}@{random.choice(DOMAINS)}".lower().translate(ASCII)
        born = date(1940, 1, 1) + timedelta(days=random.randrange(24_000))
        pnr = personnummer(born, random.randint(980, 999), coordination=random.random() < 0.04)
        if email in addresses or pnr in numbers:
            continue
        addresses.add(email)
        numbers.add(pnr)
        postcode, town = random.choice(TOWNS)
        yield Person(
            name=f"{first} {last}",
            street=f"{random.choice(STREETS)} {random.randint(1, 60)}",
            postcode=postcode,
            town=town,
            email=email,
            phone=random.choice(PHONES) if random.random() < 0.8 else None,
            pnr=pnr,
        )


def shouted(person: Person) -> Person:
    """The same person with the e-mail address as some forms and phones write it."""
    user, _, domain = person.email.partition("@")
    return replace(person, email=f"{user.title()}@{domain.upper()}")


def short_number(pnr: str) -> str:
    """Ten digits, as many forms ask for them."""
    return pnr[2:]

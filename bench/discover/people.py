"""Invented people in varied situations, the same for the same seed; every contact lies in a range kept for fiction.

Telephone numbers: 070-174 06 05 to 99, which the Swedish regulator keeps for fiction. Addresses of computers: RFC 5737
and RFC 3849. E-mail: RFC 2606. Identity numbers: birth numbers 238 and 239, which the Swedish tax agency uses in tests.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

WOMEN = "Astrid Birgitta Disa Ebba Freja Greta Hilda Inga Karin Linnéa Märta Nora Siv Tove Alice Emily Grace".split()
MEN = "Arvid Bertil Ebbe Folke Göran Håkan Isak Jöns Knut Måns Olle Ragnar Sixten Åke George Harry Oliver".split()
SWEDISH = (
    "Alnäs Björkfalk Dalström Ekvall Forsmark Granhed Hällberg Kvarnlund Lindhage Mossberg Norrdahl Rönnäng Stensjö "
    "Tallgren Vikholm Ängslycka Östbo"
).split()
ENGLISH = "Ashcombe Brightwell Cobham Fairleigh Hartwood Oakhurst Penrose Thornbury".split()
STREETS = (
    *("Björkstigen", "Kvarngatan", "Rönnvägen", "Skolgränd", "Tallbacken", "Ängsvägen"),
    *("Östra Hamngatan", "Mill Lane", "Orchard Road"),
)
TOWNS = (("114 28", "Stockholm"), ("413 04", "Göteborg"), ("753 10", "Uppsala"), ("903 27", "Umeå"), ("223 50", "Lund"))
FIRMS = ("Norrsken Bygg AB", "Furuvik Konsult AB", "Hartwood & Daughters Ltd", "Lunds botaniska förening")
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
)
NOTES = (
    "{given} ringde och bad oss skicka kvittot till {email}.",
    "Please leave the parcel with the neighbour if {given} {family} is not at home.",
    "Allergisk mot nötter. Nås säkrast på {phone} efter kl 17.",
    "Talked to {given}: moved from {town} in May, wants the invoice at the new address.",
    "{family} är sjukskriven till månadsskiftet, återkom då.",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; `met` is when the application first heard of them."""

    number: int
    given: str
    family: str
    woman: bool
    email: str
    username: str
    phone: str
    street: str
    postcode: str
    town: str
    country: str
    born: date
    personnummer: str
    ip: str
    agent: str
    language: str
    firm: str
    note: str
    met: datetime

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


def people(count: int, seed: int = 1) -> tuple[Person, ...]:
    """`count` people: Swedes and Britons, couples with one mailbox, namesakes, some without a telephone or a firm."""
    chance = random.Random(seed)
    made: list[Person] = []
    while len(made) < count:
        made.append(_person(len(made) + 1, chance, made))
    return tuple(made)


def neighbours(count: int, seed: int) -> tuple[Person, ...]:
    """Invented people whose mailboxes lie under .example."""
    return tuple(
        replace(each, email=_example(each.email), note=_example(each.note)) for each in people(count, seed=seed)
    )


def _example(text: str) -> str:
    return re.sub(r"@(example)\.(org|com)", r"@\2.\1", text, flags=re.IGNORECASE)


def _person(number: int, chance: random.Random, before: list[Person]) -> Person:
    briton, woman = chance.random() < 0.25, chance.random() < 0.5
    given = chance.choice((WOMEN if woman else MEN)[-3:] if briton else (WOMEN if woman else MEN)[:-3])
    family = chance.choice(ENGLISH if briton else SWEDISH)
    username = f"{_plain(given)}.{_plain(family)}{number}"
    email = f"{username}@{chance.choice(('example.org', 'example.com'))}"
    street, (postcode, town) = f"{chance.choice(STREETS)} {chance.randrange(1, 90)}", chance.choice(TOWNS)
    if briton:
        postcode, town = "ZZ1 1ZZ", "Little Fairleigh"
    fate = number % 12
    if fate == 5 and before:  # shares mailbox and house with the one before
        email, street, postcode, town = before[-1].email, before[-1].street, before[-1].postcode, before[-1].town
    if fate == 7 and before:  # bears the name of the one before
        given, family, woman = before[-1].given, before[-1].family, before[-1].woman
    if fate == 9:  # wrote the address as people do
        email = email.replace(_plain(given), _plain(given).capitalize(), 1).replace("example", "EXAMPLE")
    born = date(1936, 1, 1) + timedelta(days=chance.randrange(25_000))
    phone = "" if fate == 3 else _phone(chance)
    note = chance.choice(NOTES).format(given=given, family=family, email=email, phone=phone or "mejlen", town=town)
    return Person(
        number=number,
        given=given,
        family=family,
        woman=woman,
        email=email,
        username=username,
        phone=phone,
        street=street,
        postcode=postcode,
        town=town,
        country="GB" if briton else "SE",
        born=born,
        personnummer=personnummer(born, woman),
        ip=_ip(chance),
        agent=chance.choice(AGENTS),
        language="en" if briton else "sv",
        firm=chance.choice(FIRMS) if fate in (1, 8) else "",
        note=note if chance.random() < 0.4 else "",
        met=datetime(2019, 1, 7, 8, tzinfo=UTC) + timedelta(minutes=chance.randrange(3_600_000)),
    )


def personnummer(born: date, woman: bool) -> str:
    """A Swedish identity number of the series for tests, with its check digit (Luhn over ten digits, SKV 704)."""
    nine = f"{born:%y%m%d}{238 if woman else 239}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return f"{born:%Y%m%d}-{nine[6:]}{-sum(each // 10 + each % 10 for each in doubled) % 10}"


def _phone(chance: random.Random) -> str:
    last = f"{chance.randrange(5, 100):02}"
    return chance.choice((f"070-174 06 {last}", f"07017406{last}", f"+467017406{last}", f"+46 70 174 06 {last}"))


def _ip(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return f"2001:db8::{chance.randrange(1, 0xFFFF):x}"
    return f"{chance.choice(('192.0.2', '198.51.100', '203.0.113'))}.{chance.randrange(1, 255)}"


def _plain(word: str) -> str:
    return word.lower().translate(str.maketrans("åäöé", "aaoe"))

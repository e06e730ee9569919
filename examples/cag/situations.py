"""Named people whose situations the documentation tells: each is a sentence a lawyer could write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from examples.cag.crm import DRIFT, KONSULT, Crm
from examples.cag.days import Deadline, Stage, add_months
from examples.cag.people import PHONES, Person, personnummer


def _person(name: str, email: str, born: str, serial: int, *, house: int, phone: int = 0) -> Person:
    number = personnummer(date.fromisoformat(born), serial)
    return Person(name, f"Provgatan {house}", "990 10", "Bärnvik", email, PHONES[phone] if phone else None, number)


ASTRID = _person("Astrid Kviststrand", "astrid@kviststrand.example", "1971-04-02", 981, house=1, phone=1)
BO = _person("Bo Lindnäs", "bo@lindnas.example", "1965-11-30", 982, house=2, phone=2)
CECILIA = _person("Cecilia Rönnbrink", "cecilia@ronnbrink.example", "1980-02-29", 983, house=3, phone=3)
DAVID = _person("David Flodtorp", "david@flodtorp.example", "1990-08-17", 984, house=4, phone=4)
ELSA = _person("Elsa Granvret", "familjen@granvret.example", "1958-01-09", 985, house=5, phone=5)
EMIL = _person("Emil Granvret", "familjen@granvret.example", "1956-06-21", 986, house=5, phone=5)
KARIN = _person("Karin Sjöbacke", "karin.sjobacke@example.org", "1977-03-14", 987, house=6)
KARIN_TOO = _person("Karin Sjöbacke", "karin@sjobacke.example", "1993-12-01", 988, house=7)
FARID = _person("Farid Norrskog", "farid@norrskog.example", "1985-05-05", 989, house=8)
GRETA = _person("Greta Hagslätt", "greta.hagslatt@example.org", "1969-09-23", 990, house=9, phone=6)
ASA = _person("Åsa Brobäck", "åsa@broback.example", "1988-07-07", 991, house=10)
ASA_TWIN = _person("Asa Brobäck", "asa@broback.example", "1988-07-08", 992, house=11)
HENRIK = _person("Henrik Myrfjäll", "henrik@myrfjall.example", "1974-10-10", 993, house=12, phone=7)
INGRID = _person("Ingrid Dalgärde", "ingrid@dalgarde.example", "1999-01-31", 994, house=13, phone=8)
JOHAN = _person("Johan Björkrydh", "johan@bjorkrydh.example", "1992-02-11", 995, house=14, phone=9)
LENA = _person("Lena Forshamra", "lena@forshamra.example", "1986-12-24", 996, house=15, phone=10)
MONA = _person("Mona Ekånger", "mona@ekanger.example", "1961-03-03", 997, house=16)
NILS = _person("Nils Frostkulla", "nils@frostkulla.example", "1949-05-16", 998, house=17, phone=11)
OLLE = _person("Olle Brunnsnäs", "olle@brunnsnas.example", "1983-08-08", 999, house=18, phone=12)

CUSTOMERS = (ASTRID, BO, CECILIA, DAVID, ELSA, EMIL, KARIN, FARID, GRETA, ASA, ASA_TWIN, HENRIK, NILS)


@dataclass(frozen=True, slots=True)
class Edges:
    """The days on which a relationship must have ended to be due today, due tomorrow, or long overdue."""

    today_due: date
    tomorrow_due: date
    long_ago: date


def edges(today: date, random: Random) -> Edges:
    """The twelve months after a customer relationship, seen on `today`."""
    year = Deadline(today, 12)
    due = year.start(Stage.DUE_TODAY, random)
    tomorrow = year.start(Stage.DUE_TOMORROW, random)
    assert due is not None
    assert tomorrow is not None
    return Edges(due, tomorrow, add_months(today, -37))


def fill(crm: Crm) -> None:
    """Put the named people into the customer system; README.md beside this file tells who is who."""
    today, edge = crm.today, edges(crm.today, crm.random)

    def customer(person: Person, company: str, ended: date | None, *, years: int = 4, protected: bool = False) -> int:
        start = add_months(ended or today, -12 * years)
        number = crm.customer(person, company, since=start, ended=ended, protected=protected)
        order = crm.order(number, person, start + timedelta(days=30))
        booked = start + timedelta(days=41)
        crm.invoice(company, person, start + timedelta(days=40), customer=number, order=order, booked=booked)
        crm.use(number, (ended or today) - timedelta(days=3))
        return number

    astrid = customer(ASTRID, KONSULT, edge.today_due)
    crm.marketing(KONSULT, ASTRID, edge.long_ago, customer=astrid, opted_out=None)
    crm.answer(astrid, edge.today_due - timedelta(days=90))
    customer(BO, KONSULT, edge.tomorrow_due)
    customer(CECILIA, DRIFT, edge.today_due - timedelta(days=35))
    customer(CECILIA, KONSULT, None)
    customer(DAVID, KONSULT, edge.long_ago)
    customer(DAVID, KONSULT, None, years=1)
    customer(ELSA, DRIFT, edge.long_ago)
    customer(EMIL, DRIFT, None)
    customer(KARIN, KONSULT, edge.long_ago)
    customer(KARIN_TOO, KONSULT, None)
    customer(FARID, DRIFT, None, protected=True)
    greta = customer(GRETA, DRIFT, edge.tomorrow_due + timedelta(days=20))
    crm.former_email(greta, "greta.myrslatt@example.org", add_months(today, -30))
    customer(ASA, KONSULT, edge.long_ago)
    customer(ASA_TWIN, KONSULT, None)
    customer(HENRIK, DRIFT, edge.long_ago)
    nils = customer(NILS, KONSULT, edge.long_ago, years=9)
    crm.marketing(KONSULT, NILS, edge.long_ago, customer=nils, opted_out=edge.long_ago)
    asked = Deadline(today, 12, inclusive=True).start(Stage.DUE_TODAY, crm.random) or today
    crm.quote(KONSULT, OLLE, asked, customer=None, updated=today - timedelta(days=6))
    crm.lead(DRIFT, replace(OLLE, phone=None), today - timedelta(days=20), customer=None)

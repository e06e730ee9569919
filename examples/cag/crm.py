"""The customer system of two companies: customers and everything that hangs on them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle
from random import Random

from examples.cag.days import STAGES, STARTED, Deadline, Stage, add_months, local, utc_text
from examples.cag.people import Person, short_number, shouted
from examples.cag.table import put

KONSULT, DRIFT, SOLD = "BK", "BD", "BN"
COMPANIES = (
    (KONSULT, "Bärnvik Konsult AB", "08-31"),
    (DRIFT, "Bärnvik Drift AB", "12-31"),
    (SOLD, "Bärnvik Nät AB (sold)", "12-31"),
)
PRODUCTS = ("Molnlagring", "Driftavtal", "Kodgranskning", "Projektledning", "Säkerhetskopiering", "Jourtelefon")
DEVICES = (("Pixla 7", "14.1"), ("Tavlan X", "3.2"), ("Bärbar 13", "22.04"))
WAYS = ("search", "newsletter", "link", "typed")


@dataclass(slots=True)
class Crm:
    """What is needed to fill the customer system: its connection, today, and a source of chance."""

    db: sqlite3.Connection
    today: date
    random: Random
    invoices: int = 0

    def companies(self) -> None:
        for code, name, ends in COMPANIES:
            put(self.db, "company", code=code, name=name, fiscal_year_ends=ends)

    def customer(
        self,
        person: Person,
        company: str,
        *,
        since: date | None = None,
        ended: date | str | None = None,
        protected: bool = False,
    ) -> int:
        """A customer row; `ended` as text is written as it is, readable or not."""
        last = ended if isinstance(ended, date) else self.today
        since = since or min(last, self.today) - timedelta(days=self.random.randint(200, 4200))
        contact = person.contact() | ({"street": None, "postcode": None, "city": None} if protected else {})
        return put(
            self.db,
            "customer",
            company=company,
            **contact,
            pnr=self.random.choice((person.pnr, short_number(person.pnr), None)),
            protected=int(protected),
            preferences=json.dumps({"language": "sv", "invoice": self.random.choice(("e-mail", "paper"))}),
            customer_since=since.isoformat(),
            ended_at=ended.isoformat() if isinstance(ended, date) else ended,
            created_at=utc_text(local(since, self.random)),
        )

    def use(self, customer: int, last: date) -> None:
        model, version = self.random.choice(DEVICES)
        put(
            self.db,
            "product_use",
            customer_id=customer,
            product=self.random.choice(PRODUCTS),
            last_used=last.isoformat(),
            response_ms=self.random.randint(40, 900),
            arrived_by=self.random.choice(WAYS),
            left_by=self.random.choice(WAYS),
            device_model=model,
            device_version=version,
        )

    def order(self, customer: int, person: Person, ordered: date) -> int:
        order = put(
            self.db,
            "orders",
            customer_id=customer,
            delivery_name=person.name,
            delivery_street=person.street,
            delivery_postcode=person.postcode,
            delivery_city=person.town,
            note=self.random.choice((None, "Ring på hos grannen", "Lämnas i receptionen")),
            ordered_at=utc_text(local(ordered, self.random)),
        )
        for product in self.random.sample(PRODUCTS, self.random.randint(1, 3)):
            put(
                self.db,
                "order_line",
                order_id=order,
                product=product,
                quantity=self.random.randint(1, 5),
                price_ore=self.random.randrange(10_000, 900_000, 100),
            )
        return order

    def invoice(
        self,
        company: str,
        person: Person,
        issued: date,
        *,
        customer: int | None,
        order: int | None = None,
        booked: date | None = None,
    ) -> None:
        self.invoices += 1
        put(
            self.db,
            "invoice",
            company=company,
            customer_id=customer,
            order_id=order,
            number=f"{company}-{issued.year}-{self.invoices:05d}",
            **person.contact(),
            text=self.random.choice(PRODUCTS),
            amount_ore=self.random.randrange(10_000, 2_000_000, 100),
            issued=issued.isoformat(),
            booked=booked.isoformat() if booked else None,
        )

    def quote(self, company: str, person: Person, requested: date, *, customer: int | None, updated: date) -> None:
        put(
            self.db,
            "quote",
            company=company,
            customer_id=customer,
            **person.contact(),
            wish=self.random.choice(PRODUCTS),
            amount_ore=self.random.randrange(100_000, 9_000_000, 1000),
            requested_at=utc_text(local(requested, self.random)),
            updated_at=utc_text(local(updated, self.random)),
        )

    def lead(self, company: str, person: Person, submitted: date, *, customer: int | None) -> None:
        put(
            self.db,
            "lead",
            company=company,
            customer_id=customer,
            place=self.random.choice(("web", "event", "course")),
            **person.contact(),
            message=self.random.choice((None, "Ring mig gärna.", "Vad kostar driften i månaden?")),
            submitted_at=utc_text(local(submitted, self.random)),
        )

    def marketing(self, company: str, person: Person, added: date, *, customer: int, opted_out: date | None) -> None:
        put(
            self.db,
            "marketing_contact",
            company=company,
            customer_id=customer,
            **person.contact(),
            products=self.random.choice(PRODUCTS),
            opted_out_at=utc_text(local(opted_out, self.random)) if opted_out else None,
            added_at=utc_text(local(added, self.random)),
        )

    def answer(self, customer: int, answered: date) -> None:
        put(
            self.db,
            "survey_answer",
            customer_id=customer,
            survey=f"Kundenkät {answered.year}",
            answer=self.random.choice(("Nöjd", "Mycket nöjd", "Svårt att nå er på telefon", "Vet inte")),
            answered_at=utc_text(local(answered, self.random)),
        )

    def former_email(self, customer: int, email: str, changed: date) -> None:
        put(
            self.db,
            "former_email",
            customer_id=customer,
            email=email,
            changed_at=utc_text(local(changed, self.random)),
        )


def fiscal_year_edge(today: date, company: str) -> date:
    """The last day of the newest fiscal year whose vouchers need not be kept any more (seven years, 7 kap. 2 § BFL)."""
    month, day = (8, 31) if company == KONSULT else (12, 31)
    return date(today.year - 8, month, day)


def fill(db: sqlite3.Connection, today: date, random: Random, cast: Callable[[], Person]) -> Sequence[Person]:
    """Fill the customer system; the customers, in case other systems know them too."""
    crm = Crm(db, today, random)
    crm.companies()
    year = Deadline(today, 12)
    customers: list[Person] = []
    stages: Iterator[Stage] = cycle((*STAGES, Stage.OPEN, Stage.OPEN, Stage.OPEN))
    for n in range(190):
        person = cast()
        customers.append(person)
        for company in (KONSULT, DRIFT) if n % 6 == 0 else ((KONSULT, DRIFT)[n % 2],):
            _life(crm, person, company, year.start(next(stages), random))
    _strangers(crm, cast)
    _doubts(crm, cast)
    return customers


def _life(crm: Crm, person: Person, company: str, ended: date | None) -> None:
    """One customer relationship, with what it left behind."""
    random, today = crm.random, crm.today
    customer = crm.customer(person, company, ended=ended)
    (since,) = crm.db.execute("SELECT customer_since FROM customer WHERE id = ?", (customer,)).fetchone()
    first, last = date.fromisoformat(since), min(ended or today, today)

    def some_day() -> date:
        return first + timedelta(days=random.randint(0, (last - first).days))

    for _ in range(random.randint(0, 3)):
        ordered = some_day()
        order = crm.order(customer, person, ordered)
        booked = ordered + timedelta(days=random.randint(0, 20))
        crm.invoice(
            company, person, ordered, customer=customer, order=order, booked=booked if booked <= today else None
        )
    for _ in range(random.randint(0, 2)):
        crm.use(customer, some_day())
    if random.random() < 0.5:
        added = some_day()
        crm.marketing(company, person, added, customer=customer, opted_out=last if random.random() < 0.2 else None)
    if random.random() < 0.3:
        crm.answer(customer, some_day())
    if random.random() < 0.15:
        asked = some_day()
        crm.quote(company, person, asked, customer=customer, updated=last)
    if random.random() < 0.15:
        crm.lead(company, person, first, customer=customer)
    if random.random() < 0.05:
        crm.former_email(customer, person.email.replace("@", ".old@"), some_day())


def _strangers(crm: Crm, cast: Callable[[], Person]) -> None:
    """People who only asked, and invoices whose customer went long ago."""
    random, today = crm.random, crm.today
    for n, stage in zip(range(36), cycle(STARTED), strict=False):
        person = cast() if n % 5 else shouted(cast())
        asked = Deadline(today, 12, inclusive=True).start(stage, random) or today
        crm.quote((KONSULT, DRIFT)[n % 2], person, asked, customer=None, updated=today - timedelta(days=n % 9))
    for n, stage in zip(range(36), cycle(STARTED), strict=False):
        submitted = Deadline(today, 3).start(stage, random) or today
        crm.lead((KONSULT, DRIFT)[n % 2], cast(), submitted, customer=None)
    for company in (KONSULT, DRIFT):
        edge = fiscal_year_edge(today, company)
        for days in (-400, -30, 0, 1, 30, 400):
            booked = edge + timedelta(days=days)
            crm.invoice(company, cast(), booked - timedelta(days=5), customer=None, booked=booked)


def _doubts(crm: Crm, cast: Callable[[], Person]) -> None:
    """What ombud cannot know, and therefore keeps: a company that was sold, a day not in the calendar, orphans."""
    long_ago = add_months(crm.today, -40)
    for _ in range(2):
        crm.customer(cast(), SOLD, ended=long_ago)
    crm.customer(cast(), DRIFT, since=add_months(long_ago, -30), ended=f"{long_ago.year}-02-30")
    for nobody in (900_001, 900_002):
        crm.marketing(KONSULT, cast(), long_ago, customer=nobody, opted_out=None)

"""The shop and the books: a chart of accounts, products, opportunities, sales and the invoices made of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bench.discover.people import Person
from bench.discover.tryton_parties import Firm
from bench.discover.tryton_rows import at, found, made, model, shipped

YEARS = range(2019, 2028)
GOODS = ("Filt", "Kastrull", "Knästöd", "Kokbok", "Ryggsäck", "Termos")


def shop(firm: Firm) -> dict[str, Any]:
    """Accounts, years and goods."""
    _chart(firm.company)
    for year in YEARS:
        _year(year, firm.company)
    unit = shipped("product", "uom_unit")
    category = made(
        "product.category",
        name="Varor",
        accounting=True,
        account_expense=_account("expense", firm.company),
        account_revenue=_account("revenue", firm.company),
    )
    products = []
    for place, name in enumerate(GOODS):
        template = made(
            "product.template",
            name=name,
            default_uom=unit,
            type="goods",
            salable=True,
            sale_uom=unit,
            list_price=Decimal(90 + place * 30),
            account_category=category,
        )
        products.append(made("product.product", template=template, code=f"V{place}"))
    whole = model("account.invoice.payment_term.line")(type="remainder")
    term = made("account.invoice.payment_term", name="30 dagar", lines=[whole])
    cash = found("account.account", ("name", "=", "Main Cash"))
    till = made(
        "account.invoice.payment.method",
        name="Kontant",
        company=firm.company,
        journal=found("account.journal", ("type", "=", "cash")),
        credit_account=cash,
        debit_account=cash,
    )
    return {
        "till": till,
        "firm": firm,
        "products": products,
        "unit": unit,
        "term": term,
        "warehouse": shipped("stock", "location_warehouse"),
    }


def _account(kind: str, company: Any) -> Any:
    return found("account.account", (f"type.{kind}", "=", True), ("company", "=", company.id))


def _chart(company: Any) -> None:
    wizard = model("account.create_chart", "wizard")
    number, _, _ = wizard.create()
    chart = wizard(number)
    chart.account.account_template = shipped("account", "account_template_root_en")
    chart.account.company = company
    chart.transition_create_account()
    chart.properties.company = company
    chart.properties.account_receivable = _account("receivable", company)
    chart.properties.account_payable = _account("payable", company)
    chart.transition_create_properties()
    wizard.delete(number)


def _year(year: int, company: Any) -> None:
    moves = found("ir.sequence.type", ("name", "=", "Account Move"))
    bills = found("ir.sequence.type", ("name", "=", "Invoice"))
    post = made("ir.sequence", name=str(year), sequence_type=moves, company=company)
    strict = made("ir.sequence.strict", name=str(year), sequence_type=bills, company=company, prefix=f"{year}-")
    kinds = ("out_invoice", "in_invoice", "out_credit_note", "in_credit_note")
    whole = made(
        "account.fiscalyear",
        name=str(year),
        company=company,
        start_date=date(year, 1, 1),
        end_date=date(year, 12, 31),
        post_move_sequence=post,
        invoice_sequences=[
            model("account.fiscalyear.invoice_sequence")(
                company=company, **{f"{kind}_sequence": strict for kind in kinds}
            )
        ],
    )
    model("account.fiscalyear").create_period([whole])


@dataclass(frozen=True, slots=True)
class Order:
    """What a customer is going to buy, and who sells it to them; invoices are numbered by their dates."""

    when: datetime
    person: Person
    party: Any
    seller: Any
    lead: Any


def ordered(person: Person, party: Any, user: Any, shop: dict[str, Any], chance: random.Random) -> list[Order]:
    """What a customer thought of buying, and will buy."""
    lead = _opportunity(person, party, user, shop) if person.number % 4 == 0 else None
    times = (person.met + timedelta(days=20 * turn + 2) for turn in range(chance.choice((0, 1, 1, 2))))
    return [Order(when, person, party, user, lead if turn == 0 else None) for turn, when in enumerate(times)]


def _opportunity(person: Person, party: Any, user: Any, shop: dict[str, Any]) -> Any:
    lost = person.number % 8 == 0
    lead = made(
        "sale.opportunity",
        company=shop["firm"].company,
        party=party,
        contact=party.contact_mechanisms[0],
        address=party.addresses[0],
        employee=user.employee,
        start_date=person.met.date(),
        description=f"{person.family}: ny inredning",
        comment=f"{person.given} vill ha offert före semestern. {person.note}",
        reference=f"{person.username}",
        amount=Decimal(4000 + person.number),
        payment_term=shop["term"],
    )
    made("sale.opportunity.line", opportunity=lead, product=shop["products"][0], quantity=2, unit=shop["unit"])
    model("sale.opportunity").opportunity([lead])
    if lost:
        lead.lost_reason = f"{person.given} köpte av grannen i stället"
        lead.save()
        model("sale.opportunity").lost([lead])
    return None if lost else lead


def sold(order: Order, shop: dict[str, Any], chance: random.Random) -> None:
    """An order as a sale, mostly confirmed and with its invoice and shipment."""
    person, party = order.person, order.party
    at(order.when)
    product = chance.choice(shop["products"])
    line = model("sale.line")(
        type="line",
        product=product,
        quantity=chance.randrange(1, 5),
        unit=shop["unit"],
        unit_price=product.template.list_price,
        description=product.template.name,
        note=f"Gravyr: {person.given} {person.born.year}" if person.number % 11 == 0 else None,
    )
    sale = made(
        "sale.sale",
        company=shop["firm"].company,
        currency=shop["firm"].company.currency,
        party=party,
        contact=party.contact_mechanisms[0],
        invoice_address=party.addresses[0],
        shipment_address=party.addresses[0],
        sale_date=order.when.date(),
        payment_term=shop["term"],
        warehouse=shop["warehouse"],
        description=f"Till {person.given}" if person.number % 5 == 0 else None,
        reference=f"{person.family}-{person.number}" if person.number % 3 == 0 else None,
        comment=person.note or None,
        origin=order.lead,
        lines=[line],
    )
    sales = model("sale.sale")
    sales.quote([sale])
    if chance.random() < 0.85:
        sales.confirm([sale])
        sales.process([sale])
        _invoiced(sale.__class__(sale.id), order, shop, chance)
        model("ir.model.button.click").register("sale.sale", "quote", [sale])


def _invoiced(sale: Any, order: Order, shop: dict[str, Any], chance: random.Random) -> None:
    person, after = order.person, order.when + timedelta(days=1)
    invoices = model("account.invoice")
    at(after)
    for invoice in sale.invoices:
        invoice.invoice_date = after.date()
        invoice.reference, invoice.description = sale.reference, sale.description
        invoice.comment = f"Er referens: {person.name}" if person.number % 2 else None
        invoice.invoice_report_cache = f"%PDF-1.4 Faktura till {person.name}, {person.street}".encode()
        invoice.invoice_report_format = "pdf"
        invoice.save()
        if chance.random() < 0.9:
            invoices.post([invoice])
        if invoice.state == "posted" and person.number % 3 == 0:
            _paid(invoice.__class__(invoice.id), person, after.date(), shop)


def _paid(invoice: Any, person: Person, day: date, shop: dict[str, Any]) -> None:
    """Paid at the counter; the invoice was printed a second time for it."""
    lines = invoice.pay_invoice(invoice.total_amount, shop["till"], day, f"Kontant av {person.name}")
    model("account.move.line").reconcile([*lines, *invoice.lines_to_pay])
    printed = f"%PDF-1.4 Kopia till {person.name}".encode()
    made(
        "account.invoice.report.revision",
        invoice=invoice,
        date=datetime.combine(day, time()),
        invoice_report_cache=printed,
        invoice_report_format="pdf",
    )

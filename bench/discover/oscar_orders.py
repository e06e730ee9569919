"""What a customer orders and pays, and what they write to the shop and it to them."""

from __future__ import annotations

import random
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.sites.models import Site
from oscar.core.loading import get_model

from bench.discover.oscar_rows import address, made
from bench.discover.people import Person


def order_placed(
    person: Person, user: Any, when: datetime, shop: dict[str, Any], staff: list[Any], chance: random.Random
) -> None:
    where = address(person)
    to = made("order.ShippingAddress", notes=person.note, **where)
    del where["phone_number"]
    count = get_model("order", "Order").objects.count()
    price = Decimal(240)
    order = made(
        "order.Order",
        when,
        number=str(100_000 + count),
        site=Site.objects.get(),
        user=user,
        guest_email="" if user else person.email,
        billing_address=made("order.BillingAddress", **where) if person.number % 3 else None,
        shipping_address=to,
        shipping_method="PostNord",
        status=chance.choice(("Pending", "Complete", "Cancelled")),
        total_incl_tax=price,
        total_excl_tax=price * Decimal("0.8"),
    )
    product, stock = chance.choice(shop["products"])
    line = made(
        "order.Line",
        order=order,
        product=product,
        title=product.title,
        partner=shop["partner"],
        stockrecord=stock,
        partner_name=shop["partner"].name,
        line_price_incl_tax=price,
        line_price_excl_tax=price,
        line_price_before_discounts_incl_tax=price,
        line_price_before_discounts_excl_tax=price,
        tax_code="high",
        num_allocated=0,
        partner_line_notes=f"Slå in, {person.given} fyller år" if count % 11 == 0 else "",
    )
    made("order.LinePrice", order=order, line=line, price_incl_tax=price, price_excl_tax=price)
    if chance.random() < 0.2:
        made("order.LineAttribute", line=line, option=shop["option"], type="gravyr", value=f"Till {person.given} 50 år")
    source_type, _ = get_model("payment", "SourceType").objects.get_or_create(name="Kort", code="kort")
    card = f"**** {1000 + person.number}"
    source = made(
        "payment.Source",
        order=order,
        source_type=source_type,
        amount_debited=price,
        label=card,
        reference=f"pay_{count:08}",
    )
    made(
        "payment.Transaction",
        when,
        source=source,
        txn_type="Debit",
        amount=price,
        reference=f"pay_{count:08}",
        status="OK",
    )
    made("order.OrderStatusChange", when, order=order, old_status="Pending", new_status=order.status)
    made("order.CommunicationEvent", when, order=order, event_type=shop["event"])
    if person.note:
        made("order.OrderNote", when, order=order, user=chance.choice(staff), note_type="Info", message=person.note)
    if count % 4 == 0:
        paid, _ = get_model("order", "PaymentEventType").objects.get_or_create(name="Paid", code="paid")
        sent, _ = get_model("order", "ShippingEventType").objects.get_or_create(name="Sent", code="sent")
        parcel = made(
            "order.ShippingEvent", when, order=order, event_type=sent, notes=f"Hämtat av {person.name}, ID visat"
        )
        made("order.ShippingEventQuantity", event=parcel, line=line, quantity=1)
        made("order.PaymentEvent", when, order=order, event_type=paid, amount=price, reference=f"pay_{count:08}")
    if count % 8 == 0:
        applied = {"voucher": shop["voucher"], "user": user, "order": order}
        made("voucher.VoucherApplication", when, **applied)
        made(
            "order.OrderDiscount",
            order=order,
            voucher_id=shop["voucher"].pk,
            voucher_code="VALKOMMEN",
            amount=Decimal(20),
        )


def letters(person: Person, user: Any, when: datetime, shop: dict[str, Any], chance: random.Random) -> None:
    greeting = f"Hej {person.given}!\n\nTack för din beställning. Vi skickar den till {person.street}, {person.town}."
    made(
        "communication.Email",
        when,
        user=user,
        email=person.email,
        subject="Din beställning",
        body_text=greeting,
        body_html=f"<p>{greeting}</p>",
    )
    if chance.random() < 0.3:
        made(
            "communication.Notification",
            when,
            recipient=user,
            subject=f"Filten är åter i lager, {person.given}",
            body="Nu finns den igen.",
            location="Inbox",
        )
    if chance.random() < 0.3:
        made(
            "reviews.ProductReview",
            when,
            product=chance.choice(shop["products"])[0],
            user=user if chance.random() < 0.7 else None,
            name=person.name,
            email=person.email,
            homepage=f"https://{person.username}.example.org" if person.number % 4 == 0 else "",
            score=chance.randrange(1, 6),
            title="Bra köp",
            body=f"Min man och jag är nöjda. /{person.given} i {person.town}",
            status=1,
        )

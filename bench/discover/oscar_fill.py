"""Fills the shop through django-oscar's own models; runs in the Python that django-oscar is installed in."""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import django
from django.core.management import call_command

from bench.discover.people import Person, people

os.environ.update(DJANGO_SETTINGS_MODULE="bench.discover.oscar_settings", SHOP_FOLDER=sys.argv[1])
django.setup()

from django.contrib.admin.models import CHANGE, LogEntry  # noqa: E402
from django.contrib.auth.hashers import PBKDF2PasswordHasher  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.contrib.sites.models import Site  # noqa: E402
from django.db import transaction  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

WHEN = ("date_created", "date_placed", "date_sent", "date_joined", "action_time")
SEARCHES = "trädgårdshandskar;wool socks;glutenfri bakbok;vandringskäppar;knee brace size L".split(";")


def made(model: str | type[Any], when: datetime | None = None, **values: object) -> Any:
    """A row of `model`; its own clock is set back to `when`, so that a seed makes the same shop again."""
    kind = get_model(*model.split(".")) if isinstance(model, str) else model
    row = kind.objects.create(**values)
    clocks = [field.name for field in kind._meta.fields if field.name in WHEN] if when else []
    if clocks:
        kind.objects.filter(pk=row.pk).update(**dict.fromkeys(clocks, when))
    return row


def main() -> None:
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        _fill()


def _fill() -> None:
    chance = random.Random(2)
    shop = _catalogue()
    staff = [_user(each, is_staff=True) for each in people(4, seed=9)]
    group = Group.objects.create(name="Kundtjänst")
    staff[0].groups.add(group)
    shop["partner"].users.add(staff[1])
    everyone = people(260, seed=1)
    for person in everyone:
        _customer(person, shop, staff, chance)
    _reviews_votes(shop, chance)


def _user(person: Person, **more: object) -> Any:
    password = PBKDF2PasswordHasher().encode("invented", f"salt{person.number:08}", iterations=1000)
    return made(
        User,
        person.met,
        username=f"staff{person.number}" if more else person.username,
        email=person.email,
        first_name=person.given,
        last_name=person.family,
        password=password,
        last_login=person.met + timedelta(days=40) if person.number % 3 else None,
        **more,
    )


def _catalogue() -> dict[str, Any]:
    for code, name in (("SE", "Sverige"), ("GB", "United Kingdom")):
        made("address.Country", iso_3166_1_a2=code, name=name, printable_name=name, is_shipping_country=True)
    partner = made("partner.Partner", name="Furuvik Lager", code="furuvik")
    made(
        "partner.PartnerAddress",
        partner=partner,
        first_name="Rut",
        last_name="Lagerfors",
        line1="Hamnvägen 3",
        line4="Gävle",
        postcode="802 52",
        country_id="SE",
    )
    kind = made("catalogue.ProductClass", name="Varor")
    attribute = made("catalogue.ProductAttribute", product_class=kind, name="Färg", code="farg", type="text")
    option = made("catalogue.Option", name="Gravyr", code="gravyr", type="text")
    products = []
    for place, title in enumerate(("Filt", "Kastrull", "Knästöd", "Kokbok", "Ryggsäck", "Bibel", "Regnrock", "Termos")):
        product = made("catalogue.Product", title=title, upc=f"70{place:05}", product_class=kind, slug=title.lower())
        made("catalogue.ProductAttributeValue", attribute=attribute, product=product, value_text="blå")
        stock = made(
            "partner.StockRecord",
            product=product,
            partner=partner,
            partner_sku=f"F{place}",
            price=Decimal(90 + place * 30),
        )
        products.append((product, stock))
    made("catalogue.ProductImage", product=products[0][0], original="images/filt.jpg", caption="Filt")
    get_model("catalogue", "Category").add_root(name="Hem", slug="hem")
    event = made("communication.CommunicationEventType", code="ORDER_PLACED", name="Order placed")
    voucher = made(
        "voucher.Voucher",
        name="Välkommen",
        code="VALKOMMEN",
        usage="Multi-use",
        start_datetime=datetime(2019, 1, 1, tzinfo=UTC),
        end_datetime=datetime(2030, 1, 1, tzinfo=UTC),
    )
    return {"partner": partner, "products": products, "event": event, "voucher": voucher, "option": option}


def _customer(person: Person, shop: dict[str, Any], staff: list[Any], chance: random.Random) -> None:
    """A customer with an account, or one who buys as a guest (every sixth), and what they leave behind."""
    met = person.met
    user = None if person.number % 6 == 0 else _user(person)
    if user and person.number % 4:
        made("address.UserAddress", met, user=user, is_default_for_shipping=True, notes=person.note, **_address(person))
    for turn in range(chance.choice((0, 1, 1, 2, 4)) if user else 1):
        _order(person, user, met + timedelta(days=30 * turn + 1), shop, staff, chance)
    product = chance.choice(shop["products"])[0]
    if person.number % 9 == 0:
        made(
            "customer.ProductAlert",
            met,
            product=product,
            user=user,
            email="" if user else person.email,
            key=f"{person.number:040x}",
        )
    if user is None:
        return
    basket = made("basket.Basket", met, owner=user, status="Open" if person.number % 2 else "Saved")
    chosen, stock = chance.choice(shop["products"])
    line = made(
        "basket.Line",
        met,
        basket=basket,
        product=chosen,
        stockrecord=stock,
        line_reference=f"{chosen.pk}_{stock.pk}",
        price_excl_tax=stock.price,
        quantity=1,
    )
    if person.number % 25 == 0:
        made("basket.LineAttribute", line=line, option=shop["option"], value=f"{person.given} & {person.family}")
    made("analytics.UserProductView", met, user=user, product=product)
    made(
        "analytics.UserRecord",
        user=user,
        num_product_views=3,
        num_orders=1,
        total_spent=Decimal(240),
        date_last_order=met,
    )
    if chance.random() < 0.5:
        made("analytics.UserSearch", met, user=user, query=chance.choice(SEARCHES))
    _letters(person, user, met, shop, chance)
    if person.number % 5 == 0:
        wished = made(
            "wishlists.WishList", met, owner=user, name=f"{person.given} fyller år", key=f"{person.number:06}"
        )
        made("wishlists.Line", wishlist=wished, product=product, title=product.title)
        made("wishlists.WishListSharedEmail", wishlist=wished, email=f"van{person.number}@example.com")
    if person.number % 7 == 0:
        made(
            "payment.Bankcard",
            user=user,
            card_type="Visa",
            name=person.name,
            number=f"XXXX-XXXX-XXXX-{person.number:04}",
            expiry_date=met.date() + timedelta(days=900),
            partner_reference=f"tok_{person.number:012x}",
        )
    _session(person, user, met)
    if person.number % 10 == 0:
        made(
            LogEntry,
            met,
            user=staff[0],
            content_type=ContentType.objects.get_for_model(User),
            object_id=str(user.pk),
            object_repr=user.username,
            action_flag=CHANGE,
            change_message='[{"changed": {"fields": ["Email address"]}}]',
        )


def _address(person: Person) -> dict[str, object]:
    return {
        "title": "Ms" if person.woman and person.country == "GB" else "",
        "first_name": person.given,
        "last_name": person.family,
        "line1": person.street,
        "line2": f"c/o {person.firm}" if person.firm else "",
        "line4": person.town,
        "postcode": person.postcode,
        "country_id": person.country,
        "phone_number": person.phone,
    }


def _order(
    person: Person, user: Any, when: datetime, shop: dict[str, Any], staff: list[Any], chance: random.Random
) -> None:
    address = _address(person)
    to = made("order.ShippingAddress", notes=person.note, **address)
    del address["phone_number"]
    count = get_model("order", "Order").objects.count()
    price = Decimal(240)
    order = made(
        "order.Order",
        when,
        number=str(100_000 + count),
        site=Site.objects.get(),
        user=user,
        guest_email="" if user else person.email,
        billing_address=made("order.BillingAddress", **address) if person.number % 3 else None,
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


def _letters(person: Person, user: Any, when: datetime, shop: dict[str, Any], chance: random.Random) -> None:
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


def _session(person: Person, user: Any, when: datetime) -> None:
    if person.number % 3:
        return
    data = SessionStore().encode(
        {"_auth_user_id": str(user.pk), "_auth_user_hash": f"{person.number:064x}", "ip": person.ip}
    )
    Session.objects.create(
        session_key=f"{person.number:032x}", session_data=data, expire_date=when + timedelta(days=14)
    )


def _reviews_votes(shop: dict[str, Any], chance: random.Random) -> None:
    users = list(User.objects.filter(is_staff=False)[:40])
    for review in get_model("reviews", "ProductReview").objects.all()[:30]:
        made(
            "reviews.Vote", review.date_created, review=review, user=chance.choice(users), delta=chance.choice((1, -1))
        )


main()

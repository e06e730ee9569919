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
from django.db import transaction  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

from bench.discover.oscar_orders import letters, order_placed  # noqa: E402
from bench.discover.oscar_rows import address, made  # noqa: E402

SEARCHES = "trädgårdshandskar;wool socks;glutenfri bakbok;vandringskäppar;knee brace size L".split(";")


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
        made("address.UserAddress", met, user=user, is_default_for_shipping=True, notes=person.note, **address(person))
    for turn in range(chance.choice((0, 1, 1, 2, 4)) if user else 1):
        order_placed(person, user, met + timedelta(days=30 * turn + 1), shop, staff, chance)
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
    letters(person, user, met, shop, chance)
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

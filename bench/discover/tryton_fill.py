"""Fills the firm's system by Tryton's own models, in the Python that Tryton is installed in."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from bench.discover import tryton_books, tryton_desk, tryton_letters, tryton_parties, tryton_staff
from bench.discover.people import neighbours
from bench.discover.tryton_rows import acting, at, filling, found


def main() -> None:
    with filling(Path(sys.argv[1])):
        _fill()


def _fill() -> None:
    chance = random.Random(4)
    firm = tryton_parties.firm()
    with acting(found("res.user", ("login", "=", "admin")), firm.company):
        shop = tryton_books.shop(firm)
    staff = [tryton_staff.employee(each, firm, chance) for each in neighbours(9, seed=21)]
    letters = tryton_letters.begun(staff[0], firm)
    orders = []
    for person in neighbours(120, seed=22):
        at(person.met)
        user = chance.choice(staff)
        with acting(user, firm.company):
            party = tryton_parties.customer(person, firm, chance)
            tryton_desk.noted(person, party, user, chance)
            orders += tryton_books.ordered(person, party, user, shop, chance)
            tryton_letters.written(person, party, letters, chance)
    for order in sorted(orders, key=lambda each: each.when):
        with acting(order.seller, firm.company):
            tryton_books.sold(order, shop, chance)
    tryton_letters.sent(letters)


main()

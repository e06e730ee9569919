"""Fills Indico: accounts, conferences with speakers, participants and papers, surveys, logs and rooms."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from indico.web.flask.app import make_app

APP = make_app()  # before its models: they import one another in a circle until the application has loaded them

from indico.core.db import db  # noqa: E402
from indico.modules.categories.models.categories import Category  # noqa: E402
from indico.modules.events.models.events import Event, EventType  # noqa: E402
from indico.modules.events.registration.models.forms import RegistrationForm  # noqa: E402
from indico.modules.events.registration.util import create_personal_data_fields  # noqa: E402
from indico.modules.users.models.users import User  # noqa: E402

from bench.discover.indico_accounts import accounts  # noqa: E402
from bench.discover.indico_letters import correspondence, survey  # noqa: E402
from bench.discover.indico_papers import papers  # noqa: E402
from bench.discover.indico_rooms import rooms  # noqa: E402
from bench.discover.indico_rows import HONORIFIC, put, stored  # noqa: E402
from bench.discover.people import Person, people  # noqa: E402

ROLES = ("Frivillig", "Programråd")


def main() -> None:
    with APP.app_context():
        chance = random.Random(10)
        members = people(160, seed=11)
        users = accounts(members)
        group = put("users.groups", name="Kansliet")
        for user in list(users.values())[:5]:
            put("users.group_members", group_id=group, user_id=user)
        root = Category.get_root()
        category = put(
            "categories.categories", parent_id=root.id, title="Konferenser", position=1, timezone="Europe/Stockholm"
        )
        put("categories.principals", category_id=category, type=1, user_id=users[1], full_access=True)
        role = put("categories.roles", category_id=category, name="Redaktör", code="RED", color="005272")
        put("categories.role_members", role_id=role, user_id=users[2])
        summary = {
            "summary": "Title changed",
            "data": {"Changes": ["title"]},
            "meta": {},
            "module": "Category",
            "type": "simple",
        }
        put("categories.logs", kind=3, realm=1, category_id=category, user_id=users[1], **summary)
        for number, title in enumerate(("Humledagarna", "Nordisk mossa", "Possible Gardens"), 1):
            guests = people(110, seed=20 + number)
            _event(title, category, members[number * 40 :], users, guests, chance)
        rooms(members, users)
        db.session.commit()


def _event(
    title: str,
    category: int,
    members: tuple[Person, ...],
    users: dict[int, int],
    guests: tuple[Person, ...],
    chance: random.Random,
) -> None:
    start = guests[0].met.replace(hour=9, minute=0)
    event = Event(
        creator=User.get(users[members[0].number]),
        category=Category.get(category),
        title=title,
        type_=EventType.conference,
        start_dt=start,
        end_dt=start + timedelta(days=2),
        timezone="Europe/Stockholm",
        acl_entries=set(),
        description=f"Frågor? Ring {members[0].given} på {members[0].phone or 'kansliet'}.",
    )
    db.session.flush()
    where = event.id
    for person in members[:4]:
        put("events.principals", event_id=where, type=1, user_id=users[person.number], full_access=True)
    put("events.principals", event_id=where, type=4, email=f"gast.{guests[1].username}@example.org", read_access=True)
    for name in ROLES:
        role = put("events.roles", event_id=where, name=name, code=name[:3].upper(), color="AA0000")
        put("events.role_members", role_id=role, user_id=users[members[5].number])
    for person in members[::7]:
        put("users.favorite_events", user_id=users[person.number], target_id=where)
    if len(title) % 2:
        asks = {"requestor_comment": f"Hör hemma hos {members[3].given}", "moderator_comment": "Flyttas i maj"}
        people_asked = {"requestor_id": users[members[3].number], "moderator_id": users[members[0].number]}
        put("categories.event_move_requests", event_id=where, category_id=0, state=1, **people_asked, **asks)
    persons = _speakers(where, guests[:30], users, members)
    _participants(event, guests, members, users, start, chance)
    survey(where, members, users, start)
    correspondence(where, guests, members, users, start)
    papers(where, persons, guests, [users[person.number] for person in members[:30]], start)


def _speakers(event: int, guests: tuple[Person, ...], users: dict[int, int], members: tuple[Person, ...]) -> list[int]:
    """Persons of the event: a third of them have accounts."""
    persons = []
    for person in guests:
        known = person.number % 3 == 0
        persons.append(
            put(
                "events.persons",
                event_id=event,
                user_id=users[members[person.number].number] if known else None,
                first_name=person.given,
                last_name=person.family,
                email=f"{person.username}@example.org",
                title=HONORIFIC[person.woman],
                affiliation=person.firm,
                phone=person.phone,
                address=f"{person.street}, {person.town}" if person.number % 4 == 0 else "",
            )
        )
    put("events.event_person_links", event_id=event, person_id=persons[0], display_order=1)
    return persons


def _participants(
    event: Event,
    guests: tuple[Person, ...],
    members: tuple[Person, ...],
    users: dict[int, int],
    start: datetime,
    chance: random.Random,
) -> None:
    """A registration form with Indico's own personal fields and three of ours, and those who filled it in."""
    form = RegistrationForm(event=event, title="Deltagare", currency="SEK", base_price=900)
    create_personal_data_fields(form)
    db.session.add(form)
    db.session.flush()
    fields = {
        item.personal_data_type.name: item.current_data_id
        for item in form.active_fields
        if item.personal_data_type is not None and item.current_data_id
    }
    section = next(item.id for item in form.form_items if item.parent_id is None)
    for key, title in (
        ("diet", "Allergier och specialkost"),
        ("personnummer", "Personnummer"),
        ("relative", "Anhörig"),
        ("certificate", "Intyg"),
    ):
        item = put(
            "event_registration.form_items",
            registration_form_id=form.id,
            type=2,
            parent_id=section,
            title=title,
            input_type="text",
        )
        fields[key] = put("event_registration.form_field_data", field_id=item, versioned_data={})
        table = db.metadata.tables["event_registration.form_items"]
        db.session.execute(table.update().where(table.c.id == item).values(current_data_id=fields[key]))
    late = put("event_registration.tags", event_id=event.id, title="Sen anmälan", color="red")
    for person in guests:
        email = f"{person.username}@example.org"
        registration = put(
            "event_registration.registrations",
            event_id=event.id,
            registration_form_id=form.id,
            friendly_id=person.number,
            user_id=users[members[person.number % 30].number] if person.number <= 30 else None,
            state=(1, 1, 5, 4, 3)[person.number % 5],
            rejection_reason=f"{person.given} har redan en plats via {person.firm}" if person.number % 5 == 4 else "",
            currency="SEK",
            base_price=900,
            submitted_dt=start - timedelta(days=30),
            email=email,
            first_name=person.given,
            last_name=person.family,
        )
        answers: dict[str, object] = {
            "email": email,
            "first_name": person.given,
            "last_name": person.family,
            "affiliation": person.firm,
            "phone": person.phone,
            "address": f"{person.street}, {person.postcode} {person.town}",
            "country": person.country,
            "diet": chance.choice(("", "", "vegan", "glutenfritt", "nötallergi", "halal")),
            "personnummer": person.personnummer if person.country == "SE" else "",
            "relative": f"{chance.choice(guests).name}, {person.phone}" if person.number % 3 == 0 else "",
        }
        for key, value in answers.items():
            if key in fields and value:
                row = {"registration_id": registration, "field_data_id": fields[key]}
                put("event_registration.registration_data", data=value, **row)
        if person.number % 15 == 0:
            certificate = {"registration_id": registration, "field_data_id": fields["certificate"]}
            put("event_registration.registration_data", **certificate, **stored(f"{person.username}-intyg.pdf"))
        if person.number % 10 == 0:
            put("event_registration.registration_tags", registration_id=registration, registration_tag_id=late)
        if person.number % 2 == 0:
            paid = {"payer_email": email, "payer_name": person.name, "card": f"**** {person.number:04}"}
            put(
                "events.payment_transactions",
                registration_id=registration,
                status=1,
                amount=900,
                currency="SEK",
                provider="_manual",
                data=paid,
            )
        if person.number % 12 in (0, 8):
            put(
                "event_registration.invitations",
                registration_form_id=form.id,
                email=f"vid.{email}",
                first_name=person.given,
                last_name=person.family,
                affiliation=person.firm,
            )


main()

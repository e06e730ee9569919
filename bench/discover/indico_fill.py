"""Fills Indico: accounts, conferences with speakers, participants and papers, surveys, logs and rooms."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from indico.web.flask.app import make_app

APP = make_app()  # before its models: they import one another in a circle until the application has loaded them

from indico.core.db import db  # noqa: E402
from indico.modules.categories.models.categories import Category  # noqa: E402
from indico.modules.events.models.events import Event, EventType  # noqa: E402
from indico.modules.events.registration.models.forms import RegistrationForm  # noqa: E402
from indico.modules.events.registration.util import create_personal_data_fields  # noqa: E402
from indico.modules.users.models.users import User  # noqa: E402

from bench.discover.indico_papers import papers  # noqa: E402
from bench.discover.indico_rooms import rooms  # noqa: E402
from bench.discover.indico_rows import put, stored  # noqa: E402
from bench.discover.people import Person, people  # noqa: E402

ROLES = ("Frivillig", "Programråd")
HONORIFIC = {True: 2, False: 1}


def main() -> None:
    with APP.app_context():
        chance = random.Random(10)
        members = people(160, seed=11)
        users = _accounts(members)
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


def _accounts(members: tuple[Person, ...]) -> dict[int, int]:
    """Accounts with e-mail, identity, settings, tokens and favourites: their ids by the number of the person."""
    users: dict[int, int] = {}
    for person in members:
        pending = person.number % 13 == 0
        user = users[person.number] = put(
            "users.users",
            first_name=person.given,
            last_name=person.family,
            title=HONORIFIC[person.woman] if person.number % 2 else 0,
            affiliation=person.firm,
            phone="" if pending else person.phone,
            address=f"{person.street}\n{person.postcode} {person.town}" if person.number % 3 == 0 else "",
            is_pending=pending,
            is_deleted=person.number % 29 == 0,
            picture=b"\x89PNG invented" if person.number % 11 == 0 else None,
            picture_metadata={"hash": 1, "filename": f"{person.username}.png"} if person.number % 11 == 0 else None,
        )
        put("users.emails", user_id=user, email=f"{person.username}@example.org", is_primary=True)
        if person.number % 6 == 0:
            put("users.emails", user_id=user, email=f"{person.username}@example.com", is_primary=False)
        if pending:
            continue
        put(
            "users.identities",
            user_id=user,
            provider="indico",
            identifier=person.username,
            multipass_data=None,
            data={"given_name": person.given, "family_name": person.family, "email": person.email},
            password_hash=f"$2b$12$invented{person.number:045}",
            last_login_dt=person.met + timedelta(days=90),
            last_login_ip=person.ip,
        )
        for key, value in (("lang", person.language), ("timezone", "Europe/Stockholm"), ("show_past_events", True)):
            put("users.settings", user_id=user, module="users", name=key, value=value)
        if person.number % 9 == 0:
            put(
                "users.api_keys",
                user_id=user,
                last_used_ip=person.ip,
                last_used_uri=f"/export/user/{user}.json",
                last_used_dt=person.met + timedelta(days=70),
                use_count=2,
            )
            put(
                "users.tokens",
                user_id=user,
                name=f"{person.given}s telefon",
                access_token_hash=f"{person.number:064x}",
                scopes=["read:user"],
                last_used_ip=person.ip,
                last_used_dt=person.met + timedelta(days=80),
            )
            put("users.favorite_users", user_id=user, target_id=users[person.number - 1])
            put("users.suggested_categories", user_id=user, category_id=0, score=0.4)
    for person in people(8, seed=12):
        put(
            "users.registration_requests",
            email=f"ny.{person.username}@example.org",
            comment=f"Jag arbetar på {person.firm or 'egen hand'} och vill följa mötena.",
            extra_emails=[],
            user_data={"first_name": person.given, "last_name": person.family, "phone": person.phone},
            identity_data={"provider": "indico", "identifier": person.username, "password_hash": "x"},
            settings={"lang": person.language},
        )
    application = put(
        "oauth.applications", name="Mötesappen", allowed_scopes=["read:user"], redirect_uris=["https://app.example.org"]
    )
    for person in members[::10]:
        link = put(
            "oauth.application_user_links",
            application_id=application,
            user_id=users[person.number],
            scopes=["read:user"],
        )
        token = {"access_token_hash": f"{person.number + 500:064x}", "scopes": ["read:user"], "last_used_ip": person.ip}
        put("oauth.tokens", app_user_link_id=link, **token)
    return users


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
    _survey(where, members, users, start)
    _correspondence(where, guests, members, users, start)
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


def _survey(event: int, members: tuple[Person, ...], users: dict[int, int], start: datetime) -> None:
    survey = put(
        "event_surveys.surveys", event_id=event, title="Vad tyckte du?", new_submission_emails=["kansli@example.org"]
    )
    section = put(
        "event_surveys.items",
        survey_id=survey,
        type=2,
        parent_id=None,
        title="",
        display_as_section=True,
        field_data={},
    )
    shared: dict[str, Any] = {
        "survey_id": survey,
        "type": 1,
        "parent_id": section,
        "is_required": False,
        "field_type": "text",
    }
    question = put("event_surveys.items", title="Ris eller ros?", field_data={"multiline": True}, **shared)
    for person in members[:20]:
        hidden = person.number % 4 == 0
        user = users[person.number]
        sent = {"is_submitted": True, "is_anonymous": hidden, "submitted_dt": start + timedelta(days=3)}
        submission = put(
            "event_surveys.submissions",
            survey_id=survey,
            friendly_id=person.number,
            user_id=None if hidden else user,
            **sent,
        )
        if hidden:
            put("event_surveys.anonymous_submissions", survey_id=survey, user_id=user)
        answer = person.note or f"Bra ljud, men {person.given} fick ingen vegansk lunch."
        put("event_surveys.answers", submission_id=submission, question_id=question, data=answer)


def _correspondence(
    event: int, guests: tuple[Person, ...], members: tuple[Person, ...], users: dict[int, int], start: datetime
) -> None:
    """Logs with letters in them, reminders, agreements to be filmed, requests, attachments, notes and video rooms."""
    creator = users[members[0].number]
    for person in guests[::2]:
        letter = {
            "to": [f"{person.username}@example.org"],
            "cc": [],
            "from": "support@example.org",
            "subject": "Din anmälan",
            "body": f"Hej {person.given}!\n\nDu är anmäld.",
        }
        entry = {"module": "Registration", "type": "email", "summary": f"Sent email to {person.name}", "meta": {}}
        put("events.logs", kind=1, realm=5, event_id=event, user_id=creator, logged_dt=start, data=letter, **entry)
    put(
        "events.reminders",
        event_id=event,
        creator_id=creator,
        scheduled_dt=start - timedelta(days=1),
        recipients=[f"{person.username}@example.org" for person in guests[:5]],
        reply_to_address=f"{members[0].username}@example.org",
        message="Välkommen i morgon!",
    )
    for person in guests[:12]:
        put(
            "events.agreements",
            uuid=f"{event:08x}-0000-4000-8000-{person.number:012x}",
            event_id=event,
            type="filmning",
            identifier=f"person:{person.username}",
            person_email=f"{person.username}@example.org",
            person_name=person.name,
            state=(1, 2, 0)[person.number % 3],
            signed_dt=start if person.number % 3 != 2 else None,
            signed_from_ip=person.ip if person.number % 3 != 2 else None,
            reason="Jag vill inte synas i bild." if person.number % 3 == 1 else None,
            attachment=b"%PDF invented" if person.number % 6 == 0 else None,
            attachment_filename=f"{person.username}-medgivande.pdf" if person.number % 6 == 0 else None,
            data={"speaker": person.name},
        )
    put(
        "events.requests",
        event_id=event,
        type="filmning",
        data={"contact": members[0].phone},
        created_by_id=creator,
        comment="Ja",
    )
    folder = put(
        "attachments.folders", event_id=event, linked_event_id=event, link_type=2, title="Bilder", is_default=False
    )
    attachment = put("attachments.attachments", folder_id=folder, user_id=creator, type=1, title=f"CV {guests[0].name}")
    file = put("attachments.files", attachment_id=attachment, user_id=creator, **stored(f"cv-{guests[0].username}.pdf"))
    table = db.metadata.tables["attachments.attachments"]
    db.session.execute(table.update().where(table.c.id == attachment).values(file_id=file))
    put("attachments.attachment_principals", attachment_id=attachment, type=1, user_id=creator)
    put("indico.files", claimed=True, meta={}, **stored(f"{guests[2].username}-intyg.pdf"))
    room = {
        "type": "zoom",
        "name": f"{members[0].given}s rum",
        "status": 1,
        "data": {"host": f"User:{creator}", "url": "https://v.example.org"},
    }
    video = put("events.vc_rooms", created_by_id=creator, **room)
    put("events.vc_room_events", event_id=event, vc_room_id=video, link_type=1, linked_event_id=event, data={})
    put(
        "events.settings", event_id=event, module="contact", name="emails", value=[f"{members[0].username}@example.org"]
    )
    put("events.settings_principals", event_id=event, module="paper_managers", name="managers", type=1, user_id=creator)


main()

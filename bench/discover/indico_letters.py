"""What is said about a conference: answers to a survey, letters in its log, agreements, attachments, video rooms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from indico.core.db import db

from bench.discover.indico_rows import put, stored
from bench.discover.people import Person


def survey(event: int, members: tuple[Person, ...], users: dict[int, int], start: datetime) -> None:
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


def correspondence(
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

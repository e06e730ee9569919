"""What is submitted to a conference and judged there: abstracts, contributions, papers and their reviews."""

from __future__ import annotations

from datetime import datetime, timedelta

from bench.discover.indico_rows import put, stored
from bench.discover.people import Person

KINDS = {"text": "{given} skriver tydligt men bör citera {family} 2019.", "short": "Bra, {given}!"}


def papers(event: int, persons: list[int], guests: tuple[Person, ...], users: list[int], start: datetime) -> None:
    """Thirty abstracts by `persons` (ids) who are `guests`; every second becomes a contribution, some a paper."""
    track = put("events.tracks", event_id=event, title="Odling", position=1, code="O")
    put("events.track_principals", track_id=track, type=1, user_id=users[1], permissions=["convene"])
    session = put("events.sessions", event_id=event, friendly_id=1, title="Förmiddag")
    put(
        "events.session_principals",
        session_id=session,
        type=4,
        email=f"ordf.{guests[3].username}@example.org",
        full_access=True,
    )
    block = put("events.session_blocks", session_id=session, title="", duration=timedelta(hours=2))
    put("events.session_block_person_links", session_block_id=block, person_id=persons[2], display_order=1)
    template = {"reply_to_address": "support@example.org", "subject": "Antagen", "body": "Hej {name}", "rules": []}
    letter = put("event_abstracts.email_templates", event_id=event, title="Antagen", position=1, **template)
    field = put(
        "events.contribution_fields", event_id=event, position=1, title="Kort om dig", field_type="text", field_data={}
    )
    shared = {"event_id": event, "field_type": "rating", "position": 1}
    asked = put("event_abstracts.abstract_review_questions", title="Klarhet", **shared)
    asked_paper = put("event_paper_reviewing.review_questions", title="Klarhet", type=2, **shared)
    for place, (author, person) in enumerate(zip(persons, guests, strict=False)):
        submitter, judge = users[place % len(users)], users[0]
        judged = {
            "state": 3,
            "judge_id": judge,
            "judgment_dt": start,
            "judgment_comment": f"Ge {person.given} en lång tid.",
        }
        abstract = put(
            "event_abstracts.abstracts",
            event_id=event,
            friendly_id=place + 1,
            title=f"Om humle i {person.town}",
            description=f"Vi har odlat humle sedan 1998. Kontakt: {person.email}",
            submitter_id=submitter,
            submission_comment=person.note,
            **(judged if place % 2 else {"state": 1}),
        )
        put(
            "event_abstracts.abstract_person_links",
            abstract_id=abstract,
            person_id=author,
            author_type=1,
            affiliation=person.firm or None,
            phone=person.phone or None,
            last_name=f"{person.family}-Ek" if place % 7 == 0 else None,
            display_order=1,
        )
        put(
            "event_abstracts.abstract_field_values",
            abstract_id=abstract,
            contribution_field_id=field,
            data=f"{person.name}, född {person.born.year}, agronom",
        )
        put("event_abstracts.submitted_for_tracks", abstract_id=abstract, track_id=track)
        _reviews(abstract, users, person, asked, track, place)
        if place % 2:
            sent = {"recipients": [person.email], "subject": "Antagen", "body": f"Hej {person.name}", "data": {}}
            put(
                "event_abstracts.email_logs",
                abstract_id=abstract,
                email_template_id=letter,
                user_id=judge,
                sent_dt=start,
                **sent,
            )
            _contribution(event, abstract, author, person, users, (place + 1, field, asked_paper), start)
        elif place % 5 == 0:
            put("event_abstracts.files", abstract_id=abstract, **stored(f"{person.username}.pdf"))


def _reviews(abstract: int, users: list[int], person: Person, asked: int, track: int, place: int) -> None:
    text = KINDS["text"].format(given=person.given, family=person.family)
    reviewer = users[(place + 3) % len(users)]
    row = {"abstract_id": abstract, "user_id": reviewer, "track_id": track, "comment": text}
    review = put("event_abstracts.abstract_reviews", proposed_action=1, **row)
    put("event_abstracts.abstract_review_ratings", question_id=asked, review_id=review, value=4)
    if place % 3 == 0:
        put(
            "event_abstracts.abstract_comments",
            abstract_id=abstract,
            user_id=reviewer,
            text=KINDS["short"].format(given=person.given),
        )


def _contribution(
    event: int,
    abstract: int,
    author: int,
    person: Person,
    users: list[int],
    where: tuple[int, int, int],
    start: datetime,
) -> None:
    place, field, asked = where
    contribution = put(
        "events.contributions",
        event_id=event,
        friendly_id=place,
        abstract_id=abstract,
        title=f"Om humle i {person.town}",
        description=f"{person.given} har odlat humle sedan 1998. Kontakt: {person.email}",
        duration=timedelta(minutes=20),
        inherit_location=True,
    )
    put(
        "events.contribution_person_links",
        contribution_id=contribution,
        person_id=author,
        is_speaker=True,
        display_order=1,
        **(_as_printed(person) if place % 5 == 0 else {}),
    )
    put(
        "events.contribution_field_values",
        contribution_id=contribution,
        contribution_field_id=field,
        data=f"{person.name}, agronom",
    )
    mail = f"med.{person.username}@example.org"
    put("events.contribution_principals", contribution_id=contribution, type=4, email=mail, permissions=["submit"])
    if place % 4 == 0:
        part = put(
            "events.subcontributions",
            contribution_id=contribution,
            friendly_id=1,
            position=1,
            title="Frågor",
            duration=timedelta(minutes=5),
        )
        put("events.subcontribution_person_links", subcontribution_id=part, person_id=author, display_order=1)
        text = {"source": f"{person.given} lovade återkomma.", "html": f"<p>{person.given} lovade återkomma.</p>"}
        note = put("events.notes", event_id=event, contribution_id=contribution, link_type=3, html=text["html"])
        put("events.note_revisions", note_id=note, user_id=users[2], render_mode=1, **text)
    if place % 6 == 0:
        _paper(event, contribution, person, users, asked, start)


def _as_printed(person: Person) -> dict[str, object]:
    """How a speaker is to be printed for this talk alone: married since, moved, at another university."""
    return {
        "first_name": person.given,
        "last_name": f"{person.family}-Ek",
        "affiliation": "Furuviks universitet",
        "address": f"{person.street}, {person.town}",
        "phone": person.phone,
    }


def _paper(event: int, contribution: int, person: Person, users: list[int], asked: int, start: datetime) -> None:
    schema = "event_paper_reviewing"
    judged = {"state": 2, "judge_id": users[0], "judgment_dt": start, "judgment_comment": f"Tack {person.given}."}
    revision = put(f"{schema}.revisions", contribution_id=contribution, submitter_id=users[4], **judged)
    put(f"{schema}.files", contribution_id=contribution, revision_id=revision, **stored(f"{person.family}-artikel.pdf"))
    put(f"{schema}.judges", contribution_id=contribution, user_id=users[0])
    put(f"{schema}.content_reviewers", contribution_id=contribution, user_id=users[6])
    text = KINDS["text"].format(given=person.given, family=person.family)
    review = put(f"{schema}.reviews", revision_id=revision, user_id=users[6], type=2, proposed_action=1, comment=text)
    put(f"{schema}.review_ratings", question_id=asked, review_id=review, value=3)
    put(
        f"{schema}.review_comments",
        revision_id=revision,
        user_id=users[6],
        text=KINDS["short"].format(given=person.given),
    )
    put(
        f"{schema}.competences",
        event_id=event,
        user_id=users[person.number % len(users)],
        competences=["humle", "mykologi"],
    )
    editable = put("event_editing.editables", contribution_id=contribution, type=1, editor_id=users[8])
    edited = put(
        "event_editing.revisions", editable_id=editable, submitter_id=users[4], comment=f"Rättad av {person.given}"
    )
    put("event_editing.comments", revision_id=edited, user_id=users[8], text=f"{person.given}, byt figur 2.")

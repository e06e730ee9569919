"""What the village writes and is written: comments, forms, registrations for events, the newsletter, e-mail sent."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.core.files.base import ContentFile

from bench.discover.people import Person
from bench.discover.wagtail_pages import Pages
from bench.discover.wagtail_rows import at, made

THOUGHTS = (
    "Bra skrivet! Min mormor {family} bodde i huset vid kvarnen.",
    "When will the bridge be open again? /{given}",
    "Vi hade inte råd förra året, min man är sjukskriven. Kan avgiften delas upp?",
    "Jag ställer gärna upp och bakar, ring {phone}.",
)
DIETS = ("", "", "Vegetarian", "Glutenfritt (celiaki)", "Halal", "Nötallergi")


@dataclass(frozen=True, slots=True)
class Newsletter:
    """The newsletter and its one message; the template of the letters that the site sends."""

    letter: Any
    message: Any
    template: Any


def newsletter(editors: list[Any]) -> Newsletter:
    at(editors[0].date_joined)
    letter = made("newsletter.Newsletter", title="Byabladet", slug="byabladet", email="bladet@angsby.example")
    letter.sender = "Ängsby byalag"
    letter.save()
    message = made("newsletter.Message", title="Vårens städdag", slug="varens-staddag", newsletter=letter)
    made(
        "newsletter.Article",
        post=message,
        sortorder=10,
        title="Ta med handskar",
        text="Vi samlas vid ladan klockan tio. Byalaget bjuder på korv.",
        url="https://angsby.example/nyheter/",
    )
    made("newsletter.Attachment", message=message, file="attachments/dagordning.pdf")
    template = made(
        "post_office.EmailTemplate",
        name="welcome",
        subject="Välkommen, {{ given }}",
        content="Hej {{ given }}! Din anmälan har kommit fram.",
    )
    return Newsletter(letter, message, template)


def written(person: Person, user: Any, pages: Pages, letters: Newsletter, chance: random.Random) -> None:
    """What one person leaves on the site, with an account or without."""
    at(person.met + timedelta(days=41))
    thought = chance.choice(THOUGHTS).format(given=person.given, family=person.family, phone=person.phone or "på dagen")
    if person.number % 3 == 0:
        _comment(person, user, thought, pages, chance)
    if chance.random() < 0.3:
        asked = {"namn": person.name, "e_post": person.email, "telefon": person.phone, "meddelande": thought}
        made("wagtailforms.FormSubmission", page=pages.form, form_data=asked)
    if chance.random() < 0.4:
        _comes(person, user, pages, letters, chance)
    if person.number % 2:
        by = {"user": user} if user else {"name_field": person.name, "email_field": person.email}
        made(
            "newsletter.Subscription",
            **by,
            newsletter=letters.letter,
            ip=person.ip,
            subscribed=True,
            unsubscribed=False,
            activation_code=f"{person.number:040x}",
        )


def _comment(person: Person, user: Any, thought: str, pages: Pages, chance: random.Random) -> None:
    article = chance.choice(pages.articles)
    comment = made(
        "django_comments.Comment",
        content_type=ContentType.objects.get_for_model(article),
        object_pk=str(article.pk),
        site=Site.objects.get_current(),
        user=user,
        user_name=person.name,
        user_email=person.email,
        user_url=f"https://{person.username}.example" if person.number % 6 == 0 else "",
        comment=thought,
        ip_address=person.ip,
    )
    if user and person.number % 2:
        when = person.met + timedelta(days=43)
        made("django_comments.CommentFlag", user=user, comment=comment, flag="removal suggestion", flag_date=when)


def _comes(person: Person, user: Any, pages: Pages, letters: Newsletter, chance: random.Random) -> None:
    """They come to an event, are written to, and some change their mind."""
    event = chance.choice(pages.events)
    coming = made(
        "village.EventRegistration",
        event=event,
        user=user,
        name=person.name,
        email=person.email,
        phone=person.phone,
        guests=chance.randrange(4),
        dietary_requirements=chance.choice(DIETS),
        message=person.note,
    )
    letter = made(
        "post_office.Email",
        from_email="Ängsby byalag <styrelsen@angsby.example>",
        to=[person.email],
        cc=["bokning@angsby.example"] if person.number % 15 == 0 else [],
        bcc=["arkiv@angsby.example"] if person.number % 20 == 0 else [],
        subject=f"Välkommen, {person.given}",
        message=f"Hej {person.given}! Din anmälan till {event.title} har kommit fram.",
        html_message=f"<p>Hej {person.given}!</p>",
        status=0,
        message_id=f"<{person.number}.4711@angsby.example>",
        template=letters.template if person.number % 2 else None,
        context={"given": person.given, "event": event.title} if person.number % 2 else None,
    )
    fate = f"550 5.1.1 <{person.email}>: Recipient address rejected" if person.number % 12 == 0 else ""
    made("post_office.Log", email=letter, status=1 if fate else 0, message=fate, exception_type="")
    if person.number % 10 == 0:
        name = f"biljett-{person.family.lower()}.pdf"
        ticket = made("post_office.Attachment", file=ContentFile(b"%PDF-1.4", name), name=name)
        ticket.emails.add(letter)
    if person.number % 8 == 0:
        at(person.met + timedelta(days=44))
        coming.dietary_requirements, coming._change_reason = "Laktosfritt", f"{person.given} ringde"
        coming._history_user = user
        coming.save()


def sent(letters: Newsletter) -> None:
    """The one message went out to everybody who subscribes."""
    out = made("newsletter.Submission", newsletter=letters.letter, message=letters.message, publish=True, sent=True)
    out.subscriptions.set(letters.letter.subscription_set.all())

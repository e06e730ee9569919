"""The site's pages, pictures and documents, and how editors work on them: drafts, comments, approvals, translations."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site as DjangoSite
from django.core.files.base import ContentFile
from PIL import Image
from wagtail.models import Locale, Page, Site
from wagtail_localize.models import TranslationSource

from bench.discover.people import Person
from bench.discover.wagtail_rows import at, made
from bench.discover.wagtail_village.models import ArticlePage, EventPage, FormPage, HomePage
from bench.discover.wagtail_village.models import Person as Shown

NEWS = (
    ("Bron är stängd", "Bron över kvarnbäcken är stängd till mars. {name} i brogruppen svarar på frågor."),
    ("Ny ordförande", "Årsmötet valde {name}, som bott i byn sedan barnsben och är distriktssköterska."),
    ("The old school", "{name} went to school here in the fifties and remembers the stove."),
    ("Städdag i maj", "Vi samlas vid ladan. Ta med egna handskar."),
    ("Fiber till alla", "Grävningen börjar vid {family}s gård."),
)


@dataclass(frozen=True, slots=True)
class Pages:
    """What was put on the site."""

    home: Any
    articles: list[Any]
    events: list[Any]
    form: Any


def site(staff: tuple[Person, ...], editors: list[Any]) -> Pages:
    """A home page, the people, the news, what happens, and a form."""
    at(min(each.met for each in staff))
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Ängsby", slug="angsby", body="<p>Hej!</p>"))
    Site.objects.update(root_page=home, site_name="Ängsby", hostname="angsby.example")
    made(
        "village.SiteDetails",
        site=Site.objects.get(),
        board_email="styrelsen@angsby.example",
        postal_address="Byalaget, Kvarngatan 1, 903 27 Umeå",
    )
    DjangoSite.objects.update(domain="angsby.example", name="Ängsby")
    shown = [_person(each, user, editors[0]) for each, user in zip(staff, editors, strict=True)]
    articles = [_article(home, place, shown, staff, editors) for place in range(len(NEWS) * 3)]
    events = [_event(home, place, staff, editors) for place in range(4)]
    return Pages(home, articles, events, _form(home, editors[0]))


def _person(person: Person, user: Any, chief: Any) -> Any:
    at(person.met + timedelta(days=1))
    picture = io.BytesIO()
    Image.new("RGB", (24, 24), (40 * person.number, 90, 120)).save(picture, "PNG")
    portrait = made(
        "wagtailimages.Image",
        title=person.name,
        description=f"{person.given} vid kvarnen",
        file=ContentFile(picture.getvalue(), f"{person.username}.png"),
        uploaded_by_user=user,
        focal_point_x=12,
        focal_point_y=12,
    )
    portrait.tags.add("porträtt")
    portrait.get_rendition("fill-12x12")
    shown = made(
        "village.Person",
        first_name=person.given,
        last_name=person.family,
        job_title=("Ordförande", "Kassör", "Redaktör", "Ledamot")[person.number % 4],
        phone=person.phone,
        biography=f"<p>{person.given} bor i {person.town} med katt.</p>",
        image=portrait,
        locale=Locale.get_default(),
    )
    shown.save_revision(user=user, log_action=True).publish(user=chief)
    return shown


def _article(home: Any, place: int, shown: list[Any], staff: tuple[Person, ...], editors: list[Any]) -> Any:
    writer = place % len(editors)
    at(staff[writer].met + timedelta(days=10 + place))
    title, text = NEWS[place % len(NEWS)]
    of = staff[place % 4]
    page = ArticlePage(
        title=f"{title} {place + 1}",
        date=(staff[writer].met + timedelta(days=10)).date(),
        introduction=f"Av {staff[writer].name}",
        body=[("paragraph", f"<p>{text.format(name=of.name, family=of.family)}</p>")],
        owner=editors[writer],
        search_description=title,
    )
    home.add_child(instance=page)
    page.tags.add("byn", "nyheter")
    made("village.ArticleAuthor", page=page, person=shown[writer])
    page.save_revision(user=editors[writer], log_action=True).publish(user=editors[0])
    return page


def _event(home: Any, place: int, staff: tuple[Person, ...], editors: list[Any]) -> Any:
    host = staff[place]
    at(host.met + timedelta(days=30))
    page = EventPage(
        title=("Valborg", "Surströmming", "Julmarknad", "Quiz night")[place],
        starts=host.met + timedelta(days=60),
        venue="Bygdegården",
        description=f"<p>{host.given} kokar kaffe.</p>",
        contact_name=host.name,
        contact_email=host.email,
        owner=editors[place],
    )
    home.add_child(instance=page)
    page.save_revision(user=editors[place], log_action=True).publish(user=editors[0])
    return page


def _form(home: Any, owner: Any) -> Any:
    page = FormPage(title="Skriv till oss", owner=owner, to_address=f"styrelsen@angsby.example,{owner.email}")
    page.from_address, page.subject = "webb@angsby.example", "Från webben"
    home.add_child(instance=page)
    asked = (("Namn", "singleline"), ("E-post", "email"), ("Telefon", "singleline"), ("Meddelande", "multiline"))
    for place, (label, kind) in enumerate(asked):
        made("village.FormField", page=page, sort_order=place, label=label, field_type=kind)
    return page


def work(staff: tuple[Person, ...], editors: list[Any], pages: Pages, chance: random.Random) -> None:
    """What the editors do with the pages, and how the desk remembers it."""
    for person, user in zip(staff, editors, strict=True):
        at(person.met + timedelta(days=70))
        page = chance.choice(pages.articles)
        _comments(person, user, page, chance.choice(editors))
        _approval(page, user, editors[0], person)
        kind = ContentType.objects.get_for_model(page)
        seen = person.met + timedelta(days=71)
        made("wagtailadmin.EditingSession", user=user, content_type=kind, object_id=str(page.pk), last_seen_at=seen)
        made(
            "wagtailadmin.FormState",
            user=user,
            content_type=kind,
            object_id=str(page.pk),
            data=f"title=Bron+%C3%B6ppen&introduction=Av+{person.given}+{person.family}&slug={page.slug}",
            last_updated_at=seen,
        )
        file = ContentFile(b"%PDF-1.4 minutes", f"protokoll-{person.username}.pdf")
        made("wagtaildocs.Document", title=f"Protokoll, {person.name}", file=file, uploaded_by_user=user, file_size=16)
        made("wagtailcore.UploadedFile", file=f"wagtail_uploads/IMG_{person.number:04}.jpg", uploaded_by_user=user)
    _found_and_led(pages, staff[0])
    english = made("wagtailcore.Locale", language_code="en")
    _translated(pages.articles[0].specific, english, editors[1])
    _translated(Shown.objects.get(last_name=staff[3].family, first_name=staff[3].given), english, editors[2])


def _comments(person: Person, user: Any, page: Any, other: Any) -> None:
    made("wagtailcore.PageSubscription", user=user, page=page, comment_notifications=True)
    text = f"Stavas inte {person.family} annorlunda?"
    comment = made(
        "wagtailcore.Comment",
        page=page,
        user=user,
        text=text,
        contentpath="introduction",
        resolved_by=other if person.number % 2 else None,
        resolved_at=person.met + timedelta(days=72) if person.number % 2 else None,
    )
    made("wagtailcore.CommentReply", comment=comment, user=other, text=f"Jag frågar {person.given} i morgon.")


def _approval(page: Any, user: Any, moderator: Any, person: Person) -> None:
    page = page.specific
    if page.workflow_in_progress:
        return
    page.title = f"{page.title} – rättad"
    page.save_revision(user=user, log_action=True)
    state = page.get_workflow().start(page, user)
    if person.number % 3 == 0:
        state.current_task_state.reject(user=moderator, comment=f"{person.given}, namnet på bron är fel.")
    elif person.number % 3 == 1:
        state.current_task_state.approve(user=moderator, comment="Fint!")


def _found_and_led(pages: Pages, person: Person) -> None:
    query = made("wagtailsearchpromotions.Query", query_string=f"{person.name} telefon".lower())
    query.add_hit()
    made("wagtailsearchpromotions.SearchPromotion", query=query, page=pages.form, description="Så når du styrelsen")
    made("wagtailredirects.Redirect", old_path="/styrelse", redirect_page=pages.form, site=Site.objects.get())
    made(
        "wagtailembeds.Embed",
        url="https://video.example/watch?v=4711",
        hash=f"{4711:032x}",
        type="video",
        title="Valborg i Ängsby",
        author_name=person.name,
        provider_name="Video",
        html="<iframe></iframe>",
    )
    closed = made("wagtailcore.PageViewRestriction", page=pages.events[1], restriction_type="groups")
    closed.groups.add(Group.objects.get(name="Editors"))
    made("wagtailcore.PageViewRestriction", page=pages.events[2], restriction_type="password", password="bryggan")


def _translated(thing: Any, english: Any, translator: Any) -> None:
    """A page or a person put into English, string by string."""
    source, _ = TranslationSource.update_or_create_from_instance(thing)
    translation = made("wagtail_localize.Translation", source=source, target_locale=english)
    for segment in source.stringsegment_set.all():
        made(
            "wagtail_localize.StringTranslation",
            translation_of=segment.string,
            locale=english,
            context=segment.context,
            data=f"[en] {segment.string.data}",
            translation_type="manual",
            last_translated_by=translator,
        )
    translation.save_target(user=translator, publish=False)

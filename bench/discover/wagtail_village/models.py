"""The site's own models: pages, the people they show, members of the association, and who comes to an event."""

from __future__ import annotations

# mypy: allow-subclassing-any
from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from simple_history.models import HistoricalRecords
from taggit.models import TaggedItemBase
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField, StreamField
from wagtail.models import DraftStateMixin, LockableMixin, Orderable, Page, RevisionMixin, TranslatableMixin
from wagtail.search import index
from wagtail.snippets.models import register_snippet


class Person(DraftStateMixin, LockableMixin, RevisionMixin, TranslatableMixin, index.Indexed, ClusterableModel):
    """Someone the pages show: a writer, a member of the board."""

    first_name = models.CharField(max_length=254)
    last_name = models.CharField(max_length=254)
    job_title = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    biography = RichTextField(blank=True)
    image = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    search_fields = [index.SearchField("first_name"), index.SearchField("last_name")]  # noqa: RUF012

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class HomePage(Page):
    """The first page."""

    body = RichTextField(blank=True)


class ArticleTag(TaggedItemBase):
    """A word by which articles are found."""

    content_object = ParentalKey("ArticlePage", related_name="tagged_items", on_delete=models.CASCADE)


class ArticlePage(Page):
    """News, with its writers and with a column for the readers' comments."""

    date = models.DateField()
    introduction = models.TextField(blank=True)
    body = StreamField([("heading", CharBlock()), ("paragraph", RichTextBlock())])
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)

    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]  # noqa: RUF012


class ArticleAuthor(Orderable):
    """Who wrote an article."""

    page = ParentalKey(ArticlePage, related_name="authors", on_delete=models.CASCADE)
    person = models.ForeignKey(Person, related_name="articles", on_delete=models.CASCADE)


class EventPage(Page):
    """Something to come to, and whom to ask."""

    starts = models.DateTimeField()
    venue = models.CharField(max_length=200)
    description = RichTextField(blank=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_email = models.EmailField(blank=True)


class EventRegistration(models.Model):
    """Someone comes to an event; every change is kept."""

    event = models.ForeignKey(EventPage, related_name="registrations", on_delete=models.CASCADE)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=120)
    email = models.EmailField()
    phone = models.CharField(max_length=40, blank=True)
    guests = models.PositiveSmallIntegerField(default=0)
    dietary_requirements = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()


class Membership(models.Model):
    """A member of the association, as the treasurer keeps them; every change is logged."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    member_number = models.CharField(max_length=12, unique=True)
    personnummer = models.CharField(max_length=13, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    street = models.CharField(max_length=120)
    postal_code = models.CharField(max_length=12)
    city = models.CharField(max_length=80)
    mobile = models.CharField(max_length=40, blank=True)
    fee_paid = models.DateField(null=True, blank=True)
    remarks = models.TextField(blank=True)
    joined = models.DateField()

    def __str__(self) -> str:
        return f"{self.member_number} {self.user.get_full_name()}"


class FormField(AbstractFormField):
    """What a form asks."""

    page = ParentalKey("FormPage", related_name="form_fields", on_delete=models.CASCADE)


class FormPage(AbstractEmailForm):
    """A form that an editor made; what is sent in is kept as JSON."""

    introduction = RichTextField(blank=True)
    thank_you_text = RichTextField(blank=True)


class SiteDetails(BaseSiteSetting):
    """How the association is reached."""

    board_email = models.EmailField(blank=True)
    postal_address = models.TextField(blank=True)
    facebook = models.URLField(blank=True)


register_snippet(Person)
register_setting(SiteDetails)
auditlog.register(Membership, serialize_data=True)

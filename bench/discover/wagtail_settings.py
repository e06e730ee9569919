"""The settings of the site: the apps of Wagtail, what is added to them, and the site's own models; one SQLite file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

FOLDER = Path(os.environ["SITE_FOLDER"])
sys.path.append(str(FOLDER))

SECRET_KEY = "of no worth"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "wagtail.sqlite3")}}
MEDIA_ROOT = str(FOLDER / "media")
STATIC_URL = "/static/"
# The site's migrations are made where it is installed, from its models.
MIGRATION_MODULES = {"village": "village_migrations"}

_DJANGO = "admin auth contenttypes sessions sites messages staticfiles"
_WAGTAIL = "users snippets embeds sites documents images search admin"
_CONTRIB = "forms redirects settings search_promotions"
_ADDED = (
    "taggit sorl.thumbnail modelcluster rest_framework rest_framework.authtoken axes auditlog simple_history "
    "newsletter post_office django_comments invitations wagtail_localize wagtail_localize.locales allauth "
    "allauth.account allauth.socialaccount allauth.socialaccount.providers.google allauth.mfa allauth.usersessions"
)
INSTALLED_APPS = [
    "bench.discover.wagtail_village",
    *(f"wagtail.contrib.{app}" for app in _CONTRIB.split()),
    *(f"wagtail.{app}" for app in _WAGTAIL.split()),
    "wagtail",
    *_ADDED.split(),
    *(f"django.contrib.{app}" for app in _DJANGO.split()),
]
SITE_ID = 1
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
LANGUAGE_CODE = "sv"
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("sv", "Svenska"), ("en", "English")]
WAGTAIL_SITE_NAME = "Ängsby byalag"
WAGTAILADMIN_BASE_URL = "https://angsby.example"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "wagtail.urls"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "allauth.account.middleware.AccountMiddleware"]
NEWSLETTER_USE_HTTPS = True
NEWSLETTER_THUMBNAIL = "sorl-thumbnail"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

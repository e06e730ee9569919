"""The settings of the shop: every app of django-oscar that has tables, on one SQLite file."""

from __future__ import annotations

import os
from pathlib import Path

from oscar.defaults import *  # noqa: F403

SECRET_KEY = "of no worth"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(Path(os.environ["SHOP_FOLDER"]) / "oscar.sqlite3"),
    }
}
_DJANGO = "admin auth contenttypes sessions sites messages staticfiles flatpages"
_OSCAR = {
    **{word: word for word in "analytics address basket catalogue checkout communication customer offer order".split()},
    **{word: word for word in "partner payment search shipping voucher wishlists dashboard".split()},
    "catalogue.reviews": "catalogue_reviews",
}
_DESK = "reports users orders catalogue offers partners pages ranges reviews vouchers communications shipping"
INSTALLED_APPS = [
    *(f"django.contrib.{app}" for app in _DJANGO.split()),
    "oscar.config.Shop",
    *(f"oscar.apps.{app}.apps.{name.title().replace('_', '')}Config" for app, name in _OSCAR.items()),
    *(f"oscar.apps.dashboard.{app}.apps.{app.title()}DashboardConfig" for app in _DESK.split()),
    *("widget_tweaks", "haystack", "treebeard", "django_tables2"),
]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
SITE_ID = 1
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "django.contrib.flatpages.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

"""Fills the site by the models of Wagtail, of the packages and its own, in the Python that Wagtail is installed in."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import django
from django.core.management import call_command

from bench.discover.people import neighbours
from bench.discover.wagtail_rows import keep_time

FOLDER = Path(sys.argv[1])
os.environ.update(DJANGO_SETTINGS_MODULE="bench.discover.wagtail_settings", SITE_FOLDER=str(FOLDER))
keep_time()
(FOLDER / "village_migrations").mkdir()
(FOLDER / "village_migrations" / "__init__.py").touch()
django.setup()

from django.db import transaction  # noqa: E402

from bench.discover import wagtail_accounts, wagtail_letters, wagtail_pages  # noqa: E402


def main() -> None:
    call_command("makemigrations", "village", verbosity=0)
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        _fill()


def _fill() -> None:
    chance = random.Random(3)
    staff = neighbours(6, seed=11)
    editors = [wagtail_accounts.editor(each) for each in staff]
    site = wagtail_pages.site(staff, editors)
    village = neighbours(180, seed=12)
    letters = wagtail_letters.newsletter(editors)
    for person in village:
        user = wagtail_accounts.neighbour(person, editors, chance) if person.number % 5 else None
        wagtail_letters.written(person, user, site, letters, chance)
    wagtail_letters.sent(letters)
    wagtail_pages.work(staff, editors, site, chance)


main()

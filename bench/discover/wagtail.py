"""Wagtail, a content management system, on SQLite, with packages that sites often add to it.

The site and every package make their tables by their own migrations, then their own models fill them (`wagtail_fill`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.discover.install import environment, fill

PACKAGES = (
    "wagtail==8.0.1",
    "Django>=5.2,<6",
    "wagtail-localize==1.14.5",
    "django-allauth[socialaccount,mfa]==65.22.1",
    "django-axes==8.3.1",
    "django-auditlog==3.4.1",
    "django-simple-history==3.13.0",
    "django-newsletter==1.2.1",
    "django-post_office==3.12.0",
    "django-contrib-comments==2.2.0",
    "django-invitations==2.1.0",
    "sorl-thumbnail==13.4.0",
    "djangorestframework==3.18.3",
)


def build(folder: Path) -> str:
    """Make `folder`/wagtail.sqlite3 anew; return its URL."""
    python = environment(folder, *PACKAGES)
    database = folder / "wagtail.sqlite3"
    database.unlink(missing_ok=True)
    for made in ("media", "village_migrations"):
        shutil.rmtree(folder / made, ignore_errors=True)
    fill(python, "bench.discover.wagtail_fill", folder, PYTHONHASHSEED="0")
    return f"sqlite:///{database}"

"""Indico, conferences and room bookings, on PostgreSQL: its own command makes the schema, its own models fill it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.discover.install import environment, fill, run

NAME = "ombud_discover_indico"
SETTINGS = """\
SQLALCHEMY_DATABASE_URI = {url!r}
SECRET_KEY = 'only for a database of invented people'
BASE_URL = 'http://localhost'
DEFAULT_TIMEZONE = 'Europe/Stockholm'
ENABLE_ROOMBOOKING = True
NO_REPLY_EMAIL = SUPPORT_EMAIL = PUBLIC_SUPPORT_EMAIL = 'support@example.org'
CELERY_BROKER = REDIS_CACHE_URL = 'redis://localhost:1/0'
STORAGE_BACKENDS = {{'default': 'fs:{folder}/archive'}}
CACHE_DIR = TEMP_DIR = LOG_DIR = '{folder}'
"""


def build(folder: Path) -> str:
    """Make the database anew on the server of OMBUD_TEST_POSTGRESQL, else the one on loopback; return its URL."""
    server = os.environ.get("OMBUD_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
    url = urlsplit(server)._replace(path=f"/{NAME}").geturl()
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {NAME}")
        link.execute(f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8'")
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm")
    python = environment(folder, "indico==3.2.9")
    settings = folder / "indico.conf"
    settings.write_text(SETTINGS.format(url=url, folder=folder))
    run(str(python.with_name("indico")), "db", "prepare", cwd=folder, INDICO_CONFIG=str(settings))
    fill(python, "bench.discover.indico_fill", folder, INDICO_CONFIG=str(settings))
    return url

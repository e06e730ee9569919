"""Opening a register without a web server, inside a Django project or beside none. Imports Django when it is called."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ombud.register.address import FILE_OPTIONS, Address, address_of, make_private
from ombud.register.retention import KEPT, Kept
from ombud.register.trouble import NotInstalled

if TYPE_CHECKING:
    from ombud.register.store import Store

ALIAS = "ombud"
"""The register's name among a Django project's databases. Its own `default` is never touched."""

STAYS_OPEN = {"CONN_MAX_AGE": None}
"""There is no web request at whose end Django would close it."""

APP = "ombud.register"

_opening = threading.RLock()

_own: dict[str, Address] = {}
"""What was added to Django's databases here, by alias."""


def open_register(
    url: str | None,
    state_dir: Path,
    secret: bytes,
    random: Callable[[int], bytes] = os.urandom,
    kept: Kept = KEPT,
) -> Store:
    """The register at this address, its tables made or brought up to date. `random` gives fresh bytes.

    `kept` says how many years it remembers (`retention.py`).

    Without a `url`, it is a SQLite file in `state_dir` that only its owner reads. Django is configured with nothing but
    the register where nobody has configured it. In a project that has, the register is a database of its own beside the
    project's, `ombud`; where the settings name one so, and there is no `url`, it is that one.

    Raises BadAddress, NotInstalled, NewerRegister, adapters.register.AnotherKey, OSError, and `database_error()` where
    the database does not serve.
    """
    with _opening:
        _configure()
        alias, address = _placed(url, state_dir)
        if address is not None and address.file is not None:
            make_private(address.file, state_dir)
        from ombud.register.migrating import migrate
        from ombud.register.store import Store

        migrate(alias, state_dir)
        store = Store(alias, secret, random, kept)
        store.check_key()
        return store


def database_error() -> type[Exception]:
    """What a database that does not serve raises; `__cause__` is the driver's error, for `adapters.trouble`.

    For an `except` clause of who does not import Django: Python asks only when something was raised.
    """
    from django.db import Error

    known: type[Exception] = Error
    return known


def _configure() -> None:
    from django.apps import apps
    from django.conf import settings

    if not settings.configured:
        settings.configure(INSTALLED_APPS=[APP], USE_TZ=True, TIME_ZONE="UTC", LOGGING_CONFIG=None, DATABASES={})
        apps.populate(settings.INSTALLED_APPS)  # what django.setup() does, without loading URLs and logging
    elif not apps.ready:
        import django

        django.setup()
    if not apps.is_installed(APP):
        raise NotInstalled


def _placed(url: str | None, state_dir: Path) -> tuple[str, Address | None]:
    """The alias of the database at this address, and the address unless the project's settings say it."""
    from django.db import connections

    known = connections.settings
    if not url and ALIAS in known and ALIAS not in _own:
        stated = known[ALIAS]
        stated.update(STAYS_OPEN)
        if stated["ENGINE"].endswith("sqlite3"):
            stated["OPTIONS"] = {**FILE_OPTIONS, **stated["OPTIONS"]}
        return ALIAS, None
    address = address_of(url, state_dir)
    for alias, own in _own.items():
        if own == address:
            return alias, address
    alias = ALIAS if ALIAS not in known else f"{ALIAS}_{len(known)}"
    whole = connections.configure_settings({"default": {}, ALIAS: {**address.django, **STAYS_OPEN}})
    known[alias] = whole[ALIAS]
    _own[alias] = address
    return alias, address

"""For a Django project that keeps the register's tables out of its own database.

    DATABASE_ROUTERS = ["ombud.register.router.OwnDatabase"]

The register works without it; then `manage.py migrate` makes its tables, empty, in the project's database too.
"""

from __future__ import annotations

from typing import Any

from ombud.register.migrating import LABEL
from ombud.register.opening import ALIAS


class OwnDatabase:
    """The register's models are in the register's database, and nothing else is."""

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        return ALIAS if model._meta.app_label == LABEL else None

    def db_for_write(self, model: Any, **_: Any) -> str | None:
        return self.db_for_read(model)

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool | None:
        own = db == ALIAS or db.startswith(f"{ALIAS}_")
        return own if app_label == LABEL else (False if own else None)

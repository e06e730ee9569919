"""The register as the layers above use it: frozen values in and out, each method one transaction."""

from __future__ import annotations

from ombud.register import models
from ombud.register.outbox import Outbox
from ombud.register.requests import Requests


class Store(Requests, Outbox):
    """All that the register remembers. Opened by `open_register`.

    Methods raise what they name, and django.db.Error where the database does not serve; its `__cause__` is the driver's
    error, which `adapters.trouble` puts in words. `with store.transaction():` makes several calls one.
    """

    def _let_go(self, requests: list[str]) -> None:
        """What was sealed for requests that came to their end: nobody is searched for by it any more."""
        self._all(models.Note).none()

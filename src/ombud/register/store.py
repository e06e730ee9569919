"""The register as the layers above use it: frozen values in and out, each method one transaction.

It is imported where a register is opened; who only names its type imports it `if TYPE_CHECKING`.
"""

from __future__ import annotations

from ombud.register.batches import Batches
from ombud.register.consents import Consents
from ombud.register.forgetting import Forgetting
from ombud.register.handed import Handed


class Store(Forgetting, Batches, Handed, Consents):
    """All that the register remembers. Opened by `open_register`.

    Methods raise what they name, and `opening.database_error()` where the database does not serve.
    `with store.transaction():` makes several calls one: on SQLite, each transaction waits for the disk once.
    """

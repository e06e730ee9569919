"""What ombud remembers of requests, recipients and approvals, so that nobody has to.

A Django app that works without a web server: `open_register` gives a `Store`, whose methods take and give the frozen
values of `model.py`. Importing this package does not load Django; opening a register does. The marks are not here:
they have a file of their own (`adapters/register.py`), and are named by their numbers.
"""

from ombud.register.opening import database_error, open_register
from ombud.register.trouble import (
    BadAddress,
    Conflict,
    NewerRegister,
    NotInstalled,
    NotThere,
    OneAndTheSame,
    RegisterTrouble,
    Unsettled,
)

__all__ = [
    "BadAddress",
    "Conflict",
    "NewerRegister",
    "NotInstalled",
    "NotThere",
    "OneAndTheSame",
    "RegisterTrouble",
    "Unsettled",
    "database_error",
    "open_register",
]

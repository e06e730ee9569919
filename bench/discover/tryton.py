"""Tryton, a system for the business of a firm, on SQLite: parties, staff, sales, invoices, web users, marketing.

Its own command makes the tables of trytond and the modules, then its own models fill them (`tryton_fill`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bench.discover.install import environment, fill, run

SERIES = ">=7.0,<7.1"
MODULES = (
    "account_invoice_history attendance authentication_sms bank company_work_time marketing_automation marketing_email "
    "notification_email party_avatar party_relationship sale_opportunity timesheet user_role web_user"
).split()


def build(folder: Path) -> str:
    """Make `folder`/tryton.sqlite anew; return its URL."""
    python = environment(folder, f"trytond{SERIES}", *(f"trytond_{module}{SERIES}" for module in MODULES))
    database = folder / "tryton.sqlite"
    database.unlink(missing_ok=True)
    database.touch()
    shutil.rmtree(folder / database.stem, ignore_errors=True)  # files that hang on rows
    settings, secret = folder / "trytond.conf", folder / "password"
    settings.write_text(f"[database]\nuri = sqlite://\npath = {folder}\n", encoding="utf-8")
    secret.write_text("invented", encoding="utf-8")
    admin = [str(python.with_name("trytond-admin")), "-c", str(settings), "-d", database.stem]
    admin += ["--email", "styrman@furuvik.example", "--activate-dependencies", "-u", *MODULES]
    run(*admin, TRYTONPASSFILE=str(secret))
    fill(python, "bench.discover.tryton_fill", folder, PYTHONHASHSEED="0")
    return f"sqlite:///{database}"

"""The register in a process that has Django for something else, and in commands that need none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.register.test_opening import ROOT, python

SITE = """
import sys
from pathlib import Path
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", {app}],
    DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.db"}}, {other}}},
    DATABASE_ROUTERS=[{router}],
    USE_TZ={zoned}, TIME_ZONE="Asia/Tokyo",
)
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from ombud.register import open_register
from datetime import UTC, date, datetime
from ombud.register.model import Entry, Identity
from ombud.rights.model import Request, RequestKind
store = open_register(None, Path(".ombud"), b"a secret of thirty-two characters")
now = datetime(2026, 6, 1, 10, tzinfo=UTC)
ada = Identity("email", "a" * 64, "a@x.example")
wish = Request("", RequestKind.ERASE, now.date())
case = store.add_request(wish, [ada], Entry("received", now.date(), now, "person"))
assert store.request(case.request.id) == case
assert store.history(case.request.id)[0].at == case.created == now
from django.db import connections
print(store.alias, *sorted(connections["default"].introspection.table_names()))
"""

APP = '"ombud.register"'
ROUTER = '"ombud.register.router.OwnDatabase"'


def site(folder: Path, app: str = APP, other: str = "", router: str = ROUTER, zoned: bool = True) -> list[str]:
    """What a Django project that opens a register says: the alias, and the tables of its own database."""
    script = folder / "site_script.py"
    script.write_text(SITE.format(app=app, other=other, router=router, zoned=zoned))
    return python(str(script), cwd=folder).split()


def test_in_a_django_project_the_register_has_a_database_of_its_own(tmp_path: Path) -> None:
    assert site(tmp_path) == ["ombud", "django_content_type", "django_migrations"]
    assert (tmp_path / ".ombud" / "requests.db").is_file()


def test_a_database_that_the_project_names_for_it_is_the_one(tmp_path: Path) -> None:
    named = '"ombud": {"ENGINE": "django.db.backends.sqlite3", "NAME": "theirs.db"}'
    assert site(tmp_path, other=named, zoned=False)[0] == "ombud"
    assert (tmp_path / "theirs.db").is_file()
    assert not (tmp_path / ".ombud" / "requests.db").exists()


def test_a_project_that_does_not_know_the_models_is_told_how_to(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="does not know the register's models"):
        site(tmp_path, app='"django.contrib.auth"', router="")


COMMANDS = (["--help"], ["check"], ["plan", "--help"], ["apply", "--help"], ["mark", "--help"], ["explain", "--help"])


def test_commands_about_data_do_not_load_django() -> None:
    run = (
        "import sys, ombud.cli.program, ombud.register.model, ombud.register.retention, ombud.register.naming\n"
        "from click.testing import CliRunner\n"
        f"done = [CliRunner().invoke(ombud.cli.program.program, each) for each in {COMMANDS!r}]\n"
        "print(*(each.exit_code for each in done), *(each for each in sys.modules if each.split('.')[0] == 'django'))"
    )
    assert python("-c", run, cwd=ROOT / "examples" / "cag").split() == ["0"] * len(COMMANDS)

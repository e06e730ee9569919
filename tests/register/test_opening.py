"""A register opens without a web server, for its owner alone, with its own key, beside other processes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ombud.adapters.register import AnotherKey
from ombud.adapters.trouble import LOST, trouble
from ombud.register import BadAddress, NewerRegister, database_error, open_register
from tests.register.conftest import ADA, SECRET, TODAY, entry, wish

ROOT = Path(__file__).parents[2]

ADD = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from ombud.register import open_register
from ombud.register.model import Entry, Identity
from ombud.rights.model import Request, RequestKind
store = open_register(sys.argv[1] or None, Path(sys.argv[2]), b"a secret of thirty-two characters")
entry = Entry("received", date(2026, 6, 1), datetime(2026, 6, 1, 10, tzinfo=UTC), "person")
for _ in range(5):
    store.add_request(Request("", RequestKind.ERASE, date(2026, 6, 1)), [Identity("email", "a" * 64)], entry)
"""
"""What another process does."""


def python(*arguments: str, cwd: Path = ROOT) -> str:
    """What a process of its own says."""
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environ, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    state = tmp_path / ".ombud"
    store = open_register(None, state, SECRET)
    store.add_request(wish(), [ADA], entry())
    for each in ("requests.db", "requests.db-wal", "requests.db-shm"):
        assert stat.S_IMODE((state / each).stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert (state / ".gitignore").read_text() == "*\n"
    assert store._execute("PRAGMA journal_mode", []) == [("wal",)]
    assert store._execute("PRAGMA secure_delete", []) == [(1,)]
    store.close()


def test_what_is_wiped_is_in_no_file_afterwards(tmp_path: Path) -> None:
    state = tmp_path / ".ombud"
    store = open_register(None, state, SECRET)
    case = store.add_request(wish(), [ADA], entry(note="word" * 2000))
    sealed = bytes(store._execute("SELECT text FROM ombud_note", [])[0][0])[500:532]
    written = b"".join(each.read_bytes() for each in state.iterdir())
    assert sealed in written
    store._execute("UPDATE ombud_request SET state = 'closed', over_on = %s", ["2020-01-01"])
    assert store.wipe(TODAY).requests == 1
    assert sealed not in b"".join(each.read_bytes() for each in state.iterdir())
    assert store.persons_of([ADA.digest]) == ()
    assert case.request.id not in str(store.requests(open_only=False))
    store.close()


def test_a_register_opened_again_is_the_same_and_another_is_another(tmp_path: Path) -> None:
    one = open_register(None, tmp_path / "one", SECRET)
    case = one.add_request(wish(), [ADA], entry())
    again = open_register(None, tmp_path / "one", SECRET)
    assert again.request(case.request.id) == case
    other = open_register(None, tmp_path / "other", SECRET)
    assert other.requests() == ()
    named = open_register("sqlite:///elsewhere.db", tmp_path / "one", SECRET)
    assert named.requests() == ()
    assert (tmp_path / "elsewhere.db").is_file()
    for store in (one, other, named):
        store.close()


def test_a_register_of_another_key_does_not_open(tmp_path: Path) -> None:
    open_register(None, tmp_path, SECRET).close()
    with pytest.raises(AnotherKey):
        open_register(None, tmp_path, b"another secret of the same length")


def test_a_register_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    store = open_register(None, tmp_path, SECRET)
    store._execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('ombud_register', '9999_later', '2027-01-01')", []
    )
    with pytest.raises(NewerRegister):
        open_register(None, tmp_path, SECRET)
    store.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://root@127.0.0.1/x", "mysql"),
        ("sqlite://", "forget"),
        ("sqlite:///:memory:", "forget"),
        ("no address at all", "read"),
        ("postgresql://127.0.0.1", "names no database"),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(tmp_path: Path, url: str, said: str) -> None:
    with pytest.raises(BadAddress, match=said) as refused:
        open_register(url, tmp_path, SECRET)
    assert url not in str(refused.value)


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_two_processes_make_one_register_and_both_write(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = "" if where == "sqlite" else request.getfixturevalue("postgresql_url")
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda _: python("-c", ADD, url, str(tmp_path)), range(2)))
    store = open_register(url or None, tmp_path, SECRET)
    numbers = sorted(int(case.request.id[5:9]) for case in store.requests())
    store.close()
    assert numbers == list(range(1, 11))


def test_the_committed_steps_make_what_the_models_say(tmp_path: Path) -> None:
    open_register(None, tmp_path, SECRET).close()
    from django.core.management import call_command

    call_command("makemigrations", "ombud_register", check=True, dry_run=True, verbosity=0)


def test_a_store_outlives_a_lost_connection(tmp_path: Path, postgresql_url: str) -> None:
    store = open_register(postgresql_url, tmp_path, SECRET)
    with pytest.raises(database_error()) as lost:
        store._execute("SELECT pg_terminate_backend(pg_backend_pid())", [])
    assert trouble(lost.value.__cause__ or lost.value) is LOST
    assert store.requests() == ()
    store.close()

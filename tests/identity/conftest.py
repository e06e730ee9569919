"""The shop and its desk, and a mail server on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ombud.app.requests.desk import Desk
from tests.identity.shop import Shop, made
from tests.recipients.servers import Inbox, serve_mail


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project once its register has its tables, to be copied."""
    shop = made(tmp_path_factory.mktemp("shop"))
    shop.desk().close()
    return shop.folder


@pytest.fixture
def corner(tmp_path: Path, prepared: Path) -> Shop:
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Shop(tmp_path)


@pytest.fixture
def desk(corner: Shop) -> Iterator[Desk]:
    corner.says("population: {file: people.csv}\n")
    opened = corner.desk()
    yield opened
    opened.store.close()


@pytest.fixture
def inbox(corner: Shop) -> Iterator[Inbox]:
    """The mail server that the shop's mail leaves by."""

    kept = Inbox()
    served = serve_mail(kept)
    corner.says('mail: {url: "${SMTP_URL}", from: rights@tallvik.example, unencrypted: true}\n')
    corner.environ["SMTP_URL"] = f"smtp://127.0.0.1:{served.port}"
    yield kept
    served.stop()

"""Servers on loopback, for as long as a story lasts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from ombud.app.example import lay_out
from ombud.register import open_register
from tests.recipients.group import KEY, TODAY, Group
from tests.recipients.servers import Inbox, Post, Site, Trust, serve_mail, serve_site, vouched


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """An authority, and a certificate of its for 127.0.0.1 and localhost."""
    return vouched(tmp_path_factory.mktemp("trust"))


@pytest.fixture
def post(trust: Trust) -> Iterator[Post]:
    """A mail server that speaks after STARTTLS alone, and only with who says the password."""
    inbox = Inbox()

    def known(server: Any, session: Any, envelope: Any, _: str, data: Any) -> AuthResult:
        right = (data.login, data.password) == (b"ombud", b"sesam")
        return AuthResult(success=right, handled=right)

    served = serve_mail(inbox, tls_context=trust.server, require_starttls=True, auth_required=True, authenticator=known)
    yield Post(served.port, inbox)
    served.stop()


@pytest.fixture
def site(trust: Trust) -> Iterator[Site]:
    """A site that the authority vouches for."""
    server, site = serve_site(trust.server)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_site() -> Iterator[Site]:
    """A site without TLS."""
    server, site = serve_site(None)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example group with its register, to be copied."""
    directory = tmp_path_factory.mktemp("prepared")
    lay_out(directory, TODAY)
    group = Group(directory)
    assert group.run("mark", "--deliver").exit_code == 0
    group.store().close()
    return directory


@pytest.fixture
def group(prepared: Path, tmp_path: Path) -> Group:
    """The example group on 30 November 2026."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Group(tmp_path)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register without anything in it, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    open_register(f"sqlite:///{folder}/requests.db", folder, KEY.encode()).close()
    return folder

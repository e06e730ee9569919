"""A shop whose customers take their data along, and another controller's server on loopback."""

from __future__ import annotations

import base64
import hashlib
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from tests.cli.conftest import Place, prepared
from tests.recipients.conftest import trust
from tests.recipients.servers import Site, Trust, serve_site, vouched

__all__ = ["prepared", "trust"]

OTHERS = """
controllers:
  grannen: {name: Grannen AB, url: "https://localhost:PORT/in", AGREED, inside: [127.0.0.0/8]}
"""


@pytest.fixture
def site(trust: Trust) -> Iterator[Site]:
    """The other controller's server."""
    yield from _served(trust)


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for the same name, which an authority vouches for that nobody knows, with a key of its own."""
    yield from _served(vouched(tmp_path_factory.mktemp("elsewhere")))


def _served(trust: Trust) -> Iterator[Site]:
    server, site = serve_site(trust.server)
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The shop; letters are not set in type, which takes longer than all else of these stories."""
    monkeypatch.setattr("ombud.app.requests.answering.render", lambda body: b"%PDF of " + repr(body).encode())
    monkeypatch.setattr("ombud.app.requests.transferred.render", lambda body: b"%PDF of " + repr(body).encode())
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    return Place(tmp_path)


def agreed(project: Place, port: int, by: str, more: str = "") -> None:
    """The project file names the neighbour at a port, by a key or a name that was agreed on."""
    said = OTHERS.replace("PORT", str(port)).replace("AGREED", by + more)
    project.write("ombud.yaml", (project.directory / "ombud.yaml").read_text("utf-8") + said)


def key_shown_at(port: int) -> str:
    """The public key of whoever answers there, as a project file names it."""
    pem = ssl.get_server_certificate(("127.0.0.1", port))
    public = x509.load_pem_x509_certificate(pem.encode()).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found = hashlib.sha256(public.public_bytes(serialization.Encoding.DER, form)).digest()
    return f"sha256:{base64.b64encode(found).decode()}"

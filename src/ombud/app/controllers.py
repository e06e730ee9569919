"""Other controllers that a person's data may be handed to (Art. 20(2)): those that `ombud.yaml` names, and no other."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING, Literal

from ombud.app.channels import Network, filled
from ombud.policy.shape import Key, Many, Named, Record, Text, Word
from ombud.policy.tree import Entries, Items, Node, Scalar
from ombud.terms import Finding, Place

if TYPE_CHECKING:
    import ssl

    from ombud.adapters.webhook import Transfer

MEDIA = {"zip": "application/zip", "json": "application/json"}
"""What is handed over, by the word in the file: the answer with tables, data and files, or its data alone."""

KEY = r"^sha256:[A-Za-z0-9+/]{43}=$"
CONTROLLERS = Named(
    "another controller",
    Record(
        "another controller",
        {
            "name": Key(Text("a name"), "what it is called to the person", required=True),
            "url": Key(Text("an address", r"^\S+$"), "where it takes data over; ${NAME} as for sources", required=True),
            "tls_name": Key(
                Text("a host's name", r"^[A-Za-z0-9.-]+$", "write it as in its certificate"),
                "the name that was agreed: a known authority vouches that the address has it",
            ),
            "public_key": Key(
                Text("a key", KEY, "write sha256: and the hash in base64"),
                "the key that was agreed: the SHA-256 of the certificate's SubjectPublicKeyInfo",
            ),
            "takes": Key(
                Word("a form", tuple(MEDIA)), "zip: tables, data and files; json: data alone; zip if nothing is said"
            ),
            "method": Key(Word("a method", ("PUT", "POST")), "by which request; PUT if nothing is said"),
            "secret": Key(
                Text("the name of a variable, ${NAME}"),
                "the variable that holds what requests are signed with: whsec_…",
            ),
            "inside": Key(
                Many(Text("a network such as 10.1.0.0/16", r"^[0-9A-Fa-f:.]+(/[0-9]+)?$")),
                "networks that are not the internet's, and may be reached all the same",
            ),
        },
    ),
)

_ONE_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")


@dataclass(frozen=True, slots=True)
class Controller:
    """Another controller, as the file names it: address and secret with names of variables still in them.

    `key` is the SHA-256, hexadecimal, of the public key that was agreed; else `tls_name` is the name that was.
    """

    id: str
    name: str
    url: str = field(repr=False)
    tls_name: str = ""
    key: str = ""
    takes: str = "zip"
    method: Literal["PUT", "POST"] = "PUT"
    secret: str = ""
    inside: tuple[Network, ...] = ()
    place: Place = Place("")

    @property
    def media(self) -> str:
        """The media type of what it is handed."""
        return MEDIA[self.takes]


def controllers(tree: Entries) -> tuple[Mapping[str, Controller], tuple[Finding, ...]]:
    """What a project file that fits the grammar says of them. C161: a secret in it; C162: an address or network that
    none can be; C216: neither a name nor a key was agreed, or both.
    """
    said = tree.get("controllers")
    found: dict[str, Controller] = {}
    findings: list[Finding] = []
    for entry in said.entries if isinstance(said, Entries) else ():
        if isinstance(entry.node, Entries):
            found[entry.key], wrong = _controller(entry.key, entry.node, entry.place)
            findings += wrong
    return found, tuple(findings)


def _controller(id: str, said: Entries, place: Place) -> tuple[Controller, list[Finding]]:
    from ombud.adapters.https import misfit

    findings, networks = [], []
    listed = said.get("inside")
    for node in listed.nodes if isinstance(listed, Items) else ():
        try:
            networks.append(ip_network(_text(node)))
        except ValueError:
            hint = "write a network such as 10.1.0.0/16, with no bits set after its prefix"
            findings.append(Finding("C162", node.place, f"{id}: this is no network", hint))
    url, secret = _text(said.get("url")), _text(said.get("secret"))
    tls_name, key = _text(said.get("tls_name")), _text(said.get("public_key"))
    if bool(tls_name) == bool(key):
        message = f"{id}: by what it is known that the address is theirs is said {'twice' if key else 'nowhere'}"
        hint = "agree with them on one: tls_name: port.their.example, or public_key: sha256:…"
        findings.append(Finding("C216", place, message, hint))
    if secret and not _ONE_VARIABLE.fullmatch(secret):
        hint = f'put it into the environment, and get another: secret: "${{{id.upper()}_SECRET}}"'
        findings.append(Finding("C161", said.at("secret"), f"the secret of {id} stands in the file", hint))
    if "${" not in url and (why := misfit(url)):
        findings.append(Finding("C162", said.at("url"), f"{id} cannot be reached there: {why}", "write https://…"))
    method: Literal["PUT", "POST"] = "POST" if _text(said.get("method")) == "POST" else "PUT"
    agreed = base64.b64decode(key.removeprefix("sha256:")).hex() if key else ""
    takes = _text(said.get("takes")) or "zip"
    name = _text(said.get("name"))
    return Controller(id, name, url, tls_name, agreed, takes, method, secret, tuple(networks), place), findings


def way_to(
    to: Controller, environ: Mapping[str, str], context: ssl.SSLContext | None = None
) -> tuple[Transfer | None, tuple[Finding, ...]]:
    """The way to it; and what keeps it from being gone: C021 a variable is not set, C161 what it holds cannot sign,
    C162 what it holds is no address. `context` says which authorities are believed; the system's, if None.
    """
    from ombud.adapters.https import Endpoint
    from ombud.adapters.webhook import NoSecret, Transfer, secrets_of

    url, findings = filled(to.url, to.place, environ, f"{to.id} is reached")
    secret, more = filled(to.secret, to.place, environ, f"what {to.id} is handed is signed") if to.secret else ("", ())
    if findings or more:
        return None, (*findings, *more)
    try:
        endpoint = Endpoint(url, context, to.inside, name=to.tls_name, key=to.key)
        return Transfer(endpoint, to.method, secrets_of(secret) if secret else ()), ()
    except NoSecret as error:
        message = f"what {to.id} is handed cannot be signed: {error}"
        return None, (Finding("C161", to.place, message, "make one: echo whsec_$(openssl rand -base64 32)"),)
    except ValueError as error:
        message = f"{to.id} cannot be reached there: {error}"
        return None, (Finding("C162", to.place, message, "write https://… into the variable"),)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""

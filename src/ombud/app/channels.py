"""How a recipient is told: by mail, by a signed webhook, or by post; what `ombud.yaml` says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network

from ombud.policy.model import Policy
from ombud.policy.shape import Flag, Key, Many, Named, Record, Text
from ombud.policy.tree import Entries, Items, Node, Scalar, guess
from ombud.terms import Finding, Level, Place

MAIL = Record(
    "a mail server",
    {
        "url": Key(
            Text("the address of a mail server", r"^\S+$"),
            "smtp://user:password@host:587, or smtps://host:465; ${NAME} is read from the environment",
            required=True,
        ),
        "from": Key(
            Text("an address", r"^[^\s<>@,;:\"]+@[^\s<>@,;:\"]+$", "write one plain address"),
            "the address that notices come from",
            required=True,
        ),
        "unencrypted": Key(Flag(), "true: without TLS, on loopback alone"),
    },
)

RECIPIENTS = Named(
    "a recipient",
    Record(
        "how a recipient is told",
        {
            "email": Key(Text("an address", r"^\S+$", "write one plain address"), "by mail to this address"),
            "webhook": Key(Text("an address", r"^\S+$"), "by a signed request to this address; ${NAME} as for sources"),
            "secret": Key(
                Text("the name of a variable, ${NAME}"),
                "the variable that holds what the webhook is signed with: whsec_…",
            ),
            "inside": Key(
                Many(Text("a network such as 10.1.0.0/16", r"^[0-9A-Fa-f:.]+(/[0-9]+)?$")),
                "networks that are not the internet's, and may be reached all the same",
            ),
            "post": Key(Text("an address"), "by post to this address: somebody writes, and says when it was sent"),
        },
        forms=(
            frozenset({"email"}),
            frozenset({"webhook", "secret"}),
            frozenset({"webhook", "secret", "inside"}),
            frozenset({"post"}),
        ),
    ),
)

_ONE_VARIABLE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class MailServer:
    """By which server mail leaves, as the file says it: names of environment variables still in it."""

    url: str
    sender: str
    unencrypted: bool
    place: Place


@dataclass(frozen=True, slots=True)
class ByMail:
    """A recipient is told by mail."""

    to: str = field(repr=False)
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class ByWebhook:
    """A recipient is told by a webhook; address and secret as the file says them."""

    url: str = field(repr=False)
    secret: str
    inside: tuple[Network, ...] = ()
    place: Place = Place("")


@dataclass(frozen=True, slots=True)
class ByPost:
    """A recipient is told by a letter that somebody writes."""

    address: str = field(repr=False)
    place: Place = Place("")


Channel = ByMail | ByWebhook | ByPost


@dataclass(frozen=True, slots=True)
class Channels:
    """By which way each recipient is told, by its id in the policy; who has none is told by hand."""

    mail: MailServer | None = None
    by: Mapping[str, Channel] = field(default_factory=dict)


NONE = Channels()


def channels(tree: Entries) -> tuple[Channels, tuple[Finding, ...]]:
    """What a project file that fits the grammar says of channels. C161: a secret in it; C162: an address
    that none can be; C163: no `mail`.
    """
    said, mail = tree.get("recipients"), tree.get("mail")
    entries = said.entries if isinstance(said, Entries) else ()
    by: dict[str, Channel] = {}
    findings: list[Finding] = []
    for entry in entries:
        if isinstance(entry.node, Entries):
            by[entry.key], wrong = _channel(entry.key, entry.node, entry.place)
            findings += wrong
    server = None
    if isinstance(mail, Entries):
        unencrypted = _text(mail.get("unencrypted")).lower() == "true"
        server = MailServer(_text(mail.get("url")), _text(mail.get("from")), unencrypted, mail.at("url"))
    for name, each in by.items():
        if isinstance(each, ByMail) and server is None:
            message = f"{name} is told by mail, and by which server mail leaves is not said"
            hint = 'add `mail: {url: "${SMTP_URL}", from: you@your.example}`'
            findings.append(Finding("C163", each.place, message, hint))
    found = Channels(server, by)
    return found, (*findings, *_misfits(found))


def _channel(name: str, said: Entries, place: Place) -> tuple[Channel, list[Finding]]:
    if said.get("email") is not None:
        return ByMail(_text(said.get("email")), said.at("email")), []
    if said.get("post") is not None:
        return ByPost(_text(said.get("post")), said.at("post")), []
    findings, networks = [], []
    listed = said.get("inside")
    for node in listed.nodes if isinstance(listed, Items) else ():
        try:
            networks.append(ip_network(_text(node)))
        except ValueError:
            hint = "write a network such as 10.1.0.0/16, with no bits set after its prefix"
            findings.append(Finding("C162", node.place, f"{name}: this is no network", hint))
    url, secret = _text(said.get("webhook")), _text(said.get("secret"))
    if not _ONE_VARIABLE.fullmatch(secret):
        hint = f'put it into the environment, and get another: secret: "${{{name.upper()}_SECRET}}"'
        findings.append(Finding("C161", said.at("secret"), f"the secret of {name} stands in the file", hint))
    return ByWebhook(url, secret, tuple(networks), said.at("webhook") if said.get("webhook") else place), findings


def _misfits(found: Channels) -> Iterator[Finding]:
    """Addresses that can be judged before the environment is known."""
    if found.mail is not None and not _VARIABLE.search(found.mail.url):
        yield from _mail_misfit(found.mail, found.mail.url)
    for name, each in found.by.items():
        if isinstance(each, ByWebhook) and not _VARIABLE.search(each.url):
            yield from _webhook_misfit(name, each, each.url)
        if isinstance(each, ByMail):
            from ombud.adapters.mail import is_address

            if not is_address(each.to):
                message = f"{name}: this is no plain address"
                yield Finding("C162", each.place, message, "write one address, such as dataskydd@recipient.example")


def _mail_misfit(mail: MailServer, url: str) -> Iterator[Finding]:
    from ombud.adapters.mail import server_of

    try:
        server_of(url, mail.sender, unencrypted=mail.unencrypted)
    except ValueError as error:
        yield Finding("C162", mail.place, f"mail cannot leave by this server: {error}", "correct `mail` in ombud.yaml")


def _webhook_misfit(name: str, each: ByWebhook, url: str) -> Iterator[Finding]:
    from ombud.adapters.https import misfit

    if why := misfit(url, plain=on_loopback(each)):
        hint = "write https://…; http:// goes to loopback alone, and with `inside: [127.0.0.0/8]`"
        yield Finding("C162", each.place, f"{name} cannot be told there: {why}", hint)


def on_loopback(each: ByWebhook) -> bool:
    """Whether the file lets this machine itself be reached."""
    return any(network.is_loopback for network in each.inside)


def unknown_recipients(found: Channels, policy: Policy) -> Iterator[Finding]:
    """C160: a recipient that the policy does not have."""
    for name, each in found.by.items():
        if name not in policy.recipients:
            message = f"the policy has no recipient {name}"
            yield Finding("C160", each.place, message, guess(name, dict(policy.recipients)))


def open_secrets(found: Channels) -> Iterator[Finding]:
    """C020: a password stands in the address of the mail server (warning)."""
    password = re.search(r"//[^/@:]*:(?P<password>[^/@]+)@", found.mail.url) if found.mail else None
    if found.mail and password and not _VARIABLE.search(password["password"]):
        message, hint = "the password of the mail server stands in the file", 'write url: "${SMTP_URL}"'
        yield Finding("C020", found.mail.place, message, hint, Level.WARNING)


def filled(text: str, place: Place, environ: Mapping[str, str], what: str) -> tuple[str, tuple[Finding, ...]]:
    """The text with its variables filled in. C021: one is not set."""
    missing = [name for name in _VARIABLE.findall(text) if not environ.get(name)]
    if missing:
        message = f"{', '.join(missing)} is not set in the environment, and {what} by it"
        return "", (Finding("C021", place, message, f"export {missing[0]}=…"),)
    return _VARIABLE.sub(lambda match: environ[match[1]], text), ()


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""

"""The messengers of a project: for each recipient that is told by a machine, the way to it."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import assert_never

from ombud.adapters.https import Endpoint
from ombud.adapters.mail import Mail, Server, server_of
from ombud.adapters.webhook import NoSecret, Webhook, secrets_of
from ombud.app.channels import ByMail, ByPost, ByWebhook, Channels, MailServer, filled, on_loopback
from ombud.engine.messenger import Messenger
from ombud.terms import Finding


def messengers(
    said: Channels, environ: Mapping[str, str], context: ssl.SSLContext | None = None
) -> tuple[Mapping[str, Messenger], tuple[Finding, ...]]:
    """By recipient; and what keeps one from being told: C021 a variable is not set, C162 what it holds is no address.

    `context` says whose certificates are believed; the system's, if None.
    """
    found: dict[str, Messenger] = {}
    findings: list[Finding] = []
    server, wrong = mail_server(said.mail, environ) if said.mail else (None, ())
    findings += wrong
    for name, each in said.by.items():
        match each:
            case ByMail(to) if server is not None:
                found[name] = Mail(server, to, context)
            case ByMail() | ByPost():
                continue
            case ByWebhook():
                hook, wrong = _webhook(name, each, environ, context)
                findings += wrong
                if hook is not None:
                    found[name] = hook
            case _:
                assert_never(each)
    return found, tuple(findings)


def mail_server(said: MailServer, environ: Mapping[str, str]) -> tuple[Server | None, tuple[Finding, ...]]:
    """The server that mail leaves by, for whoever has to write to somebody."""
    url, findings = filled(said.url, said.place, environ, "mail leaves")
    if findings:
        return None, findings
    try:
        return server_of(url, said.sender, unencrypted=said.unencrypted), ()
    except ValueError as error:
        message = f"mail cannot leave by this server: {error}"
        return None, (Finding("C162", said.place, message, "correct the variable that `mail` in ombud.yaml names"),)


def _webhook(
    name: str, said: ByWebhook, environ: Mapping[str, str], context: ssl.SSLContext | None
) -> tuple[Messenger | None, tuple[Finding, ...]]:
    url, findings = filled(said.url, said.place, environ, f"{name} is told")
    secret, more = filled(said.secret, said.place, environ, f"what {name} is told is signed")
    if findings or more:
        return None, (*findings, *more)
    try:
        endpoint = Endpoint(url, context, said.inside, plain=on_loopback(said))
        return Webhook(endpoint, secrets_of(secret)), ()
    except NoSecret as error:
        message = f"what {name} is told cannot be signed: {error}"
        hint = "make one: echo whsec_$(openssl rand -base64 32)"
        return None, (Finding("C161", said.place, message, hint),)
    except ValueError as error:
        message, hint = f"{name} cannot be told there: {error}", "write https://… into the variable"
        return None, (Finding("C162", said.place, message, hint),)

"""Mail: one message to one address, over TLS whose certificate was checked (RFC 5321, 3207, 8314)."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_address
from typing import Literal
from urllib.parse import unquote, urlsplit

from ombud.engine.messenger import Message, Passing, Permanent, Receipt

PORTS = {"smtp": 587, "smtps": 465}
SECONDS = 20.0
"""How long one step of a conversation may take."""

_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:@\"]+@[^\s<>()\[\]\\,;:@\"]+\.[^\s<>()\[\]\\,;:@\".]+")
_KEY = re.compile(r"[A-Za-z0-9._-]{1,200}")


def is_address(text: str) -> bool:
    """Whether it is one plain address, without a name, comment or line end."""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `way`: TLS from the first byte, or STARTTLS before anything is said; `plain` on loopback alone.

    `sender` is the address that messages come from.
    """

    host: str
    port: int
    sender: str
    way: Literal["tls", "starttls", "plain"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not is_address(self.sender):
            raise ValueError("the sender is no plain address")
        if self.way == "plain" and not is_loopback(self.host):
            raise ValueError("mail without TLS goes to loopback alone")


def server_of(url: str, sender: str, *, unencrypted: bool = False) -> Server:
    """Read `smtp://user:password@host:587` (STARTTLS) or `smtps://host:465`. Raises ValueError, which repeats nothing.

    `unencrypted` gives up TLS where the host is loopback, and nowhere else.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("write smtp://host:587, or smtps://host:465")
    way: Literal["tls", "starttls", "plain"] = "tls" if parts.scheme == "smtps" else "starttls"
    if unencrypted:
        way = "plain"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(parts.hostname, parts.port or PORTS[parts.scheme], sender, way, user, password)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by name or number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Mail:
    """The way to one address by one server. `context` says whose certificates are believed; else the system's."""

    server: Server
    to: str = field(repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    seconds: float = SECONDS

    def send(self, message: Message, now: datetime) -> Receipt:
        """Hand it to the server. Raises Passing or Permanent; ValueError where a header would break out of its line."""
        written = self.written(message, now)
        server = self._connected()
        try:
            server.send_message(written, self.server.sender, self.to)
        except smtplib.SMTPRecipientsRefused as error:
            code = next((code for code, _ in error.recipients.values()), 0)
            raise _refusal(code, "the address") from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _refusal(error.smtp_code, "the message") from None
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError):
            raise Permanent("the mail server takes no address in other than ASCII") from None
        except (smtplib.SMTPException, OSError):
            raise Passing("the mail server broke off") from None
        else:
            with suppress(smtplib.SMTPException, OSError):  # it has the message, however it says goodbye
                server.quit()
        finally:
            server.close()
        return Receipt("email", str(written["Message-ID"]), now)

    def written(self, message: Message, now: datetime) -> EmailMessage:
        """The message as it goes over the wire. Raises ValueError, which repeats nothing."""
        if not is_address(self.to):
            raise ValueError("this is no plain address")
        if not _KEY.fullmatch(message.key):
            raise ValueError("a key is letters, digits, dots and hyphens")
        if any(not c.isprintable() for c in message.title):
            raise ValueError("a title is one line")
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.server.sender, self.to, message.title
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{message.key}@{self.server.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
        mail.set_content(message.text)
        return mail

    def _connected(self) -> smtplib.SMTP:
        """A server that is spoken to over TLS, and knows who speaks. Raises Passing."""
        at, context = self.server, self.context or ssl.create_default_context()
        server: smtplib.SMTP | None = None
        try:
            if at.way == "tls":
                server = smtplib.SMTP_SSL(at.host, at.port, timeout=self.seconds, context=context)
            else:
                server = smtplib.SMTP(at.host, at.port, timeout=self.seconds)
            if at.way == "starttls":
                server.starttls(context=context)
            if at.user:
                server.login(at.user, at.password)
            return server
        except ssl.SSLCertVerificationError:
            why = "the mail server's certificate is not to be trusted"
        except smtplib.SMTPNotSupportedError:
            why = "the mail server offers no TLS, or no way to log in"
        except smtplib.SMTPAuthenticationError:
            why = "the mail server does not accept user and password"
        except smtplib.SMTPResponseException as error:
            why = f"the mail server said {error.smtp_code} before anything was sent"
        except (smtplib.SMTPException, OSError):
            why = "the mail server does not answer"
        if server is not None:
            server.close()
        raise Passing(why)


def _refusal(code: int, what: str) -> Passing | Permanent:
    """By the first digit (RFC 5321, 4.2.1). The server's own words may hold the address, and stay out."""
    if 500 <= code < 600:
        return Permanent(f"the mail server refuses {what} ({code})")
    return Passing(f"the mail server does not take {what} now ({code})")

"""One HTTPS request to an address that was looked at first: nowhere inside, never redirected, within its time."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from ombud.adapters.mail import is_loopback
from ombud.engine.messenger import Passing, Permanent

SECONDS = 20.0
"""How long connecting, or one read, may take."""

MOST = 65_536
"""Bytes of an answer that are read; no more is needed to know what it says."""

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

UNICAST = ip_network("2000::/3")
"""What of IPv6 is the internet's at all (RFC 4291); what is inside of it besides, `is_global` knows."""

TRANSLATED = ip_network("64:ff9b::/96")
"""Whose last 32 bits are an IPv4 address, to which a NAT64 leads (RFC 6052). One of another prefix is not known."""

Resolve = Callable[[str, int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go. `inside` are networks that are not the internet's, and may be reached all the same.

    `plain` lets loopback be reached, and by http:// too. `name` is what the certificate has to be for, where that is
    not the host; `key`, the SHA-256 (hexadecimal) of the public key that was agreed (RFC 7469, its
    SubjectPublicKeyInfo): then that key counts, and not who vouches for it. Raises ValueError, which does not repeat
    the address: its path may be a secret.
    """

    url: str = field(repr=False)
    context: ssl.SSLContext | None = field(default=None, repr=False)
    inside: tuple[Network, ...] = ()
    plain: bool = False
    seconds: float = SECONDS
    name: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if why := misfit(self.url, plain=self.plain):
            raise ValueError(why)


def misfit(url: str, *, plain: bool = False) -> str:
    """Why an address is not used; '' where it is."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # raises ValueError
    except ValueError:
        return "the address cannot be read"
    if parts.username is not None:
        return "a user or password stands in the address"
    if not parts.hostname or not url.isprintable() or " " in url:
        return "the address names no host"
    if parts.scheme == "http" and plain and is_loopback(parts.hostname):
        return ""
    return "" if parts.scheme == "https" else "only https:// is used"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and headers by their name in lower case."""

    status: int
    headers: Mapping[str, str]


def resolved(host: str, port: int) -> tuple[str, ...]:
    """Every address of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def ask(at: Endpoint, method: str, headers: Mapping[str, str], body: bytes, resolve: Resolve = resolved) -> Answer:
    """Send a request, and read what it is answered. Raises Passing where nobody answers, Permanent where none may."""
    parts = urlsplit(at.url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    number = _let_through(at, host, port, resolve)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _Connection(host, port, number, _context(at) if secure else None, at.name or host, at.key)
    connection.timeout = at.seconds
    try:
        connection.request(method, target, body, dict(headers))
        response = connection.getresponse()
        response.read(MOST)
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()})
    except ssl.SSLCertVerificationError:
        raise Passing("the certificate of the address is not to be trusted") from None
    except (OSError, http.client.HTTPException):
        raise Passing("the address does not answer") from None
    finally:
        connection.close()


def _context(at: Endpoint) -> ssl.SSLContext:
    """Whom to believe: the authorities, or where a key was agreed, that key alone (`_Connection` compares it)."""
    if not at.key:
        return at.context or ssl.create_default_context()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def key_of(certificate: bytes) -> str:
    """The SHA-256, hexadecimal, of the public key of a certificate (DER)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    public = load_der_x509_certificate(certificate).public_key()
    return hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _let_through(at: Endpoint, host: str, port: int, resolve: Resolve) -> str:
    """The number to connect to. All numbers of the host have to be the internet's, or in a network that is let in."""
    try:
        numbers = resolve(host, port)
    except OSError:
        raise Passing("the host of the address is not known") from None
    for number in numbers:
        address = ip_address(number.partition("%")[0])
        address = getattr(address, "ipv4_mapped", None) or address
        here = at.plain and address.is_loopback and is_loopback(host)
        if not here and not _is_open(address, at.inside):
            raise Permanent("the address leads inside, where nothing is sent unless `inside` lets it")
    if not numbers:
        raise Passing("the host of the address is not known")
    return numbers[0]


def _is_open(address: Address, inside: tuple[Network, ...]) -> bool:
    """Whether an address is the internet's, or in a network that is let in; one that leads to others, if all are."""
    if any(address in network for network in inside):
        return True
    if carried := _carried(address):
        return all(_is_open(each, inside) for each in carried)
    return address.is_global and not address.is_multicast and (address.version == 4 or address in UNICAST)


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses to which an IPv6 one leads: by translation, 6to4 (RFC 3056) or Teredo (RFC 4380)."""
    if isinstance(address, IPv4Address):
        return ()
    if address in TRANSLATED:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return address.teredo or tuple(filter(None, (address.sixtofour,)))


class _Connection(http.client.HTTPConnection):
    """To a number that was looked at, so that the name cannot lead elsewhere a moment later; TLS is for the name.

    Where a key was agreed, nothing is said before it was shown.
    """

    def __init__(self, host: str, port: int, number: str, context: ssl.SSLContext | None, name: str, key: str) -> None:
        super().__init__(host, port)
        self._number, self._context, self._name, self._key = number, context, name, key

    def connect(self) -> None:
        self.sock = socket.create_connection((self._number, self.port), self.timeout)
        if self._context is not None:
            self.sock = secured = self._context.wrap_socket(self.sock, server_hostname=self._name)
            shown = secured.getpeercert(binary_form=True)
            if self._key and not (shown and hmac.compare_digest(key_of(shown), self._key)):
                self.close()
                raise ssl.SSLCertVerificationError("another key than the one that was agreed")

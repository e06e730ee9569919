"""The population register SPAR: its service for looking up one person, SOAP over mutual TLS, under a licence.

The question is built from the service's own description (WSDL), which the licence holder fetches with the licence
and names in `OMBUD_SPAR_WSDL`. The answer is read by the elements' names, whatever namespace version they have, so
that a version that adds an element is no fault. What the names mean is the register's published description of
XML version 2023.1; docs/how-to/check-identity.md says what that leaves open.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ombud.adapters.spar_answer import read
from ombud.datamap.identity import is_personnummer, normalise
from ombud.rights.population import Entry, NotFound, Passing, Permanent, RegisterTrouble

VARIABLES = {
    "wsdl": "OMBUD_SPAR_WSDL",
    "url": "OMBUD_SPAR_URL",
    "certificate": "OMBUD_SPAR_CERT",
    "private_key": "OMBUD_SPAR_KEY",
    "authority": "OMBUD_SPAR_CA",
    "customer": "OMBUD_SPAR_CUSTOMER",
    "end_customer": "OMBUD_SPAR_END_CUSTOMER",
    "assignment": "OMBUD_SPAR_ASSIGNMENT",
}
"""Where each setting stands in the environment."""

SECONDS = (5.0, 20.0)
"""How long to wait for a connection, and for an answer."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The licence's files by path (`wsdl` may be an https address) and its numbers.

    `customer` is KundNrLeveransMottagare, `end_customer` KundNrSlutkund, `assignment` UppdragId.
    """

    wsdl: str
    url: str
    certificate: str
    private_key: str
    authority: str
    customer: int
    end_customer: int
    assignment: int


def settings(environ: Mapping[str, str]) -> Settings:
    """Read them from the environment. Raises Permanent, which names what is missing."""
    missing = [variable for variable in VARIABLES.values() if not environ.get(variable)]
    if missing:
        raise Permanent(f"SPAR is not set up: {', '.join(missing)} is missing")
    said = {name: environ[variable] for name, variable in VARIABLES.items()}
    for name in ("customer", "end_customer", "assignment"):
        if not (said[name].isascii() and said[name].isdecimal()):
            raise Permanent(f"SPAR is not set up: {VARIABLES[name]} is not a number")
    if not said["url"].startswith("https://"):
        raise Permanent(f"SPAR is not set up: {VARIABLES['url']} does not begin with https://")
    return Settings(
        wsdl=said["wsdl"],
        url=said["url"],
        certificate=said["certificate"],
        private_key=said["private_key"],
        authority=said["authority"],
        customer=int(said["customer"]),
        end_customer=int(said["end_customer"]),
        assignment=int(said["assignment"]),
    )


class Spar:
    """A client of the service. `handler` is the id of who asks, which the register logs (SlutAnvandarId)."""

    def __init__(
        self, given: Settings, handler: str, now: Callable[[], datetime], seconds: tuple[float, float] = SECONDS
    ) -> None:
        """Read the service's description. Raises RegisterTrouble; Permanent where zeep is not installed."""
        self._given, self._handler, self._now = given, handler, now
        with _troubles():
            transport, zeep = _transport(given, seconds)
            careful = zeep.Settings(raw_response=True, forbid_dtd=True)
            self._client: Any = zeep.Client(given.wsdl, transport=transport, settings=careful)
            ports = [port for service in self._client.wsdl.services.values() for port in service.ports.values()]
            binding = ports[0].binding
            self._service: Any = self._client.create_service(str(binding.name), given.url)
            self._operation = next(iter(binding._operations))

    def look_up(self, personnummer: str) -> Entry | NotFound:
        """Ask the service. What is no personnummer or samordningsnummer is not asked for. Raises RegisterTrouble."""
        number = normalise("personnummer", personnummer)
        if not is_personnummer(number):
            return NotFound(self._now())
        with _troubles():
            try:
                answer = self._ask({"IdNummer": number})
            except TypeError:  # in a description whose choice of search terms may be repeated; nothing was sent yet
                answer = self._ask({"_value_1": [{"IdNummer": number}]})
            _refused(answer.status_code)
            return read(self._parsed(answer), number, self._now())

    def _ask(self, search: Mapping[str, object]) -> Any:
        return self._service[self._operation](
            Identifieringsinformation={
                "KundNrLeveransMottagare": self._given.customer,
                "KundNrSlutkund": self._given.end_customer,
                "UppdragId": self._given.assignment,
                "SlutAnvandarId": self._handler,
            },
            PersonsokningFraga=search,
        )

    def _parsed(self, answer: Any) -> Any:
        from zeep.exceptions import Error
        from zeep.loader import parse_xml

        try:
            return parse_xml(answer.content, self._client.transport, settings=self._client.settings)
        except (Error, ValueError) as error:
            kind = Passing if answer.status_code >= 500 else Permanent
            raise kind(f"SPAR's answer is not XML ({type(error).__name__})") from None


def _transport(given: Settings, seconds: tuple[float, float]) -> tuple[Any, Any]:
    """A transport of our own certificate that trusts the named authority alone, and zeep. Raises Permanent."""
    try:
        import requests
        import zeep
    except ImportError:
        raise Permanent("SPAR needs zeep: install ombud[spar]") from None

    class Silent(zeep.Transport):
        """zeep's own writes whole messages to its log, and would follow a redirection with the question."""

        def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Any:
            return self.session.post(
                address, data=message, headers=headers, timeout=self.operation_timeout, allow_redirects=False
            )

    session = requests.Session()
    own = {"cert": (given.certificate, given.private_key), "verify": given.authority}
    for name, value in {**own, "trust_env": False}.items():  # the environment could name other authorities
        setattr(session, name, value)
    made: Any = Silent
    return made(session=session, timeout=seconds, operation_timeout=seconds), zeep


@contextmanager
def _troubles() -> Iterator[None]:
    """What goes wrong outside, as trouble that says nothing personal: the outer exceptions quote whole messages."""
    try:
        yield
    except RegisterTrouble:
        raise
    except Exception as error:
        raise _told(error) from None


def _told(error: Exception) -> RegisterTrouble:
    import requests

    chain = list(_behind(error))
    if any(isinstance(part, ssl.SSLError | requests.exceptions.SSLError) for part in chain):
        return Permanent("SPAR and ombud do not accept each other's certificates")
    if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
        kind = Passing if error.response.status_code >= 500 else Permanent
        return kind(f"SPAR's description cannot be fetched: HTTP status {error.response.status_code}")
    if isinstance(error, requests.exceptions.Timeout):
        return Passing("SPAR did not answer in time")
    if isinstance(error, requests.exceptions.ConnectionError):
        return Passing("SPAR cannot be reached")
    if isinstance(error, OSError):
        return Permanent("SPAR's description, or a certificate's file, cannot be read")
    return Permanent(f"SPAR's description or answer is of another form than ombud knows ({type(error).__name__})")


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and those that led to it: urllib3 and requests put theirs among the arguments."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        yield error
        inner = [part for part in (*error.args, getattr(error, "reason", None)) if isinstance(part, BaseException)]
        error = inner[0] if inner else error.__cause__ or error.__context__


def _refused(status: int) -> None:
    """A status that no message explains. A fault comes with 500, and is read."""
    if status in (429, 502, 503, 504):
        raise Passing(f"SPAR is not open now: HTTP status {status}")
    if 300 <= status < 500:
        raise Permanent(f"SPAR refused the question: HTTP status {status}")

"""The service on loopback: TLS that asks for a certificate of one authority, and answers as SPAR writes them."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree  # type: ignore[import-untyped]

from ombud.rights.population import Entry, Status
from tests.identity.certificates import Authority, Pair

WSDL = Path(__file__).with_name("personsok.wsdl")
KOMPONENT = "http://statenspersonadressregister.se/schema/komponent"
NAMESPACES = {
    "S": "http://schemas.xmlsoap.org/soap/envelope/",
    "svar": "http://statenspersonadressregister.se/schema/personsok/2023.1/personsokningsvar",
    "sok": f"{KOMPONENT}/sok/personsokningsokparametrar-1.1",
    "undantag": f"{KOMPONENT}/sok/undantag-1.0",
    "person": f"{KOMPONENT}/person/person-1.2",
    "skydd": f"{KOMPONENT}/person/skyddadepersonuppgifter-1.1",
    "namn": f"{KOMPONENT}/person/namn/namn-1.0",
    "del": f"{KOMPONENT}/person/namn/deladenamnelement-1.0",
    "avreg": f"{KOMPONENT}/person/avregistrering-1.0",
    "detalj": f"{KOMPONENT}/person/persondetaljer-1.2",
    "hanv": f"{KOMPONENT}/person/hanvisning-1.0",
    "fbf": f"{KOMPONENT}/person/adress/folkbokforingsadress-1.1",
    "sarskild": f"{KOMPONENT}/person/adress/sarskildpostadress-1.1",
    "adress": f"{KOMPONENT}/person/adress/deladeadresselement-1.1",
    "tid": f"{KOMPONENT}/generellt/datumtid-1.1",
}
CODES = {Status.DECEASED: "AV", Status.EMIGRATED: "UV", Status.REPLACED: "GN", Status.OTHER: "OB"}
NOW_HOLDS = "<tid:DatumFrom>2019-12-02</tid:DatumFrom><tid:DatumTill>9999-12-31</tid:DatumTill>"
BEFORE = "<tid:DatumFrom>2009-12-02</tid:DatumFrom><tid:DatumTill>2019-12-02</tid:DatumTill>"


@dataclass
class Service:
    """What the server holds, what it heard, and how it behaves: `says` takes the answer's place, with its status."""

    url: str
    authority: Authority
    client: Pair
    people: dict[str, Entry]
    heard: list[bytes] = field(default_factory=list)
    says: tuple[int, str] | None = None
    waits: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)


def envelope(body: str) -> str:
    spelled = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    return f"<?xml version='1.0' encoding='UTF-8'?><S:Envelope {spelled}><S:Body>{body}</S:Body></S:Envelope>"


def answer(inside: str, number: str = "") -> str:
    asked = f"<sok:PersonsokningFraga><person:IdNummer>{number}</person:IdNummer></sok:PersonsokningFraga>"
    return envelope(f"<svar:SPARPersonsokningSvar>{asked}{inside}<svar:UUID>1</svar:UUID></svar:SPARPersonsokningSvar>")


def post(entry: Entry, flags: str | None = None) -> str:
    """One person as the service writes it, with a name and an address of former days beside those of today."""
    given, _, family = entry.name.partition(" ")
    said = flags if flags is not None else _flags(entry)
    code = CODES.get(entry.status)
    gone = f"<avreg:AvregistreringsorsakKod>{code}</avreg:AvregistreringsorsakKod>" if code else ""
    refers = "<hanv:Hanvisning><person:IdNummer>198901012384</person:IdNummer></hanv:Hanvisning>"
    return (
        "<svar:PersonsokningSvarspost>"
        f"<person:PersonId><person:IdNummer>{entry.number}</person:IdNummer><person:Typ>PERSONNUMMER</person:Typ>"
        f"</person:PersonId>{said}"
        f"<namn:Namn>{NOW_HOLDS}<del:Fornamn>{given}</del:Fornamn><del:Efternamn>{family}</del:Efternamn></namn:Namn>"
        f"<namn:Namn>{BEFORE}<del:Fornamn>{given}</del:Fornamn><del:Efternamn>Formerly</del:Efternamn></namn:Namn>"
        f"<detalj:Persondetaljer>{NOW_HOLDS}{said}{gone}</detalj:Persondetaljer>"
        f"{refers if entry.status is Status.REPLACED else ''}{_addresses(entry)}"
        "</svar:PersonsokningSvarspost>"
    )


def _flags(entry: Entry) -> str:
    one, other = ("JA" if flag else "NEJ" for flag in (entry.confidential, entry.protected_registration))
    return (
        f"<skydd:Sekretessmarkering>{one}</skydd:Sekretessmarkering>"
        f"<skydd:SkyddadFolkbokforing>{other}</skydd:SkyddadFolkbokforing>"
    )


def _addresses(entry: Entry) -> str:
    special = (
        f"<sarskild:SarskildPostadress><adress:SvenskAdress>{NOW_HOLDS}<adress:Utdelningsadress2>Box 2820"
        "</adress:Utdelningsadress2></adress:SvenskAdress></sarskild:SarskildPostadress>"
    )
    if entry.address is None:
        return special
    lines = "".join(
        f"<adress:Utdelningsadress{3 - len(entry.address.lines) + n}>{escape(line)}"
        f"</adress:Utdelningsadress{3 - len(entry.address.lines) + n}>"
        for n, line in enumerate(entry.address.lines)
    )
    care = f"<adress:CareOf>{escape(entry.address.care_of)}</adress:CareOf>" if entry.address.care_of else ""
    where = (
        f"<adress:PostNr>{entry.address.postcode}</adress:PostNr><adress:Postort>{entry.address.city}</adress:Postort>"
    )
    old = f"{BEFORE}<adress:Utdelningsadress2>Gamla vägen 9</adress:Utdelningsadress2>{where}"
    home = "".join(
        f"<adress:SvenskAdress>{each}</adress:SvenskAdress>" for each in (old, f"{NOW_HOLDS}{care}{lines}{where}")
    )
    return f"<fbf:Folkbokforingsadress>{home}</fbf:Folkbokforingsadress>{special}"


@contextmanager
def serving(folder: Path, people: tuple[Entry, ...]) -> Iterator[Service]:
    """The service for as long as the block lasts."""
    authority = Authority(folder, "authority")
    own, client = authority.sign("server"), authority.sign("client")
    service = Service("", authority, client, {each.number: each for each in people})

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            service.heard.append(asked)
            time.sleep(service.waits)
            status, text = service.says or (200, _answered(asked, service))
            body = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": "text/xml; charset=utf-8", **service.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    # Nothing is said on the terminal: handshakes that fail are the client's to tell.
    quiet = type("Quiet", (ThreadingHTTPServer,), {"handle_error": lambda *_: None})
    silent = type("Silent", (Handler,), {"log_message": lambda *_: None})
    server: ThreadingHTTPServer = quiet(("127.0.0.1", 0), silent)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.certificate, own.key)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.path)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    service.url = f"https://127.0.0.1:{server.server_port}/2023.1/personsok"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answered(asked: bytes, service: Service) -> str:
    root = etree.fromstring(asked)
    (number,) = root.xpath("//person:IdNummer/text()", namespaces=NAMESPACES)
    found = service.people.get(number)
    return answer(post(found) if found else "", number)

"""A stranger asks by an address: nobody is looked up, and nothing begins, before a code has come back from it.

Who knows an e-mail address gets nothing and learns nothing: the answer and the work are the same whether anybody has
the address or not, and all that can be started is one message to it, so often and no oftener (spec/identity.md §2).
The message goes to the one form of the address by which the person is then looked for: two spellings that are one
identifier here may be two mailboxes elsewhere, and the code must reach the one that it opens.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv6Address, ip_address, ip_network

from ombud.adapters.keys import secret
from ombud.adapters.mail import is_address
from ombud.app.loaded import Refused
from ombud.app.naming import SUBJECT, identifier_of
from ombud.app.requests.desk import Asked, Desk, Opened, told
from ombud.app.requests.guarding import allow
from ombud.app.requests.identifying import code_is_enough, judged
from ombud.app.requests.messages import put
from ombud.app.requests.receiving import Incoming, Shown, check, identify, receive
from ombud.datamap.identity import normalise
from ombud.documents import code_mail
from ombud.rights.contact_point import LASTS, TOLD, Form, begin
from ombud.rights.contact_point import answer as answered
from ombud.rights.model import Proof, RequestKind
from ombud.rights.protected import Deed
from ombud.rights.rate import admit
from ombud.terms import Finding, Place

PERSON = "person"
"""Who asks and answers here, in a request's history."""

HOW = "a code sent to the address"

LONGEST = 4000
"""Characters that a stranger may write."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What whoever asked is told, every time alike; `question` is what the code is answered to."""

    question: str
    words: str


def ask(
    desk: Desk,
    kind: RequestKind,
    email: str,
    origin: str,
    *,
    language: str = "sv",
    company: str | None = None,
    purposes: tuple[str, ...] = (),
    ground: str = "",
    words: str = "",
) -> Begun:
    """Somebody who is not known asks; `origin` is the network address they ask from.

    What they ask becomes a request once the code has come back (`answer`), and counts as received on this day.
    Raises Refused for what cannot be meant, by what is typed alone.
    """
    to = _address(email)
    said: dict[str, object] = {
        "kind": kind.value,
        "email": to,
        "received": desk.today().isoformat(),
        "language": language,
        "company": company,
        "purposes": list(purposes),
        "ground": ground,
        "words": words,
    }
    if len(words) > LONGEST:
        message, hint = f"this is longer than {LONGEST} characters", "say what it is about; more may follow"
        raise Refused(Finding("C136", Place("--words"), message, hint))
    check(desk.loaded, _incoming(said))
    identifier_of(desk.loaded, f"email={to}")
    return Begun(_begun(desk, "", to, origin, language, json.dumps(said))[0], TOLD.get(language, TOLD["sv"]))


def answer(desk: Desk, question: str, code: str) -> Opened | None:
    """The code came back: the request that it opens, now that its contact point is proven; `work` takes it on.

    None for any other code, and for a question that there is not, is spent, or late: which of these is not told. The
    attempt is written down before the answer is given, and the code counts once.
    """
    with told(), desk.store.transaction():
        challenge, asked = desk.store.challenge(question) or (None, "")
        right, kept = answered(_key(desk), challenge, code, desk.now())
        if kept is not None:
            desk.store.tried(kept)
        if not right or challenge is None:
            return None
        if asked:
            opened, by = receive(desk, _incoming(json.loads(asked)), PERSON), PERSON
        else:
            opened, by = desk.read(challenge.request), PERSON
        return identify(desk, opened, Shown(Proof.CONTACT_POINT, HOW), by)


# --- for a handler ----------------------------------------------------------------------------------------------


def verify(desk: Desk, opened: Opened, by: str) -> Opened:
    """The question is put by a code to the address by which the request names the person, and by nothing else.

    Raises Refused where a code to that address would not be enough (C175), or where too many were sent (C176).
    """
    allow(desk, opened, Deed.SHOW_CASE, by)
    to = _address(code_is_enough(desk, opened))
    with told(), desk.store.transaction():
        after = desk.happen(opened, judged(desk, opened).question, by=by)
        _, admitted = _begun(desk, opened.id, to, f"desk {by}", opened.request.language, "")
        if not admitted:
            hint = "wait an hour, or ask in another way"
            raise Refused(Finding("C176", Place("request"), "too many codes were sent to this address lately", hint))
    return after


def verified(desk: Desk, opened: Opened, code: str, by: str) -> Opened:
    """The person has said the code. Raises Refused (C177) where it is not the code, or its time or tries are over."""
    allow(desk, opened, Deed.SHOW_CASE, by)
    with told():
        question = desk.store.challenge_of(opened.id)
    after = answer(desk, question, code)
    if after is None:
        hint = "send another: ombud request verify, without --code"
        raise Refused(Finding("C177", Place("--code"), "this is not the code, or it is good no more", hint))
    return after


# --- one message ------------------------------------------------------------------------------------------------


def _begun(desk: Desk, request: str, to: str, origin: str, language: str, asked: str) -> tuple[str, bool]:
    """Count, keep the question, write the message: by rate alone, and before anybody is looked up."""
    digest, _ = desk.loaded.keys()
    address, now, random = digest("email", to), desk.now(), desk.loaded.around.random
    with told(), desk.store.transaction():
        counted = desk.store.counted(address, digest("origin", _origin(origin)), now)
        admitted, after = admit(counted, address, digest("origin", _origin(origin)), now)
        desk.store.count(after, now)
        begun = begin(_key(desk), request, address if admitted else "", Form.CODE, now, random)
        if begun.deliver:
            mail = code_mail(begun.secret.text, int(LASTS.total_seconds() // 60), desk.loaded.policy, language)
            desk.store.keep_challenge(begun.challenge, asked)
            put(desk, begun.challenge.id, to, mail, begun.challenge.until)
    return begun.challenge.id, begun.deliver


def _address(email: str) -> str:
    to = normalise("email", email)
    if not is_address(to):
        hint = "write one plain address, such as astrid@kviststrand.example"
        raise Refused(Finding("C061", SUBJECT, "this is no e-mail address", hint))
    return to


def _origin(origin: str) -> str:
    """An IPv6 address by its network of 64 bits, of which one subscriber has them all (RFC 6177); else as it is."""
    try:
        known = ip_address(origin.strip())
    except ValueError:
        return origin.strip() or "unknown"
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else str(known)


def _key(desk: Desk) -> bytes:
    loaded = desk.loaded
    whole = secret(loaded.project.state, loaded.around.environ, loaded.around.random)
    return hmac.new(whole, b"ombud proof of a contact point", hashlib.sha256).digest()


def _incoming(said: dict[str, object]) -> Incoming:
    asked = Asked((f"email={said['email']}",), words=str(said["words"]), way="portal")
    company, purposes = said["company"], said["purposes"]
    assert isinstance(purposes, list)
    return Incoming(
        RequestKind(str(said["kind"])),
        asked,
        date.fromisoformat(str(said["received"])),
        None if company is None else str(company),
        tuple(map(str, purposes)),
        str(said["language"]),
        str(said["ground"]),
    )

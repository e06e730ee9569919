"""What the policy's words stand for: companies, categories, moments, states, recipients, agreements, regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from importlib import import_module
from zoneinfo import available_timezones

from ombud.policy.known import Reading, flag, mapping, rows, text, texts
from ombud.policy.model import (
    TEXT,
    UNSTATED,
    Agreement,
    AgreementKind,
    Allowed,
    ByHand,
    Category,
    Company,
    MomentTerm,
    Organisation,
    Portability,
    Prompt,
    Recipient,
    RecipientRole,
    Region,
    Requests,
    RequestWay,
    Restricting,
    Safeguard,
    Staff,
    State,
)
from ombud.policy.shape import day
from ombud.policy.tree import Entries, Node, guess
from ombud.policy.years import fiscal_years
from ombud.terms import parse_period

REGISTERS: Mapping[str, str] = {
    "SE": "stdnum.se.orgnr",
    "NO": "stdnum.no.orgnr",
    "DK": "stdnum.dk.cvr",
    "FI": "stdnum.fi.ytunnus",
}
"""Where a country's registration numbers are checked; other countries' are taken as written."""

DAYS_AT_MOST = 366

PROMPT_AT_MOST = 31
"""Days: a month has no more, and by its end the person is answered (Art. 12(3))."""


def companies(tree: Entries, reading: Reading) -> dict[str, Company]:
    """The companies; P014 wrong registration number, P013 wrong fiscal years, P017 a number used twice."""
    found: dict[str, Company] = {}
    for name, place, said in rows(tree, "companies"):
        number, country = text(said.get("registration_number")), text(said.get("country")) or "SE"
        if not _registered(number, country):
            hint = "compare it with the register of companies; the last digit is a check digit"
            reading.add(
                "P014",
                said.at("registration_number"),
                f"the registration number of {name} is not valid in {country}",
                hint,
            )
        if any(number == other.registration_number for other in found.values()):
            reading.add(
                "P017",
                said.at("registration_number"),
                f"{name} has another company's registration number",
                "correct one",
            )
        if name in (*_CONTROLLERS, UNSTATED):
            reading.add("P017", place, f"{name!r} is a word of the language", "name the company otherwise")
        found[name] = Company(
            name,
            text(said.get("name")),
            number,
            mapping(said.get("contact")),
            fiscal_years(said.get("fiscal_years"), name, reading),
            text(said.get("seat")),
            country,
        )
    return found


def categories(tree: Entries, reading: Reading, above: Mapping[str, Category] | None = None) -> dict[str, Category]:
    """The category tree by dotted path; special and masked go down to the parts. P017: a path there already is."""
    found: dict[str, Category] = dict(above or {})
    node = tree.get("categories")
    if isinstance(node, Entries):
        _branch(node, "", None, found, reading)
    return found


def _branch(node: Entries, prefix: str, parent: Category | None, found: dict[str, Category], reading: Reading) -> None:
    for entry in node.entries:
        if not isinstance(entry.node, Entries):
            continue
        path, said = prefix + entry.key, entry.node
        if path == TEXT:
            reading.add("P017", entry.place, "text is the category of free text, and is always there", "leave it out")
            continue
        if path in found:
            reading.add(
                "P017", entry.place, f"the group has the category {path} already", "name it otherwise, or leave it out"
            )
            continue
        found[path] = Category(
            path,
            mapping(said.get("title")),
            flag(said.get("special")) or (parent is not None and parent.special),
            flag(said.get("masked")) or (parent is not None and parent.masked),
            frozenset(texts(said.get("provenance"))) or (parent.provenance if parent else frozenset()),
            texts(said.get("dpv")),
        )
        parts = said.get("parts")
        if isinstance(parts, Entries):
            _branch(parts, f"{path}.", found[path], found, reading)


def moments(tree: Entries) -> dict[str, MomentTerm]:
    """The moments that data maps bind."""
    return {
        name: MomentTerm(name, mapping(said.get("title")), parse_period(open_for) if open_for else None)
        for name, _, said in rows(tree, "moments")
        for open_for in (text(said.get("open_for_at_most")),)
    }


def states(tree: Entries, reading: Reading) -> dict[str, State]:
    """The states, and the one of what is unstated. P012 for what is not a moment; P017 for a state without ends."""
    found = {UNSTATED: State(UNSTATED)}
    for name, place, said in rows(tree, "states"):
        begins = reading.term("moments", said.get("from")) if said.get("from") else None
        ends = reading.term("moments", said.get("until")) if said.get("until") else None
        if said.get("from") is None and said.get("until") is None:
            reading.add("P007", place, f"the state {name} neither begins nor ends", "add from: or until: with a moment")
        if begins is not None and begins == ends:
            reading.add("P009", said.at("until"), f"the state {name} ends with what begins it", "name another moment")
        if name == UNSTATED or name in reading.names.get("moments", ()):
            reading.add("P017", place, f"{name!r} is taken", "a state and a moment have names of their own")
        found[name] = State(name, begins, ends)
    return found


def regions(tree: Entries) -> dict[str, Region]:
    """Where data may be."""
    return {
        name: Region(name, Safeguard(text(said.get("safeguard"))), mapping(said.get("title")))
        for name, _, said in rows(tree, "regions")
    }


def agreements(tree: Entries) -> dict[str, Agreement]:
    """The written agreements."""
    return {
        name: Agreement(
            name,
            AgreementKind(text(said.get("kind"))),
            day(text(said.get("dated"))) or date.min,
            mapping(said.get("allows")),
            mapping(said.get("title")),
        )
        for name, _, said in rows(tree, "agreements")
    }


def recipients(tree: Entries, reading: Reading) -> dict[str, Recipient]:
    """The recipients. P021: nobody but an authority gets data without a written agreement (Arts 26, 28)."""
    found: dict[str, Recipient] = {}
    for name, place, said in rows(tree, "recipients"):
        role = RecipientRole(text(said.get("role")))
        agreement = reading.term("agreements", said.get("agreement")) if said.get("agreement") else None
        if said.get("agreement") is None and role is not RecipientRole.AUTHORITY:
            reading.add(
                "P021",
                place,
                f"{name} gets data without a written agreement",
                "add agreement:, and the agreement itself",
            )
        found[name] = Recipient(
            name,
            mapping(said.get("title")),
            str(role),
            agreement,
            reading.terms("regions", said.get("regions")),
            flag(said.get("own_marketing")),
            texts(said.get("dpv")),
        )
    return found


_CONTROLLERS = ("each", "joint")


def organisation(tree: Entries, reading: Reading) -> Organisation | None:
    """Who answers. P012: the controller is neither a company nor `each` nor `joint`."""
    said = tree.get("organisation")
    if not isinstance(said, Entries):
        return None
    controller = text(said.get("controller"))
    if controller not in _CONTROLLERS:
        reading.term("companies", said.get("controller"))
    officer = said.get("officer")
    decisions = said.get("automated_decisions")
    return Organisation(
        controller,
        mapping(officer.get("title")) if isinstance(officer, Entries) else {},
        mapping(officer),
        mapping(said.get("authority")),
        mapping(said.get("cookies")),
        _requests(said.get("requests"), text(tree.get("version")), reading),
        None if decisions is None else flag(decisions),
        said.place,
    )


def _requests(said: Node | None, version: str, reading: Reading) -> Requests | None:
    if not isinstance(said, Entries):
        return None
    within = text(said.get("within"))
    return Requests(
        tuple(RequestWay(way) for way in texts(said.get("ways"))),
        text(said.get("signature")) == "required",
        text(said.get("reply")) or "same_way",
        parse_period(within) if within else None,
        _portability(said.get("portability")),
        _prompt(said.get("prompt"), reading),
        _by_hand(said.get("by_hand")),
        _restricting(said.get("restriction")),
        _staff(said.get("staff"), version, reading),
    )


def _portability(said: Node | None) -> Portability | None:
    if not isinstance(said, Entries):
        return None
    return Portability(text(said.get("observed")) == "provided", text(said.get("reason")))


def _prompt(said: Node | None, reading: Reading) -> Prompt | None:
    if not isinstance(said, Entries):
        return None
    within = days(said, "within", PROMPT_AT_MOST, reading)
    if within > PROMPT_AT_MOST:
        message = f"within is {within} days, and a question of identity is put inside the month (Art. 12(3))"
        reading.add("P010", said.at("within"), message, f"write P{PROMPT_AT_MOST}D or less")
    return Prompt(within, text(said.get("reason")))


def _by_hand(said: Node | None) -> ByHand | None:
    if not isinstance(said, Entries):
        return None
    return ByHand(frozenset(texts(said.get("kinds"))), text(said.get("reason")))


def _restricting(said: Node | None) -> Restricting | None:
    if not isinstance(said, Entries):
        return None
    return Restricting(frozenset(map(Allowed, texts(said.get("allows")))), text(said.get("reason")))


def _staff(said: Node | None, version: str, reading: Reading) -> Staff | None:
    """P007: there is no version that anybody could confirm."""
    if not isinstance(said, Entries):
        return None
    if not version:
        message = "staff confirm that they know a version of the policy, and it has none"
        reading.add("P007", said.place, message, 'add version: "1", and another with each change')
    return Staff(version, text(said.get("reason")))


def zone(tree: Entries, reading: Reading) -> str:
    """The policy's time zone. P022 for what is not in the IANA database."""
    said = text(tree.get("zone"))
    known = frozenset(available_timezones())
    if said and said not in known:
        reading.add("P022", tree.at("zone"), f"{said!r} is not an IANA time zone", guess(said, known))
    return said


def days(tree: Entries, key: str, default: int, reading: Reading) -> int:
    """A period that must be whole days, as their number."""
    said = text(tree.get(key))
    if not said:
        return default
    period = parse_period(said)
    if period.years or period.months or not 1 <= period.days <= DAYS_AT_MOST:
        reading.add("P010", tree.at(key), f"{key} is counted in days", "write it as days or weeks, such as P30D")
    return period.days


def _registered(number: str, country: str) -> bool:
    module = REGISTERS.get(country)
    if module is None:
        return bool(number)
    is_valid: Callable[[str], bool] = import_module(module).is_valid
    return is_valid(number)

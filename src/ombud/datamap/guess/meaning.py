"""Whether a name's words mean what they usually mean: not in every type, table and row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ombud.datamap.guess.lexicon import (
    BESIDE,
    CONTENT,
    DEEDS,
    HISTORY,
    KINDRED,
    LOOKUPS,
    MACHINES,
    NOTHING,
    PASSING,
    RATINGS,
    SENDER,
    SPOKEN,
    STORED,
    SUBJECTS,
    THINGS,
    TIMES,
    Concept,
)
from ombud.datamap.guess.phrases import Meant
from ombud.datamap.guess.things import content
from ombud.datamap.guess.words import singular, words

TEXT_FAMILIES = frozenset({"text", "json", "binary", "other"})
TIME_FAMILIES = frozenset({"date", "timestamp", "timestamptz"})
NUMBER_FAMILIES = frozenset({"integer", "number"})
_FAMILIES = {
    Concept.BIRTH_DATE: TEXT_FAMILIES | TIME_FAMILIES | {"integer"},
    Concept.IDENTITY_NUMBER: TEXT_FAMILIES | NUMBER_FAMILIES,
    Concept.PHONE: TEXT_FAMILIES | NUMBER_FAMILIES,
    Concept.LOCATION: TEXT_FAMILIES | {"number"},
    Concept.ACTIVITY: TEXT_FAMILIES | TIME_FAMILIES | {"integer"},
    Concept.PAYMENT: TEXT_FAMILIES | TIME_FAMILIES,
    Concept.IP: TEXT_FAMILIES | {"integer"},
    Concept.GENDER: TEXT_FAMILIES | {"integer"},
    Concept.EMPLOYMENT: TEXT_FAMILIES | NUMBER_FAMILIES,
    Concept.HEALTH: TEXT_FAMILIES | NUMBER_FAMILIES | {"boolean"},
    Concept.BELIEF: TEXT_FAMILIES | {"boolean"},
}
_OF_WHO_GETS = frozenset({Concept.ADDRESS, Concept.NAME, Concept.ORGANISATION, Concept.CREDENTIAL, Concept.PHONE})
"""What a column does not hold of the person if its name says that it is of the sender."""
_OF_MACHINES = frozenset({Concept.CREDENTIAL, Concept.DEVICE, Concept.ACTIVITY})
"""What machines and programs have too: it is a person's only in rows of a person."""
_OF_ORGANISATIONS = frozenset(
    {Concept.LINK, Concept.ADDRESS, Concept.PHONE, Concept.ORGANISATION, Concept.IDENTITY_NUMBER}
)
"""What an organisation's things have too."""
_SENDING = frozenset({"reply", "sender", "from", "avsandare"})
"""Whose name and address the organisation puts on what it sends."""
_OTHER_SAYINGS = frozenset({"note", "post", "ticket", "change", "entry", "task", "state", "request", "arende"})
_SAYINGS = PASSING | DEEDS | STORED | HISTORY | SPOKEN | _OTHER_SAYINGS
"""Tables of what somebody said or did."""
_ASKED = frozenset({"contact", "kontakt", "emergency", "to", "author", "user"})
"""What stands before the address or number of somebody, also in an organisation's thing."""
_PASSWORDS = frozenset({"password", "passwd", "pass", "pwd", "losenord"})
_OF_DEVICES = frozenset({"type", "name", "model", "version", "family"})
"""What stands after a device, a browser or a system, and tells of it."""
_OF_WHO_WORKS = frozenset({Concept.FREE_TEXT, Concept.CREDENTIAL, Concept.ACTIVITY, Concept.OTHER})
"""What a row tells of who works on it, where only a word says so."""
_OF_THINGS_TOO = frozenset({("full", "name"), ("display", "name"), ("name", "cached"), ("real", "name")})
"""What things may have too."""


@dataclass(frozen=True)
class Belonging:
    """How rows belong to persons.

    `subject`: they are persons, and `called` so; `profile`: each person has one; `near`: one link leads from them to
    the person; `kept`: that link leads to staff who work on them; `alone`: the column that says all that a row says;
    `organisations`: they are what the organisation publishes or arranges.
    """

    personal: bool = False
    subject: bool = False
    called: bool = False
    profile: bool = False
    near: bool = False
    kept: bool = False
    alone: str = ""
    organisations: bool = False


Says = Callable[[Concept], bool]
"""Whether another column of the table is called what is this concept anywhere."""


def fits(each: Meant, name: tuple[str, ...], table: str, family: str, of: Belonging, says: Says) -> bool:
    """Whether words mean what they usually mean, in this column of this table."""
    return (
        _by_type(each, name, family, says)
        and _by_head(each, name, family)
        and _by_owner(each, name, table, of)
        and _by_table(each, name, table, of)
        and _by_neighbours(each, of, says)
    )


def _by_type(each: Meant, name: tuple[str, ...], family: str, says: Says) -> bool:
    if family not in _FAMILIES.get(each.concept, TEXT_FAMILIES):
        if each.concept is Concept.NAME and name == ("title",):  # Mr or Ms as a number
            return family == "integer" and says(Concept.NAME)
        return family in NUMBER_FAMILIES and name[-1] in RATINGS
    if family == "integer" and each.concept in (Concept.ACTIVITY, Concept.EMPLOYMENT, Concept.HEALTH):
        return each.strong and (each.place == 0 or (each.concept is Concept.ACTIVITY and name[-1] in TIMES))
    if family in TIME_FAMILIES and not each.strong:  # a card's last month
        return each.concept is Concept.PAYMENT and says(Concept.PAYMENT)
    return True


def _by_head(each: Meant, name: tuple[str, ...], family: str) -> bool:
    """What stands after the words may turn them: `email_verified` is none, `comment_html` is a comment."""
    if not each.place:
        return True
    if each.concept is Concept.DEVICE and name[-1] in _OF_DEVICES:
        return True
    if name[-1] in NOTHING:
        return family in TIME_FAMILIES | {"integer"} and name[-1] in TIMES
    return each.strong or name[-1] in KINDRED


def _by_owner(each: Meant, name: tuple[str, ...], table: str, of: Belonging) -> bool:
    if content(table) and each.concept in (Concept.NAME, Concept.EMAIL) and not _SENDING.isdisjoint(name):
        return False
    if content(table) and each.concept is Concept.IDENTITY_NUMBER:
        return of.personal and not of.organisations
    if of.organisations and each.concept in _OF_ORGANISATIONS and not of_contact(name):
        return False
    if of.organisations and not each.strong and each.phrase[-1] not in SPOKEN:
        return False
    if of.kept and each.concept is Concept.FREE_TEXT and not each.strong and not _said(each, table):
        return False
    if of.kept and not each.strong and each.concept not in _OF_WHO_WORKS:
        return False
    if words(table)[-1:] and singular(words(table)[-1]) in SUBJECTS:  # whoever an applicant's mail is from
        return True
    if each.concept is Concept.EMAIL:
        return of.personal or SENDER.isdisjoint(name)
    return each.concept not in _OF_WHO_GETS or SENDER.isdisjoint(name[:-1])


def _said(each: Meant, table: str) -> bool:
    """Whether somebody said it: a comment, or anything in what is sent, asked or answered."""
    called = {singular(word) for word in words(table)}
    return each.phrase[-1] in SPOKEN or each.phrase[-1] in ("note", "notes") or bool(called & _SAYINGS)


def of_contact(name: tuple[str, ...]) -> bool:
    """Whether a name says that it is of somebody who is asked about a thing."""
    return name[0] in _ASKED or "recipients" in name or "emails" in name


def _by_table(each: Meant, name: tuple[str, ...], table: str, of: Belonging) -> bool:
    """A thing has a name, a place, a telephone; a machine has keys."""
    called = tuple(map(singular, words(table)))
    thing = not (THINGS if of.near and not of.organisations else THINGS | CONTENT).isdisjoint(called[-1:])
    if each.concept in _OF_MACHINES and not of.personal and not MACHINES.isdisjoint(called):
        return False
    if each.phrase == ("key",) and not LOOKUPS.isdisjoint(name):
        return False
    if "path" in name and not each.strong:
        return each.concept is Concept.FILE and not STORED.isdisjoint(_all_words(table, name))
    if each.concept is Concept.USERNAME and not each.strong and len(name) > 1 and singular(name[-2]) in THINGS:
        return False
    if each.phrase == ("slug",):
        return of.subject
    if each.concept in (Concept.ADDRESS, Concept.PHONE) or each.phrase in _OF_THINGS_TOO:
        return (of.personal and not of.organisations) or not thing or of_contact(name)
    if each.concept in (Concept.NAME, Concept.LOCATION) and not each.strong and not of.subject:
        return singular(name[-2]) not in THINGS if len(name) > 1 else not thing
    return True


def _all_words(table: str, name: tuple[str, ...]) -> frozenset[str]:
    """The words of a table and its column, and what each written together may end or begin with."""
    said = [singular(word) for word in (*words(table), *name)]
    return frozenset(said) | {stored for stored in STORED for word in said if word.endswith(stored)}


def _by_neighbours(each: Meant, of: Belonging, says: Says) -> bool:
    """A town is an address where more of one stands beside it; a language is a person's beside a name."""
    if each.concept is Concept.ADDRESS and not of.personal:  # an address of nobody
        return each.strong and says(Concept.NAME)
    if each.concept is Concept.ADDRESS and each.phrase[-1] in BESIDE:
        return of.personal and says(Concept.ADDRESS)
    if each.concept is Concept.LOCATION and each.phrase[-1] in BESIDE:
        return of.personal and (says(Concept.DEVICE) or says(Concept.IP))
    if each.phrase[-1] in _PASSWORDS and not of.near:  # of a thing that whoever knows it may see
        return any(map(says, (Concept.USERNAME, Concept.EMAIL, Concept.NAME)))
    if each.concept is Concept.LANGUAGE:
        return of.near or of.profile or says(Concept.NAME) or says(Concept.EMAIL) or says(Concept.ADDRESS)
    return True

"""What a recipient is told of a person's data: who is meant, what became of it, what is asked (Arts 19, 5(1)(c))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

WAYS = ("corrected", "erased", "restricted", "lifted", "retention_ended")
"""Why a recipient is told."""

DEFAULT = "en"

SHOWN = 12
"""Letters of a notice's key that people are shown: enough to find it by."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one recipient is told of one person. `why` is one of `WAYS`; `day` is when it happened.

    `known_as` are the words by which the recipient knows the person; nothing else says who is meant. `about` are
    categories in words. `now` is what is right instead, by category, of what was corrected. `by` and `contact` say
    who tells it. `key` is the notice's own.
    """

    why: str
    key: str
    day: date
    by: str
    contact: str
    known_as: tuple[str, ...] = field(default=(), repr=False)
    about: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    now: Mapping[str, str] = field(default_factory=dict, repr=False)


_HEAD = {
    "sv": ("Hej,", "Uppgifterna gäller den ni känner som: {who}", "Uppgifter: {about}", "Ändamål: {purposes}"),
    "en": ("Hello,", "The data is about whom you know as: {who}", "Data: {about}", "Purpose: {purposes}"),
}
_LAW = {
    "sv": "Vi är skyldiga att underrätta er (artikel 19 i GDPR).",
    "en": "We are obliged to tell you (Article 19 GDPR).",
}
_BY_LAW = frozenset({"corrected", "erased", "restricted"})
_NOW = {"sv": "Rätt är: {now}", "en": "Right is: {now}"}
_TAIL = {
    "sv": "Svara till {contact} om det inte går, och varför. Ärende: {key}\n\n{by}",
    "en": "Write to {contact} if it cannot be done, and why. Reference: {key}\n\n{by}",
}
_WORDS: Mapping[str, Mapping[str, tuple[str, str, str]]] = {
    "corrected": {
        "sv": ("Personuppgifter har rättats", "Den {day} rättade vi uppgifter som ni har fått.",
               "Rätta dem även hos er."),
        "en": ("Personal data was corrected", "On {day} we corrected data that you were given.", "Correct it too."),
    },
    "erased": {
        "sv": ("Personuppgifter har raderats", "Den {day} raderade vi uppgifter som ni har fått.",
               "Radera dem även hos er, med kopior och länkar, om ingen lag kräver att ni har dem kvar."),
        "en": ("Personal data was erased", "On {day} we erased data that you were given.",
               "Erase it too, with copies and links, unless a law makes you keep it."),
    },
    "restricted": {
        "sv": ("Personuppgifter har begränsats", "Sedan den {day} får uppgifter som ni har fått bara lagras.",
               "Använd dem inte förrän vi har skrivit igen."),
        "en": ("Personal data was restricted", "Since {day} data that you were given may only be stored.",
               "Do not use it until we write again."),
    },
    "lifted": {
        "sv": ("En begränsning har upphört", "Den {day} upphörde en begränsning av uppgifter som ni har fått.",
               "De får användas som förut."),
        "en": ("A restriction is over", "On {day} a restriction of data that you were given ended.",
               "It may be used as before."),
    },
    "retention_ended": {
        "sv": ("Personuppgifter ska raderas",
               "Den {day} var tiden ute för uppgifter som ni har fått, och vi har dem inte kvar.",
               "Radera dem även hos er, med kopior, om ingen lag kräver att ni har dem kvar."),
        "en": ("Personal data is to be erased",
               "On {day} the time was over for data that you were given; we have erased it.",
               "Erase it too, with copies, unless a law makes you keep it."),
    },
}  # fmt: skip


def written(told: Told, language: str) -> tuple[str, str]:
    """Title and text, in Swedish or English (another language: English)."""
    language = language if language in _HEAD else DEFAULT
    title, happened, asked = _WORDS[told.why][language]
    hello, who, about, purposes = _HEAD[language]
    lines = [hello, "", happened.format(day=told.day.isoformat())]
    lines += [who.format(who=", ".join(told.known_as))] if told.known_as else []
    lines += [about.format(about=", ".join(told.about))] if told.about else []
    lines += [purposes.format(purposes=", ".join(told.purposes))] if told.purposes else []
    if told.now:
        lines.append(_NOW[language].format(now="; ".join(f"{name}: {value}" for name, value in told.now.items())))
    lines += [asked, _LAW[language]] if told.why in _BY_LAW else [asked]
    lines += ["", _TAIL[language].format(contact=told.contact, key=told.key[:SHOWN], by=told.by)]
    return title, "\n".join(lines) + "\n"


def data(told: Told) -> dict[str, Any]:
    """The same for programs: `type` and `timestamp` as Standard Webhooks has them."""
    about: dict[str, Any] = {"known_as": list(told.known_as), "about": list(told.about)}
    about |= {"purposes": list(told.purposes), "by": told.by, "contact": told.contact, "key": told.key}
    about |= {"now": dict(told.now)} if told.now else {}
    return {"type": f"personal_data.{told.why}", "timestamp": told.day.isoformat(), "data": about}

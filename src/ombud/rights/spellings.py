"""How an identifier may stand in a database: the spellings that people and applications use of one form."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat

from ombud.datamap.identity import HOME_REGION, normalise


def spellings(kind: str, written: str) -> tuple[str, ...]:
    """The usual spellings of an identifier, the given one first; a database may hold others still."""
    form = normalise(kind, written)
    found = {written: None, form: None, written.strip(): None}
    match kind:
        case "email":
            found |= dict.fromkeys((form.upper(), written.lower(), form.title()))
        case "phone":
            found |= dict.fromkeys(_phone(form))
        case "personnummer" if len(form) == 12:
            found |= dict.fromkeys((f"{form[:8]}-{form[8:]}", f"{form[2:8]}-{form[8:]}", form[2:]))
    return tuple(each for each in found if each)


def _phone(form: str) -> tuple[str, ...]:
    try:
        number = phonenumbers.parse(form, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ()
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    digits = "".join(c for c in national if c.isdigit())
    split = ("-".join((digits[:3], digits[3:])), " ".join((digits[:3], digits[3:])), national.replace("-", " "))
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return (national, digits, *split, shown, form.removeprefix("+"), f"00{form.removeprefix('+')}")

"""The firm, and the people and organisations it deals with: addresses, contacts, identifiers, accounts, relations."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from stdnum import iban

from bench.discover.people import Person
from bench.discover.tryton_rows import found, made

PICTURE = b"\x89PNG\r\n\x1a\n of nobody"


@dataclass(slots=True)
class Firm:
    """The firm and what its parties refer to."""

    company: Any
    countries: dict[str, Any]
    categories: list[Any]
    bank: Any
    couple: Any
    contact: Any
    firms: dict[str, Any] = field(default_factory=dict)
    last: Any = None


def firm() -> Firm:
    """The company in its own books, the two countries, a bank and the ways in which parties belong together."""
    crown = made("currency.currency", name="Svensk krona", symbol="kr", code="SEK", digits=2)
    made("currency.currency.rate", currency=crown, date=date(2019, 1, 1), rate=1)
    countries = {
        code: made("country.country", name=name, code=code) for code, name in (("SE", "Sverige"), ("GB", "Britain"))
    }
    made("country.postal_code", country=countries["SE"], postal_code="753 10", city="Uppsala")
    own = made("party.party", name="Furuvik Handel AB")
    made("party.address", party=own, street="Hamnvägen 3", postal_code="802 52", city="Gävle", country=countries["SE"])
    company = made("company.company", party=own, currency=crown, timezone="Europe/Stockholm", footer="Furuvik Handel")
    couple, contact = (made("party.relation.type", name=name) for name in ("Gift med", "Kontaktperson hos"))
    made("party.configuration", party_lang=made("ir.lang", name="Svenska", code="sv"))
    return Firm(
        company=company,
        countries=countries,
        categories=[made("party.category", name=name) for name in ("Privatkund", "Förening")],
        bank=made("bank", party=made("party.party", name="Gävle Sparbank"), bic="GVLESESS"),
        couple=couple,
        contact=contact,
    )


def customer(person: Person, firm: Firm, chance: random.Random) -> Any:
    """A customer with whatever of address, telephone, identifier, account and picture they gave."""
    party = individual(person, firm)
    made("party.party-party.category", party=party, category=firm.categories[person.number % 2])
    if person.number % 2:
        made("party.identifier", party=party, type="se_personnummer", code=person.personnummer)
    if person.number % 4 == 0:
        made("party.contact_mechanism", party=party, type="website", value=f"https://{person.number}.example/")
    if person.number % 5 == 0:
        _account(person, party, firm)
    if person.number % 7 == 0:
        made("ir.avatar", resource=party, image=PICTURE + bytes(str(person.number), "ascii"))
    if person.firm:
        organisation = _organisation(person.firm, firm)
        made("party.relation", from_=party, to=organisation, type=firm.contact, start_date=person.met.date())
    if person.number % 12 == 5 and firm.last:
        made("party.relation", from_=party, to=firm.last, type=firm.couple)
    if chance.random() < 0.2:  # moved, so that the history has the former street too
        moved = party.addresses[0]
        moved.street, moved.name = f"{person.street} B", "Gårdshuset"
        moved.save()
    firm.last = party
    return party


def individual(person: Person, firm: Firm) -> Any:
    """A natural person as a party."""
    language = found("ir.lang", ("code", "=", person.language))
    party = made("party.party", name=person.name, lang=language)
    where = made(
        "party.address",
        party=party,
        party_name=f"c/o {person.firm}" if person.firm else None,
        street=person.street,
        postal_code=person.postcode,
        city=person.town,
        country=firm.countries[person.country],
    )
    made("party.contact_mechanism", party=party, type="email", value=person.email, language=language)
    if person.phone:
        name = f"{person.given} hemma" if person.number % 3 else None
        made(
            "party.contact_mechanism",
            party=party,
            type="mobile" if person.number % 2 else "phone",
            value=person.phone,
            name=name,
            address=where,
            comment=person.note or None,
        )
    return party.__class__(party.id)


def _organisation(name: str, firm: Firm) -> Any:
    if name not in firm.firms:
        firm.firms[name] = made("party.party", name=name)
    return firm.firms[name]


def _account(person: Person, party: Any, firm: Firm) -> None:
    account = made("bank.account", bank=firm.bank, currency=firm.company.currency)
    made("bank.account-party.party", account=account, owner=party)
    if person.number % 10:
        made("bank.account.number", account=account, type="other", number=f"9999-{person.number:07}")
        return
    inner = f"{999_000_000 + person.number:020}"
    number = f"SE{iban.calc_check_digits(f'SE00{inner}')}{inner}"
    made("bank.account.number", account=account, type="iban", number=number)
    made("party.identifier", party=party, code=f"K{person.number:05}")


def hired(person: Person, firm: Firm, boss: Any) -> Any:
    """An employee of the firm."""
    ended = person.met.date() + timedelta(days=700) if person.number % 4 == 0 else None
    return made(
        "company.employee",
        party=individual(person, firm),
        company=firm.company,
        start_date=person.met.date(),
        end_date=ended,
        supervisor=boss,
    )

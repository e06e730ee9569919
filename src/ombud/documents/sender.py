"""Who writes, and whom to write to: the controller, its officer, the supervisory authority."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ombud.documents.body import Block, Facts
from ombud.documents.stated import Stated


@dataclass(frozen=True, slots=True)
class Sender:
    """The name on a letter, the lines under it, and what stands at the foot of each page."""

    name: str
    lines: tuple[str, ...]
    footer: str


def sender(stated: Stated, company: str | None = None) -> Sender:
    """A company of the group, else the one that answers for the policy, else the group."""
    policy = stated.policy
    known = policy.companies.get(company or "") or stated.controller()
    officer = policy.organisation.officer if policy.organisation else {}
    if known is None:
        name = policy.group or ", ".join(each.name for each in policy.companies.values())
        return Sender(name, (name, *_reach(officer)), name)
    reach = {**officer, **known.contact}
    number = stated.say("registration", number=known.registration_number) if known.registration_number else ""
    footer = " · ".join(part for part in (known.name, number, known.seat) if part)
    return Sender(known.name, (known.name, *_reach(reach)), footer)


def _reach(found: dict[str, str] | object) -> tuple[str, ...]:
    assert isinstance(found, dict)
    return tuple(found[way] for way in ("post", "email", "phone") if found.get(way))


def authority(stated: Stated) -> str:
    """The supervisory authority's name and link."""
    organisation = stated.policy.organisation
    found = organisation.authority if organisation else {}
    named = found.get("name") or stated.say("authority").lower()
    return f"{named} ({found['link']})" if found.get("link") else named


def contact(stated: Stated) -> Iterator[Block]:
    """The controller and the data protection officer, and how to reach them (Art. 13(1)(a), (b))."""
    organisation = stated.policy.organisation
    if organisation is None:
        return
    controller = stated.controller()
    if controller is not None:
        who = sender(stated)
        rows = [(stated.say("controller"), (who.footer, *who.lines[1:]))]
    else:
        rows = [(stated.say("controller"), (stated.say(f"controller.{organisation.controller}"),))]
    officer = organisation.officer
    if officer:
        title = stated.titled(organisation.officer_title, stated.say("officer"))
        lines = tuple(officer[part] for part in ("name", "post", "email", "phone") if officer.get(part))
        rows.append((title, lines))
    yield Facts(tuple(rows))

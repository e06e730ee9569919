"""The recipients of a project: what each may do with the data, on what agreement, where, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ombud.app.channels import ByMail, ByPost, ByWebhook
from ombud.app.loaded import Loaded
from ombud.app.requests.desk import ADDRESS


@dataclass(frozen=True, slots=True)
class Listed:
    """One recipient. `allows` is how it may use the data, by language; `purposes` for which it is handed over.

    `told` counts its notices: sent, waiting, given up; None where no register was made yet.
    """

    id: str
    title: Mapping[str, str]
    role: str
    agreement: str
    dated: date | None
    allows: Mapping[str, str]
    regions: tuple[tuple[str, str], ...]
    own_marketing: bool
    purposes: tuple[str, ...]
    by: str
    told: tuple[int, int, int] | None = None


def recipients(loaded: Loaded, told: Mapping[str, tuple[int, int, int]] | None) -> tuple[Listed, ...]:
    """Every recipient of the policy, by its id. `told`: what the register counts, None where there is none."""
    policy, found = loaded.policy, []
    for name, each in sorted(policy.recipients.items()):
        agreement = policy.agreements.get(each.agreement or "")
        purposes = {p.id: None for own in policy.purposes.values() for p in own.values() if name in p.recipients}
        regions = tuple((r, policy.regions[r].safeguard.value if r in policy.regions else "") for r in each.regions)
        found.append(
            Listed(
                name,
                each.title,
                str(each.role),
                each.agreement or "",
                agreement.dated if agreement else None,
                agreement.allows if agreement else {},
                regions,
                each.own_marketing,
                tuple(purposes),
                way_of(loaded, name),
                None if told is None else told.get(name, (0, 0, 0)),
            )
        )
    return tuple(found)


def way_of(loaded: Loaded, recipient: str) -> str:
    """How a recipient is told: email, webhook, post, or by hand."""
    channel = loaded.project.channels.by.get(recipient)
    match channel:
        case ByMail():
            return "email"
        case ByWebhook():
            return "webhook"
        case ByPost():
            return "post"
        case None:
            return "by hand"
        case _:
            assert_never(channel)


def has_register(loaded: Loaded) -> bool:
    """Whether there is a register to look into: none is made by looking."""
    return bool(loaded.around.environ.get(ADDRESS)) or (loaded.project.state / "requests.db").is_file()

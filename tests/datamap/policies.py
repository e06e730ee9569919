"""A small policy for stories about maps: two companies and one called NO, and purposes of every sort."""

from __future__ import annotations

from ombud.policy.model import (
    Add,
    Basis,
    BasisKind,
    Category,
    Clock,
    Company,
    MomentTerm,
    OnErasure,
    Policy,
    Purpose,
    Recipient,
    State,
    Use,
    While,
)
from ombud.terms import Period

CATEGORIES = (
    "contact",
    "contact.name",
    "contact.email",
    "contact.phone",
    "contact.address",
    "purchases",
    "network",
    "network.ip",
    "health",
    "health.allergy",
)

PROVENANCE = {"purchases": frozenset({"provided"}), "contact.phone": frozenset({"provided", "observed"})}


RECIPIENTS = {"catering": ("caterer",), "marketing": ("partner",), "newsletter": ("partner", "printer")}


def _purpose(name: str, basis: BasisKind, data: set[str], keep: Clock | While, state: str | None = None) -> Purpose:
    uses = frozenset({Use.SEALED}) if name == "sealed" else frozenset[Use]()
    to = RECIPIENTS.get(name, ())
    return Purpose(name, (Basis(basis, state),), frozenset(data), keep, OnErasure.STAYS, uses=uses, recipients=to)


def _after(moment: str, period: Period) -> Clock:
    return Clock(moment, (Add(period),))


GROUP = {
    purpose.id: purpose
    for purpose in (
        _purpose("delivery", BasisKind.CONTRACT, {"contact", "purchases"}, _after("ended", Period(months=12))),
        _purpose("marketing", BasisKind.LEGITIMATE_INTERESTS, {"contact.email"}, _after("ended", Period(months=12))),
        _purpose("bookkeeping", BasisKind.LEGAL_OBLIGATION, {"contact.name", "purchases"}, _after("booked", Period(7))),
        _purpose("newsletter", BasisKind.CONSENT, {"contact.email"}, Clock("opted_out")),
        _purpose("service", BasisKind.LEGITIMATE_INTERESTS, {"contact"}, While("customer")),
        _purpose("security", BasisKind.CONTRACT, {"network.ip"}, _after("logged", Period(months=3))),
        _purpose("catering", BasisKind.CONSENT, {"health.allergy"}, Clock("event_over")),
        _purpose("sealed", BasisKind.CONTRACT, {"contact"}, _after("ended", Period(months=12))),
        _purpose("visits", BasisKind.NONE, set(), Clock("logged")),
    )
}
NORTHERN = _purpose("aurora", BasisKind.CONSENT, {"contact"}, Clock("ended"))

POLICY = Policy(
    zone="Europe/Stockholm",
    companies={name: Company(name, name.title()) for name in ("north", "south", "NO")},
    purposes={"north": {**GROUP, "aurora": NORTHERN}, "south": GROUP, "NO": GROUP},
    categories={path: Category(path, provenance=PROVENANCE.get(path, frozenset())) for path in CATEGORIES},
    moments={
        name: MomentTerm(name)
        for name in ("started", "ended", "booked", "opted_out", "logged", "event_over", "closed", "last_seen")
    },
    states={"customer": State("customer", "started", "ended")},
    recipients={
        "caterer": Recipient("caterer", agreement="terms"),
        "partner": Recipient("partner", agreement="terms", own_marketing=True),
        "printer": Recipient("printer", agreement="terms"),
    },
)

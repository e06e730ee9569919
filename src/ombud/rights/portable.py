"""Which data a person may take with them: what they provided, held on consent or contract (Art. 20 GDPR)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from ombud.documents.extract import Datum, NotCarried
from ombud.policy.model import BasisKind, Policy

PORTABLE = frozenset({BasisKind.CONSENT, BasisKind.CONTRACT})
"""Art. 20(1)(a). What ombud reads lies in databases: processing by automated means, (b)."""


def observed_counts(policy: Policy) -> bool:
    """Whether the policy lets observed data count as provided; it does not unless it says so, with its reason."""
    requests = policy.organisation.requests if policy.organisation else None
    return bool(requests and requests.portability and requests.portability.observed)


def carried(data: Iterable[Datum], day: date, *, observed: bool) -> tuple[tuple[Datum, ...], Counter[NotCarried]]:
    """What of some data Art. 20 covers on a day, and how many are left out for which reason.

    `observed`: whether what was observed counts as provided. A datum of which nobody has said where it comes from is
    left out, and counted. What only says when, or of which company, is not counted. What is masked for others' sake
    stays masked (Art. 20(4)).
    """
    kept: list[Datum] = []
    left: Counter[NotCarried] = Counter()
    for datum in data:
        why = why_left_out(datum, day, observed=observed)
        if why is None:
            kept.append(datum)
        elif datum.category:
            left[why] += 1
    return tuple(kept), left


def why_left_out(datum: Datum, day: date, *, observed: bool) -> NotCarried | None:
    """Why one datum is not covered on a day; None where it is."""
    live = [hold for hold in datum.holds if hold.basis in PORTABLE and (hold.until is None or day <= hold.until)]
    if not datum.category or not live:
        return NotCarried.OTHER_BASIS
    if not any(hold.theirs for hold in live):
        return NotCarried.OTHERS
    if datum.provenance == "provided" or (observed and datum.provenance == "observed"):
        return None
    return NotCarried.OBSERVED if datum.provenance == "observed" else NotCarried.UNSAID

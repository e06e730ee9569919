"""Which data a person may take with them: what they provided, held on consent or contract (Art. 20 GDPR)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ombud.documents.extract import Datum, Extract
from ombud.policy.model import BasisKind, Policy

PORTABLE = frozenset({BasisKind.CONSENT, BasisKind.CONTRACT})
"""Art. 20(1)(a). What ombud reads lies in databases: processing by automated means, (b)."""


class Why(StrEnum):
    """Why a datum is left out."""

    OTHER_BASIS = "other_basis"
    OBSERVED = "observed"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Portable:
    """What is handed over, and how many data are left out for which reason."""

    extract: Extract
    left_out: Mapping[Why, int]


def observed_counts(policy: Policy) -> bool:
    """Whether the policy lets observed data count as provided; it does not unless it says so, with its reason."""
    requests = policy.organisation.requests if policy.organisation else None
    return bool(requests and requests.portability and requests.portability.observed)


def portable(extract: Extract, *, observed: bool) -> Portable:
    """The part of an extract that Art. 20 covers. `observed`: whether what was observed counts as provided.

    A datum of which nobody has said where it comes from is left out, and counted. What is masked for others' sake stays
    masked (Art. 20(4)).
    """
    left: Counter[Why] = Counter()
    records = []
    files = set()
    for record in extract.records:
        kept = []
        for datum in record.data:
            why = why_left_out(datum, extract.day, observed=observed)
            if why is None:
                kept.append(datum)
            elif datum.category:
                left[why] += 1
        files |= {datum.file for datum in kept if datum.file}
        if kept:
            records.append(replace(record, data=tuple(kept)))
    attached = {name: content for name, content in extract.attached.items() if name in files}
    handed = replace(extract, kind="port", records=tuple(records), recipients=(), attached=attached)
    return Portable(handed, dict(left))


def why_left_out(datum: Datum, day: date, *, observed: bool) -> Why | None:
    """Why one datum is not covered on a day; None where it is."""
    bases = {hold.basis for hold in datum.holds if hold.until is None or day <= hold.until}
    if not datum.category or not bases & PORTABLE:
        return Why.OTHER_BASIS
    if datum.provenance == "provided" or (observed and datum.provenance == "observed"):
        return None
    return Why.OBSERVED if datum.provenance == "observed" else Why.UNSAID

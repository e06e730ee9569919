"""What sources copy from one another's subjects (spec/claims.md §2, moment)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ombud.claims.moments import moment
from ombud.claims.persons import identifiers, is_shared, key_ref
from ombud.claims.read import Reading
from ombud.claims.world import Told
from ombud.terms import Unknown

Copies = Mapping[str, frozenset[Told]]
"""What is told of rows elsewhere, by the digest of an identifier."""


def copied_from(look: Reading, source: str, subject: str, name: str, match: str) -> Copies:
    """What another source may copy: each row's moment of this name, by each of its identifiers of the kind matched."""
    mapped = look.datamap.sources[source].subjects[subject]
    told: dict[str, frozenset[Told]] = defaultdict(frozenset)
    for row in look.rows.get((source, mapped.table), ()):
        for ref in identifiers(look, row, mapped):
            if ref.kind == match:
                said = Unknown("shared there") if is_shared(look, row, ref) else moment(look, row, name)
                each = Told(key_ref(row, subject), said)
                told[ref.digest] |= {each}
    return told


def kept(before: Copies, now: Copies) -> Copies:
    """What is copied now, and of before what was told by identifiers that no row has any more."""
    return {**before, **now}

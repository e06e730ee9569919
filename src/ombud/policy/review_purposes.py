"""What the law or good practice has against purposes, by what they say of themselves: basis, clock, use, terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from ombud.policy.model import UNSTATED, BasisKind, Clock, Policy, Purpose, Use, While, covers
from ombud.policy.remarks import Remark, of
from ombud.policy.words import say_keep
from ombud.policy.years import last_day

Purposes = Mapping[str, Purpose]

HIRING = frozenset({"dpv:PersonnelHiring"})
SECURITY = frozenset({"dpv:EnforceSecurity", "dpv:FraudPreventionAndDetection", "dpv:MisusePreventionAndDetection"})
COMPLAINTS = frozenset({"dpv:CustomerCare", "dpv:CustomerClaimsManagement"})


def _kinds(one: Purpose) -> set[BasisKind]:
    return {basis.kind for basis in one.bases}


def _shorter(one: Purpose, years: int) -> bool:
    """Whether a clock of periods alone runs for fewer years than these."""
    if not isinstance(one.keep, Clock) or not one.keep.steps:
        return False
    start = date(2025, 1, 1)
    end = last_day(one.keep.steps, start, ())
    return end is not None and end < start.replace(year=start.year + years) - timedelta(days=1)


def _consent_for_kept(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 7(4), Recital 43: consent is a choice, and here none is left."""
    for one in purposes.values():
        if _kinds(one) != {BasisKind.CONSENT} or not isinstance(one.keep, Clock):
            continue
        for other in purposes.values():
            if BasisKind.CONSENT in _kinds(other) or not isinstance(other.keep, Clock) or other.keep != one.keep:
                continue
            same_hands = set(one.recipients) <= set(other.recipients)
            if same_hands and all(covers(other.data, path) for path in one.data):
                hint = f"give it a clock of its own, and make sure that only {one.id} uses the data then"
                yield of(one, "L07", f"asks consent for what {other.id} keeps anyway, {say_keep(one.keep)}", hint)
                break


def _discrimination(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Diskrimineringslagen: a claim may come for two years."""
    hiring = [
        p
        for p in purposes.values()
        if HIRING & set(p.dpv) and BasisKind.CONSENT not in _kinds(p) and isinstance(p.keep, Clock)
    ]
    timed = [p for p in hiring if isinstance(p.keep, Clock) and p.keep.steps]
    if timed and all(_shorter(p, 2) for p in timed):
        for one in timed:
            yield of(
                one,
                "L08",
                "ends before the two years in which discrimination can be claimed",
                "keep for P24M, in a sealed form",
            )


def _security(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 6(1)(b) covers what the contract cannot be kept without (EDPB Guidelines 2/2019); Recitals 47 and 49."""
    for one in purposes.values():
        if SECURITY & set(one.dpv) and BasisKind.CONTRACT in _kinds(one):
            yield of(
                one,
                "L09",
                "rests fraud prevention or security on contract",
                "write legitimate_interests (Recitals 47, 49)",
            )


def _device(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """ePrivacy directive Art. 5(3)."""
    for one in purposes.values():
        if Use.READS_DEVICE in one.uses and _kinds(one) != {BasisKind.CONSENT}:
            yield of(
                one,
                "L10",
                "reads people's devices without consent (ePrivacy 5(3))",
                "rest it on consent alone, or count without tracking",
            )


def _strangers(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Marknadsföringslagen 19 §: e-mail to natural persons needs consent, or a customer's address."""
    ends = {state.ends for state in policy.states.values()}
    for one in purposes.values():
        if Use.DIRECT_MARKETING not in one.uses or not covers(one.data, "contact.email"):
            continue
        free = [b for b in one.bases if b.kind is BasisKind.LEGITIMATE_INTERESTS and b.state is None]
        customers = isinstance(one.keep, While) or one.keep.start in ends
        if free and not customers:
            hint = "rest it on consent, or on legitimate_interests: {while: customer}"
            yield of(one, "L11", "markets by e-mail to people who are not customers (marknadsföringslagen 19 §)", hint)


def _special(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    special = [path for path, category in policy.categories.items() if category.special]
    for one in purposes.values():
        paths = [path for path in special if covers(one.data, path)]
        if paths and one.article9 is None:
            yield of(
                one,
                "L12",
                f"uses {paths[-1]} without a condition of Art. 9(2)",
                "add article9: explicit_consent, or another",
            )


def _sold(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """What goes out for others' own marketing needs the person's approval."""
    for one in purposes.values():
        to = [name for name in one.recipients if policy.recipients[name].own_marketing]
        if to and _kinds(one) != {BasisKind.CONSENT}:
            yield of(
                one, "L13", f"hands data to {to[0]} for its own marketing without consent", "rest it on consent alone"
            )


def _two_clocks(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 13(2)(a): who leaves details once cannot tell which of two periods holds; the longer one will."""
    ends = {state.ends for state in policy.states.values()}
    acts = [
        (one, one.keep)
        for one in purposes.values()
        if Use.DIRECT_MARKETING in one.uses
        and isinstance(one.keep, Clock)
        and one.keep.steps
        and one.keep.start not in ends
    ]
    for n, (one, keep) in enumerate(acts):
        for other, earlier in acts[:n]:
            if (one.bases, one.data) == (other.bases, other.data) and keep.start != earlier.start:
                hint = "one record may fall under both, and then the longer period holds: say when each does"
                yield of(one, "L15", f"is told from {other.id} only by its clock, {say_keep(keep)}", hint)
                break


def _complaints(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Konsumentköplagen (2022:260): three years to complain."""
    for one in purposes.values():
        if COMPLAINTS & set(one.dpv) and _shorter(one, 3):
            yield of(
                one,
                "L16",
                "ends before the three years in which a consumer can complain",
                "keep what a complaint needs for P3Y",
            )


def _unidentified(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """An address of a visitor's computer can identify (C-582/14, Breyer)."""
    addresses = [path for path, category in policy.categories.items() if "pd:IPAddress" in category.dpv]
    holders = [(p, path) for p in purposes.values() for path in addresses if covers(p.data, path)]
    for one in purposes.values():
        if BasisKind.NONE in _kinds(one) and holders:
            holder, path = holders[0]
            message = f"is said to identify nobody, and {holder.id} holds {path} (C-582/14)"
            yield of(one, "L20", message, "make sure that the two never meet, or state a basis")


def _unstated(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 13(1)(c) and 13(2)(a): basis and period are told."""
    for one in purposes.values():
        if BasisKind.UNSTATED in _kinds(one):
            hint = "state a basis; until then no right follows from one"
            yield of(one, "L19", "has no stated legal basis (Art. 13(1)(c))", hint, "basis")
        if one.keep == While(UNSTATED) and BasisKind.NONE not in _kinds(one):
            yield of(one, "L19", "has no stated period and keeps for ever (Art. 13(2)(a))", "state keep:", "keep")


def _forever(policy: Policy, purposes: Purposes) -> Iterator[Remark]:
    """Art. 5(1)(e): what waits for an act of the person has no limit for the inactive."""
    for one in purposes.values():
        end = one.keep.start if isinstance(one.keep, Clock) and not one.keep.steps else None
        if isinstance(one.keep, While):
            end = policy.states[one.keep.state].ends
            if end is None and one.keep.state != UNSTATED:
                yield of(
                    one,
                    "L21",
                    f"is kept {say_keep(one.keep)}, which never ends (Art. 5(1)(e))",
                    "give the state an until:",
                )
        if end is not None and policy.moments[end].open_for_at_most is None:
            hint = f"add open_for_at_most: to {end}, or another end"
            yield of(one, "L21", f"is kept {say_keep(one.keep)} without a limit for the inactive (Art. 5(1)(e))", hint)


OF_PURPOSES: tuple[Callable[[Policy, Purposes], Iterator[Remark]], ...] = (
    _consent_for_kept,
    _discrimination,
    _security,
    _device,
    _strangers,
    _special,
    _sold,
    _two_clocks,
    _complaints,
    _unidentified,
    _unstated,
    _forever,
)

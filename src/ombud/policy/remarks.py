"""A remark: a warning about a well-formed policy, with what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from ombud.policy.model import Purpose
from ombud.terms import Finding, Level, Place


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding and what it is about, by which it can be accepted: `purposes.newsletter`, `organisation.requests`."""

    at: str
    finding: Finding


def remark(code: str, at: str, place: Place, message: str, hint: str) -> Remark:
    """A remark about a part of the policy, by its path."""
    return Remark(at, Finding(code, place, f"{message} [{at}]", hint, Level.WARNING))


def of(one: Purpose, code: str, message: str, hint: str, key: str = "") -> Remark:
    """A remark about a purpose, or about one of its keys."""
    at = f"purposes.{one.id}.{key}" if key else f"purposes.{one.id}"
    return remark(code, at, one.place, f"{one.id} {message}", hint)

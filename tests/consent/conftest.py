"""The small newsletter's project."""

from __future__ import annotations

from tests.suppression.conftest import letters

__all__ = ["letters"]

"""That something cannot be said to an engine."""

from __future__ import annotations


class Unsayable(Exception):
    """What cannot be said, or was not proved, in words."""

"""Say it to people, at a terminal."""

from __future__ import annotations

from ombud.cli.program import main

__all__ = ["main"]

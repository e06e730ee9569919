"""What may notice a mutant: families of generated worlds, and files of tests."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]

Lines = frozenset[tuple[str, int]]
"""Lines of the core: the folder's name and the file's, and the line's number."""

FAMILIES = range(9000, 9060)
"""Tried on the engine, where they run the changed line."""

ORACLE_FAMILIES, ORACLE_WORLDS = range(9000, 9100), 12

FILES = tuple(
    str(path.relative_to(ROOT))
    for folder, pattern in (
        ("tests/claims", "test_learning.py"),
        ("tests/claims", "test_values.py"),
        ("tests/claims", "test_documents.py"),
        ("tests/claims", "test_vectors.py"),
        ("tests/claims", "test_stories.py"),
        ("tests/plan", "test_*.py"),
        ("tests/golden", "test_*.py"),
        ("tests/engine", "test_*.py"),
        ("tests/cli", "test_plan_reasons.py"),
        ("tests/cli", "test_explain.py"),
    )
    for path in sorted((ROOT / folder).glob(pattern))
)

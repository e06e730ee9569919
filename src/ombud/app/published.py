"""The project file's grammar as a JSON Schema: `python -m ombud.app.published` writes it."""

from __future__ import annotations

import json
import sys

from ombud.app.project import GRAMMAR
from ombud.policy.schema import of


def text() -> str:
    """The schema as it is published, beside this file: `project.schema.json`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ombud project",
        "description": "Where the policy, the data maps and the databases are (ombud.yaml)",
        **of(GRAMMAR),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())

"""Tables without a key: nothing that needs one, and no cell that would have to go before its row."""

from __future__ import annotations

from ombud.datamap.check.checked import Checked
from ombud.datamap.keyless import needs_key
from ombud.datamap.model import Table
from ombud.policy.model import BasisKind, covers


def check_keyless(table: Table, checked: Checked) -> None:
    """Findings: what needs a key, and cells that some purpose which holds their row does not hold."""
    if table.key or not table.personal:
        return
    place = checked.place(table, "key")
    for message, hint in needs_key(checked.source, table):
        checked.findings.add("M092", place, message, hint)
    for company in sorted(checked.possible[table.name]):
        known = checked.policy.purposes.get(company, {})
        for kind in table.kinds:
            for binding in kind.bindings:
                purpose = known.get(binding.purpose)
                if purpose is None or all(basis.kind is BasisKind.NONE for basis in purpose.bases):
                    continue
                for cell in kind.cells.values():
                    reached = binding.reach is None or cell.name in binding.reach
                    if not reached or not covers(purpose.data, cell.category):
                        message = f"{binding.purpose} may hold a row of {table.name} longer than its {cell.name}"
                        hint = "bind purposes that hold all its cells, or give it a key"
                        checked.findings.add("M092", cell.place, message, hint)

"""`ombud mark --list`: the marks of the register, and which of them count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ombud.cli.command import Session

if TYPE_CHECKING:
    from ombud.app.loaded import Loaded
    from ombud.app.standing_marks import StandingMark
    from ombud.datamap.model import DataMap


def list_marks(session: Session, loaded: Loaded) -> int:
    """Every mark in the order of the register, with what undid it. Gives the exit code."""
    from rich.text import Text

    from ombud.app.register_kept import check_register
    from ombud.app.standing_marks import standing_marks

    say = session.speaker
    check_register(loaded)
    found = standing_marks(loaded.marks(), loaded.today())
    told = [_told(each, loaded.datamap) for each in found]
    if not told:
        say.line("No mark was ever set.")
    else:
        heads = ("mark", "act", "from", "purpose", "company", "whom", "ground", "stands")
        lines = []
        for each in told:
            cells = (
                str(each["mark"]), each["act"], each["day"], each["purpose"] or "all", each["company"] or "all",
                "\n".join(each["whom"]), each["ground"] or "·", _stands(each),
            )  # fmt: skip
            lines.append(tuple(Text(cell, "dim" if each["undone_by"] else "") for cell in map(_clean, cells)))
        say.table(heads, lines, right=(0,), whole=(1, 2, 7))
        say.line()
        say.line(("Whether a mark reaches a row, and which decides there: ombud explain SOURCE/TABLE/KEY", "dim"))
    say.answer({"day": loaded.today().isoformat(), "marks": told})
    return 0


def _clean(text: str) -> str:
    from ombud.cli.say import clean

    return clean(text, lines=True)


def _told(each: StandingMark, datamap: DataMap) -> dict[str, Any]:
    from ombud.app.naming import said

    mark = each.mark
    return {
        "mark": mark.seq,
        "act": mark.act.value,
        "day": mark.day.isoformat(),
        "purpose": mark.purpose,
        "company": mark.company,
        "ground": mark.ground,
        "whom": [said(ref, datamap) for ref in sorted(mark.refs, key=repr)],
        "in_force": each.undone is None and not each.ahead,
        "undone_by": each.undone,
        "undone_in_part_by": list(each.in_part),
    }


def _stands(told: dict[str, Any]) -> str:
    if told["undone_by"]:
        return f"undone by {told['undone_by']}"
    if told["undone_in_part_by"]:
        return f"in part undone by {', '.join(map(str, told['undone_in_part_by']))}"
    return "in force" if told["in_force"] else "not yet"

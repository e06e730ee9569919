"""The last run of each kind, as a table and a picture in `docs/explanation/`: what is measured is what is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

Run = Mapping[str, Any]

DOCS = Path(__file__).parents[1] / "docs" / "explanation"
PARTS = (
    ("by_hand", "by hand", "#7a7a7a"),
    ("freezing", "freezing", "#2b6cb0"),
    ("applying", "carrying out", "#c05621"),
)
"""What a run has, what it is called, and its colour: told apart by those who see no red as well."""

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
BEGIN_ANSWERS, END_ANSWERS = "<!-- answers -->", "<!-- /answers -->"


def kept(history: Path) -> list[Run]:
    """The last run of each engine, size, share and kind, in that order."""
    last: dict[tuple[Any, ...], Run] = {}
    for line in history.read_text(encoding="utf-8").splitlines():
        run = json.loads(line)
        last[run["engine"], "answers" in run, run.get("daily", False), run["customers"], run["due_percent"]] = run
    return [last[key] for key in sorted(last, key=lambda key: (_ENGINES.index(key[0]), *key[1:]))]


_ENGINES = ("postgresql", "mariadb", "sqlite")
_NAMES = {"postgresql": "PostgreSQL", "mariadb": "MariaDB", "sqlite": "SQLite"}


def title(run: Run) -> str:
    """What was run, in words."""
    what = f"a day's sweep, {run['rows']:,} rows due" if run.get("daily") else f"{run['due_percent']:g} % due"
    return f"{_NAMES[run['engine']]}, {run['customers']:,} customers, {what}"


def table(runs: Sequence[Run]) -> str:
    """As Markdown; milliseconds, medians, and in brackets the spread."""
    lines = [
        "| | by hand | freezing | carrying out | times as long | nothing due | peak memory |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for run in runs:
        told = [f"{run[name]['median'] * 1000:,.0f} ({run[name]['spread'] * 1000:,.0f})" for name, _, _ in PARTS]
        nothing = f"{run['nothing_due'] * 1000:,.0f}" if "nothing_due" in run else ""
        lines.append(f"| {title(run)} | {' | '.join(told)} | {run['ratio']:g} | {nothing} | {run['peak_mb']:,} MB |")
    times = ", ".join(sorted({str(run["times"]) for run in runs}))
    return "\n".join(
        [*lines, "", f"Each {times} times, on {runs[0]['machine']}, last on {max(r['when'] for r in runs)[:10]}."]
    )


def answers(runs: Sequence[Run]) -> str:
    """As Markdown: of each run, how long answers to persons take."""
    lines = [
        "| | by hand | one answer | times as long | 5,000 rows, by hand | 5,000 rows | times as long | a whole request "
        "| files a second | peak memory |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for run in runs:
        of = run["answers"]
        told = (of["by_hand"], of["one"], of["ratio"], of["many_by_hand"], of["many"], of["many_ratio"], of["request"])
        said = " | ".join(f"{each:g}" for each in told)
        where = f"{_NAMES[run['engine']]}, {run['customers']:,} customers"
        lines.append(f"| {where} | {said} | {of['filed']:,} ({of['jobs']} processes) | {of['peak_mb']:,} MB |")
    return "\n".join([*lines, "", f"On {runs[0]['machine']}, last on {max(r['when'] for r in runs)[:10]}."])


def picture(runs: Sequence[Run]) -> str:
    """As SVG: of each run two bars, by hand and by ombud, as many times as long as by hand."""
    width, bar, gap, left = 920, 14, 22, 440
    most = max(run["ratio"] for run in runs)
    scale = (width - left - 60) / most
    found, y = [], 46
    for run in runs:
        base = run["by_hand"]["median"]
        found.append(f'<text x="{left - 10}" y="{y + bar + 2}" text-anchor="end">{escape(title(run))}</text>')
        found.append(f'<rect x="{left}" y="{y}" width="{scale:.1f}" height="{bar}" fill="{PARTS[0][2]}"/>')
        x = float(left)
        for name, _, colour in PARTS[1:]:
            length = run[name]["median"] / base * scale
            found.append(f'<rect x="{x:.1f}" y="{y + bar}" width="{length:.1f}" height="{bar}" fill="{colour}"/>')
            x += length
        found.append(f'<text x="{x + 6:.1f}" y="{y + 2 * bar - 2}">{run["ratio"]:g}</text>')
        y += 2 * bar + gap
    legend = "".join(
        f'<rect x="{left + 130 * n}" y="10" width="12" height="12" fill="{colour}"/>'
        f'<text x="{left + 130 * n + 18}" y="21">{said}</text>'
        for n, (_, said, colour) in enumerate(PARTS)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" font-family="sans-serif" font-size="12" '
        f'role="img"><title>How many times as long as by hand</title><rect width="{width}" height="{y}" fill="#fff"/>'
        f"{legend}{''.join(found)}</svg>\n"
    )


def write(history: Path) -> None:
    """Into the page and beside it."""
    every, page = kept(history), DOCS / "speed.md"
    sweeps, asked = ([run for run in every if ("answers" in run) is wanted] for wanted in (False, True))
    text = _between(page.read_text(encoding="utf-8"), BEGIN, END, table(sweeps))
    if asked:
        text = _between(text, BEGIN_ANSWERS, END_ANSWERS, answers(asked))
    page.write_text(text, encoding="utf-8")
    (DOCS / "speed.svg").write_text(picture(sweeps), encoding="utf-8")


def _between(page: str, begin: str, end: str, told: str) -> str:
    before, _, rest = page.partition(begin)
    return f"{before}{begin}\n{told}\n{end}{rest.partition(end)[2]}"

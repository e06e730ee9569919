"""Pictures of the maps, with what a check found wrong or doubtful in red: two files a source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from ombud.app.loaded import Loaded
from ombud.datamap.model import SourceMap
from ombud.datamap.picture.mermaid import mermaid
from ombud.datamap.picture.seen import seen
from ombud.datamap.picture.svg import svg
from ombud.terms import Finding, Level

UNMAPPED = "not mapped"


def draw(
    loaded: Loaded, findings: Iterable[Finding], unmapped: Mapping[str, Iterable[str]], folder: Path
) -> list[Path]:
    """Write SOURCE.svg and SOURCE.mmd for each source into a folder, which is made; which files. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    doubtful = [finding for finding in findings if finding.level is not Level.ACCEPTED]
    written = []
    for name, source in loaded.datamap.sources.items():
        holes = dict(_holes(source, doubtful)) | dict.fromkeys(unmapped.get(name, ()), (UNMAPPED,))
        picture = seen(source, holes)
        for kind, text in (("svg", svg(picture)), ("mmd", mermaid(picture))):
            path = folder / f"{name}.{kind}"
            path.write_text(text, encoding="utf-8")
            written.append(path)
    return written


def _holes(source: SourceMap, findings: Iterable[Finding]) -> Mapping[str, tuple[str, ...]]:
    """By table, what findings stand between its first line and the next table's."""
    starts = sorted((table.place.line, table.name) for table in source.tables.values())
    files = {Path(table.place.file).name for table in source.tables.values()}
    found: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        if Path(finding.place.file).name in files:
            above = [name for line, name in starts if line <= finding.place.line]
            if above:
                found[above[-1]].append(f"{finding.code} {finding.message}")
    return {name: tuple(said) for name, said in found.items()}

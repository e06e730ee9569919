"""What the files beside an answer are, in words: readme.txt."""

from __future__ import annotations

from collections.abc import Mapping

from ombud.documents.extract import Extract
from ombud.documents.stated import Stated
from ombud.documents.whole import not_carried
from ombud.documents.words import day_in_words


def readme(
    extract: Extract,
    stated: Stated,
    names: Mapping[tuple[str, str], str],
    columns: Mapping[str, str],
    *,
    is_complete: bool,
) -> str:
    """The text of readme.txt: what is in which file, how exact values are read back, what is missing."""
    say = stated.say
    lines = [
        say("answer.title.port" if extract.kind == "port" else "answer.title", who=stated.policy.group),
        f"{say('case')}: {extract.request}",
        f"{say('date')}: {day_in_words(extract.day, stated.language)}",
        "",
    ]
    if not is_complete:
        lines += [say("incomplete.title")]
        if extract.unread:
            total = len(extract.read) + len(extract.unread)
            lines += [say("incomplete", read=len(extract.read), all=total, unread=", ".join(extract.unread))]
        if extract.perhaps:
            lines += [stated.counted("perhaps", extract.perhaps)]
        lines += [""]
    for (company, purpose), name in names.items():
        title = stated.purpose_title(company, purpose) if purpose else say("nowhere")
        lines += [name, f"    {stated.company(company)}: {title}"]
    if extract.not_carried:
        lines += ["", say("left_out"), *(f"    {each}" for each in not_carried(extract, stated)), ""]
    if extract.kind == "port":
        lines += ["data.json", f"    {say('readme.json')}"]
    lines += ["", say("readme.form"), "", say("readme.defused"), "", say("readme.json_text"), "", say("readme.columns")]
    lines += [f"    {name}: {says}" for name, says in columns.items()]
    return "\r\n".join((*lines, ""))

"""What clocks start from: a column, a parent's moment, the children's, a log's latest, another source's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ombud.datamap.model import FromChildren, FromColumn, Imported, Latest, MomentRule, Pick, Through
from ombud.datamap.parse.draft import DraftMoment, Scope
from ombud.datamap.parse.fields import Findings, entries, keys, text
from ombud.datamap.parse.owners import kind_of
from ombud.datamap.parse.times import columns
from ombud.datamap.parse.where import child_link, must_say, where
from ombud.datamap.parse.words import MOMENTS
from ombud.policy.tree import Entries, Entry, Node
from ombud.terms import Place

Said = Mapping[str, Entry]
Children = dict[tuple[str, str], DraftMoment]
"""Moments that a parent reads from a column of its children, by child and name."""


def moments(node: Node | None, scope: Scope, children: Children, findings: Findings) -> Mapping[str, DraftMoment]:
    """The moments that a table or a kind defines, by name."""
    if node is None:
        return {}
    found: dict[str, DraftMoment] = {}
    for entry in entries(node, "moments", findings):
        rule = _moment(entry, scope, children, findings)
        if rule is not None:
            found[entry.key] = DraftMoment(rule, entry.place)
    return found


def _moment(entry: Entry, scope: Scope, children: Children, findings: Findings) -> MomentRule | None:
    node = entry.node
    form = next((each for each in MOMENTS if isinstance(node, Entries) and node.get(each) is not None), "column")
    if isinstance(node, Entries) and form in ("latest", "first_of", "last_of", "through", "from"):
        said = keys(node, f"a moment by `{form}`", MOMENTS[form], findings)
        return _FORMS[form](entry, said, scope, children, findings)
    if isinstance(node, Entries) and node.get("column") is None:
        findings.add("M004", node.place, "this says no moment", f"write one of {', '.join(MOMENTS)}")
        return None
    read = columns(node, scope, findings)
    return FromColumn(read) if read else None


def _through(entry: Entry, said: Said, scope: Scope, children: Children, findings: Findings) -> MomentRule | None:
    link = text(said["through"].node, "a link", findings)
    moment = text(said["moment"].node, "a moment", findings) if "moment" in said else entry.key
    known = scope.links.get(scope.table, frozenset())
    if link is not None and link not in known:
        findings.unknown("M015", said["through"].node.place, "link", link, known)
        return None
    return Through(link, moment) if link and moment else None


def _from_children(pick: Pick) -> Callable[[Entry, Said, Scope, Children, Findings], MomentRule | None]:
    def read(entry: Entry, said: Said, scope: Scope, children: Children, findings: Findings) -> MomentRule | None:
        bridge = child_link(said[str(pick)].node, scope, findings)
        missing = must_say(said.get("if_none"), entry.place, "no row points here", scope, findings)
        if bridge is None:
            return None
        moment = _theirs(entry, said, bridge[0], scope, children, findings)
        tests = where(said["where"].node if "where" in said else None, bridge[0], scope, findings)
        return FromChildren(pick, *bridge, moment, tests, missing) if moment else None

    return read


def _latest(entry: Entry, said: Said, scope: Scope, children: Children, findings: Findings) -> MomentRule | None:
    bridge = child_link(said["latest"].node, scope, findings)
    missing = must_say(said.get("if_none"), entry.place, "no row points here", scope, findings)
    for key, why in (
        ("order", "nothing says which row is the latest"),
        ("when", "nothing says what the latest row means"),
    ):
        if key not in said:
            findings.add("M053", entry.place, why, f"add `{key}: …`")
    if bridge is None or "order" not in said or "when" not in said:
        return None
    order = text(said["order"].node, "a column", findings)
    tests = where(said["when"].node, bridge[0], scope, findings)
    moment = _theirs(entry, said, bridge[0], scope, children, findings)
    return Latest(*bridge, order, tests, moment, missing) if order and moment else None


def _imported(entry: Entry, said: Said, scope: Scope, children: Children, findings: Findings) -> MomentRule | None:
    source = text(said["from"].node, "a source", findings)
    if "match" not in said:
        findings.add("M005", entry.place, "nothing says by which identifier", "add `match: email`")
        return None
    kind = kind_of(said["match"].node, findings)
    subject = text(said["subject"].node, "a subject", findings) if "subject" in said else ""
    moment = text(said["moment"].node, "a moment", findings) if "moment" in said else entry.key
    missing = must_say(said.get("if_none"), entry.place, "the other source has no such person", scope, findings)
    if source is None or kind is None or subject is None or moment is None:
        return None
    return Imported(source, subject, moment, kind, missing)


_FORMS: Mapping[str, Callable[[Entry, Said, Scope, Children, Findings], MomentRule | None]] = {
    "through": _through,
    "first_of": _from_children(Pick.FIRST_OF),
    "last_of": _from_children(Pick.LAST_OF),
    "latest": _latest,
    "from": _imported,
}


def _theirs(entry: Entry, said: Said, child: str, scope: Scope, children: Children, findings: Findings) -> str | None:
    """The child's moment by name, or one made for it from the child's column."""
    if "moment" in said and "column" in said:
        findings.add("M004", said["column"].place, "`moment` and `column` say it twice", "leave one of them out")
    if "column" not in said:
        return text(said["moment"].node, "a moment", findings) if "moment" in said else entry.key
    read = columns(said["column"].node, Scope(scope.said, child, scope.links), findings)
    if not read:
        return None
    name = f"{scope.table}.{entry.key}"
    return _added(children, (child, name), DraftMoment(FromColumn(read), said["column"].place), entry.place)


def _added(children: Children, at: tuple[str, str], moment: DraftMoment, place: Place) -> str:
    """Two kinds may each read their own column under one name: the place tells them apart."""
    known = children.get(at)
    if known is not None and known.rule != moment.rule:
        at = (at[0], f"{at[1]}.{place.line}")
    children[at] = moment
    return at[1]

"""From policy files to a checked policy: read, fit, resolve, refine, hold against the floor, review."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ombud.policy import vocabulary
from ombud.policy.fit import check
from ombud.policy.floor import below
from ombud.policy.grammar import COMPANY_FILE, GROUP
from ombud.policy.known import KINDS, Reading, declared, rows, text
from ombud.policy.model import TEXT, Accepted, Category, Clock, Company, EndOf, Policy, Purpose
from ombud.policy.purposes import merge, purpose
from ombud.policy.review import review
from ombud.policy.shape import day
from ombud.policy.tree import Entries, Items, Scalar, guess, read, text_of
from ombud.terms import Finding, Level, Place

Loaded = tuple[Policy | None, tuple[Finding, ...]]

GROUP_FILE = "group.yaml"


def load(directory: Path) -> Loaded:
    """Load the policy of a directory: `group.yaml` and one file for each company that differs.

    Gives the policy, or None where any finding is an error, and the findings in the order of files and lines.
    """
    files: dict[str, str] = {}
    findings: list[Finding] = []
    try:
        found = sorted(
            path for path in directory.iterdir() if path.suffix in (".yaml", ".yml") and not path.name.startswith(".")
        )
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        return None, (
            Finding(
                "P001", Place(str(directory)), f"no policy directory here: {reason}", "name the directory of group.yaml"
            ),
        )
    for path in found:
        try:
            files[path.name] = text_of(path)
        except UnicodeDecodeError:
            findings.append(Finding("P001", Place(path.name), "the file is not text", "save it as UTF-8"))
        except OSError as error:
            findings.append(
                Finding("P001", Place(path.name), f"the file cannot be read: {error.strerror}", "check the file")
            )
    findings.extend(_passed_over(directory, found))
    return _load(files, findings)


def _passed_over(directory: Path, read: Iterable[Path]) -> Iterator[Finding]:
    """Files that look like a policy and are none, for where they lie or how they are called."""
    for folder, _, names in os.walk(directory):
        for path in (Path(folder, name) for name in sorted(names)):
            if path.suffix.lower() in (".yaml", ".yml") and not path.name.startswith(".") and path not in read:
                place = Place(str(path.relative_to(directory)))
                hint = "a policy's files lie in its folder itself, and their names end in .yaml or .yml"
                yield Finding("P016", place, "this file is not read", hint, Level.WARNING)


def load_text(files: Mapping[str, str]) -> Loaded:
    """The same from texts by file name."""
    return _load(files, [])


def _load(files: Mapping[str, str], unread: list[Finding]) -> Loaded:
    trees, findings = _trees(files)
    findings = [*unread, *findings]
    raw_group = trees.pop(GROUP_FILE, None)
    if raw_group is None:
        if not any(finding.place.file == GROUP_FILE for finding in findings):
            findings.append(
                Finding("P001", Place(GROUP_FILE), "there is no group.yaml", guess(GROUP_FILE, tuple(files)))
            )
        return None, _sorted(findings)
    fitted, shape_findings = check(raw_group, GROUP)
    findings.extend(shape_findings)
    reading = Reading(declared(raw_group))
    own = _company_files(trees, reading, findings)
    if not isinstance(fitted, Entries):
        fitted = _whatever_fits(raw_group)
    policy, allowed = _resolve(fitted, own, reading)
    findings.extend(reading.findings)
    if _refused(findings):
        return None, _sorted(findings)
    categories = reading.names.get("categories", frozenset())
    findings.extend(below(policy, allowed, categories, {company: file.place for company, file in own.items()}))
    findings.extend(review(policy, allowed, fitted.place))
    if _refused(findings):
        return None, _sorted(findings)
    told = _sorted(findings)
    return replace(policy, findings=told), told


def _trees(files: Mapping[str, str]) -> tuple[dict[str, Entries], list[Finding]]:
    trees: dict[str, Entries] = {}
    findings: list[Finding] = []
    for name, said in files.items():
        node, found = read(name, said)
        findings.extend(found)
        if isinstance(node, Entries):
            trees[name] = node
        elif node is not None:
            findings.append(Finding("P008", node.place, "a policy file is a mapping of keys", "write `key: value`"))
    return trees, findings


def _whatever_fits(raw: Entries) -> Entries:
    """The parts of a group file that are well formed, where something it needs is missing."""
    kept = []
    for entry in raw.entries:
        key = GROUP.keys.get(entry.key)
        node = check(entry.node, key.shape)[0] if key is not None else None
        if node is not None:
            kept.append(replace(entry, node=node))
    return Entries(raw.place, tuple(kept))


def _company_files(trees: Mapping[str, Entries], reading: Reading, findings: list[Finding]) -> dict[str, Entries]:
    own: dict[str, Entries] = {}
    for raw in trees.values():
        if "group" in {entry.key for entry in raw.entries}:
            findings.append(
                Finding("P016", raw.place, "a second policy of the group", f"it stands in {GROUP_FILE}; remove one")
            )
            continue
        fitted, found = check(raw, COMPANY_FILE)
        findings.extend(found)
        company = raw.get("company")
        known = reading.term("companies", company)
        if known is None or not isinstance(company, Scalar):
            continue
        if known in own:
            first = own[known].place.file
            findings.append(
                Finding("P015", company.place, f"{known} has a policy in {first} already", "one file for each company")
            )
            continue
        own[known] = fitted if isinstance(fitted, Entries) else Entries(raw.place, ())
        if not isinstance(fitted, Entries):
            findings.append(
                Finding("P016", raw.place, f"the policy of {known} cannot be read", "mend what is found in it")
            )
    return own


def _refused(findings: list[Finding]) -> bool:
    return any(finding.level is Level.ERROR for finding in findings)


def _resolve(
    group: Entries, own: Mapping[str, Entries], reading: Reading
) -> tuple[Policy, dict[str, dict[str, Purpose]]]:
    """The policy, and what the group alone would have each company do."""
    companies = vocabulary.companies(group, reading)
    categories = vocabulary.categories(group, reading)
    reading.names["categories"] = reading.names.get("categories", frozenset()) | {TEXT}
    policy = Policy(
        zone=vocabulary.zone(group, reading),
        companies=companies,
        purposes={},
        categories=categories,
        moments=vocabulary.moments(group),
        states=vocabulary.states(group, reading),
        recipients=vocabulary.recipients(group, reading),
        undo=vocabulary.days(group, "undo", 30, reading),
        reconcile=vocabulary.days(group, "reconcile", 7, reading),
        group=text(group.get("group")),
        version=text(group.get("version")),
        dated=day(text(group.get("dated"))),
        organisation=vocabulary.organisation(group, reading),
        regions=vocabulary.regions(group),
        agreements=vocabulary.agreements(group),
        accepted=_accepted(group, None),
    )
    stated = {name: (place, said) for name, place, said in rows(group, "purposes")}
    for name, (place, said) in stated.items():
        purpose(name, place, said, reading)
    allowed: dict[str, dict[str, Purpose]] = {}
    asked: dict[str, dict[str, Purpose]] = {}
    for company in companies:
        has = {name: pair for name, pair in stated.items() if _has(company, pair[1], reading)}
        allowed[company] = _purposes(has, reading)
        file = own.get(company)
        if file is None:
            asked[company] = dict(allowed[company])
            continue
        policy, inside = _own_words(policy, company, file, reading)
        asked[company] = _purposes(_refined(has, file, stated, inside), inside)
        reading.findings.extend(f for f in inside.findings if f not in reading.findings)
    policy = replace(policy, purposes=asked)
    _years_are_listed(policy, reading)
    return policy, allowed


def _has(company: str, said: Entries, reading: Reading) -> bool:
    only = said.get("companies")
    return only is None or company in reading.terms("companies", only)


def _purposes(said: Mapping[str, tuple[Place, Entries]], reading: Reading) -> dict[str, Purpose]:
    found = {name: purpose(name, place, entries, reading) for name, (place, entries) in said.items()}
    return {name: one for name, one in found.items() if one is not None}


def _refined(
    has: Mapping[str, tuple[Place, Entries]], file: Entries, stated: Mapping[str, object], reading: Reading
) -> dict[str, tuple[Place, Entries]]:
    found = dict(has)
    table = file.get("purposes")
    for entry in table.entries if isinstance(table, Entries) else ():
        if isinstance(entry.node, Scalar):
            if entry.key not in stated:
                reading.add(
                    "P012", entry.place, f"the group has no purpose {entry.key}", guess(entry.key, dict(stated))
                )
            found.pop(entry.key, None)
        elif isinstance(entry.node, Entries) and entry.key in has:
            found[entry.key] = (entry.place, merge(has[entry.key][1], entry.node, entry.place))
        elif isinstance(entry.node, Entries):
            found[entry.key] = (entry.place, entry.node)
    return found


def _own_words(policy: Policy, company: str, file: Entries, reading: Reading) -> tuple[Policy, Reading]:
    """The policy with a company's own words added, and what that company's file may name."""
    added = declared(file)
    none: frozenset[str] = frozenset()
    inside = Reading({kind: reading.names.get(kind, none) | added.get(kind, none) for kind in KINDS})
    for kind in ("regions", "agreements", "recipients"):
        for name, place, _ in rows(file, kind):
            if name in reading.names.get(kind, frozenset()) or name in getattr(policy, kind):
                inside.add("P017", place, f"{name} is one of the {kind} already", "name it otherwise, or leave it out")
    own_categories: dict[str, Category] = vocabulary.categories(file, inside, policy.categories)
    one: Company = policy.companies[company]
    refined = replace(one, version=text(file.get("version")), dated=day(text(file.get("dated"))))
    return (
        replace(
            policy,
            companies={**policy.companies, company: refined},
            categories=own_categories,
            regions={**policy.regions, **vocabulary.regions(file)},
            agreements={**policy.agreements, **vocabulary.agreements(file)},
            recipients={**policy.recipients, **vocabulary.recipients(file, inside)},
            accepted=(*policy.accepted, *_accepted(file, company)),
        ),
        inside,
    )


def _accepted(tree: Entries, company: str | None) -> tuple[Accepted, ...]:
    node = tree.get("accepted")
    return tuple(
        Accepted(
            text(said.get("code")),
            text(said.get("at")),
            text(said.get("reason")),
            company,
            day(text(said.get("review"))),
            said.place,
        )
        for said in (node.nodes if isinstance(node, Items) else ())
        if isinstance(said, Entries)
    )


def _years_are_listed(policy: Policy, reading: Reading) -> None:
    for company, purposes in policy.purposes.items():
        if policy.companies[company].fiscal_years:
            continue
        for one in purposes.values():
            if isinstance(one.keep, Clock) and EndOf("fiscal_year") in one.keep.steps:
                message = f"{one.id} counts fiscal years, and {company} lists none"
                reading.add("P013", one.place, message, f"add fiscal_years: to companies: {company}")


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(unique, key=lambda f: (f.place.file != GROUP_FILE, f.place.file, f.place.line, f.place.column, f.code))
    )

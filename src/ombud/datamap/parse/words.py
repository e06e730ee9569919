"""Every key of the language, with what it says: unknown keys are answered from here."""

from __future__ import annotations

from collections.abc import Mapping

Keys = Mapping[str, str]

SOURCE: Keys = {
    "source": "the database's name in ombud.yaml",
    "company": "whose the rows are",
    "subjects": "sorts of persons that have a row of their own",
    "tables": "the mapped tables",
    "key": "the primary key, where a table says nothing else",
    "prefix": "what stands before each table's name in the database",
    "times": "how days and instants are written",
    "absent": "values that say that nothing has happened",
    "grace": "days that a row must be old before `if_none: none` is believed",
    "if_none": "what a missing thing means: not_yet, unknown or none",
    "purposes": "purposes bound on tables that neither say nor inherit theirs",
    "provenance": "provided by the person, or observed",
    "not_personal": "patterns of tables to leave, and of columns that are not personal",
    "titles": "what columns are called in letters, by language, where a table says nothing else",
    "for_each": "what differs between databases of one product",
}
TABLE: Keys = {
    "table": "its name in the database, where that is not the prefix and its name here",
    "key": "the primary key: a column, a list, or [] for none",
    "owner": "whom a row is about",
    "via": "the link to the parent that owner, company, purposes and moments come from",
    "company": "whose the rows are",
    "links": "references to other tables",
    "purposes": "which purposes hold its rows and cells",
    "columns": "the personal columns",
    "not_personal": "columns that are not personal",
    "moments": "what the clocks start from",
    "born": "the column that says when the row was made, or unknown",
    "grace": "days that a row must be old before `if_none: none` is believed",
    "kinds": "different sorts of row in one table",
    "key_values": "a table of keys and values",
    "marks": "consent read from the row",
    "mentions": "persons who may see the row without owning it",
    "follows": "the link to the row whose claims this one has",
    "copy_of": "the link to the row that this one is a copy of",
    "disclosed": "that each row was handed to a recipient: to whom, and when",
    "personal": "none: the table is left alone",
    "titles": "what its columns are called in letters, by language",
    "provenance": "provided by the person, or observed",
}
LEFT_ALONE = frozenset({"table", "key", "links", "company", "moments", "personal", "via"})
"""What a table with `personal: none` may say."""
KIND: Keys = {
    "when": "tests that a row of this kind passes",
    "purposes": TABLE["purposes"],
    "moments": TABLE["moments"],
    "columns": TABLE["columns"],
}
KEY_VALUES: Keys = {
    "key": "the column that holds the key",
    "value": "the column that holds the value",
    "keys": "the personal keys, each with what its value holds",
    "not_personal": "keys whose values are not personal",
}
COMPANY: Keys = {
    "column": "the column that says whose the row is",
    "values": "which value is which company",
    "through": "the link to the row whose company it is",
}
TIMES: Keys = {
    "encoding": "how it is written",
    "zone": "UTC or the policy's zone",
    "columns": "patterns of columns that are written otherwise",
}
TIME: Keys = {
    "column": "the column",
    "encoding": TIMES["encoding"],
    "zone": TIMES["zone"],
    "absent": SOURCE["absent"],
    "else": "columns tried in turn where the first says nothing",
}
MOMENTS: Mapping[str, Keys] = {
    "through": {"through": "a link", "moment": "the moment of that row"},
    "first_of": {
        "first_of": "table.link",
        "moment": "their moment",
        "column": "their column",
        "where": "which rows count",
        "if_none": SOURCE["if_none"],
    },
    "last_of": {
        "last_of": "table.link",
        "moment": "their moment",
        "column": "their column",
        "where": "which rows count",
        "if_none": SOURCE["if_none"],
    },
    "latest": {
        "latest": "table.link",
        "order": "the column that orders the log",
        "when": "what the latest row must say",
        "moment": "its moment",
        "column": "its column",
        "if_none": SOURCE["if_none"],
    },
    "from": {
        "from": "a source",
        "match": "the kind of identifier",
        "subject": "whose moment",
        "moment": "which moment",
        "if_none": SOURCE["if_none"],
    },
    "column": TIME,
}
"""The forms of a moment, by the key that tells them apart; `column` stands in some of the others too."""
LINK: Keys = {
    "to": "the table",
    "by": "this row's columns",
    "target": "their columns",
    "if_none": SOURCE["if_none"],
    "absent": "values that are no reference, as NULL is none; the first is written by unlink",
    "gone": "unlink or shell",
    "when": "tests without which there is no such link",
    "rest": "what of rows that no such link fits: nobody",
}
LINK_BY_TYPE: Keys = {
    "by": LINK["by"],
    "type": "the column that says which table",
    "to": "which value is which table",
    "rest": "what of other values: nobody or unknown",
    "if_none": SOURCE["if_none"],
    "absent": LINK["absent"],
    "gone": LINK["gone"],
}
LINK_BY_IDENTIFIER: Keys = {
    "to": "the subject",
    "match": "the kind of identifier",
    "in": "the column that holds it",
    "carries": "rights or clocks",
    "if_none": SOURCE["if_none"],
}
OWNERS: Mapping[str, Keys] = {
    "each": {"each": "table.link", "if_none": SOURCE["if_none"]},
    "identifier": {
        "identifier": "the kind of identifier",
        "in": "the column that holds it",
        "when": "tests without which the column holds no such identifier, and names nobody",
        "if_none": SOURCE["if_none"],
    },
}
COLUMN: Keys = {
    "holds": "the category",
    "of": "whom this cell is about",
    "else": "whom it is about when `of` names nobody: owner, nobody or review",
    "erase": "what it holds when it is erased",
    "then": "further columns to set when it is erased",
    "provenance": TABLE["provenance"],
    "json": "paths in a JSON document, each with what it holds",
    "file": "the store of the file that it names",
}
ERASE: Keys = {"to": "the value to write", "unique": "the text that the row's key is written after"}
MARK: Keys = {
    "consented": "the column of the day consent was given",
    "withdrawn": "the column of the day it was withdrawn",
}
DISCLOSED: Keys = {
    "to": "the recipient, or the column that says which",
    "day": "the column of the day on which it was handed over; empty: not yet",
    "name": "the column, or link.column, of the recipient's own name",
    "known_as": "the column by which the recipient knows the person",
}
RECIPIENT: Keys = {
    "column": "the column, or link.column, that says to whom",
    "values": "which value is which recipient",
}
SUBJECT: Keys = {
    "table": "its table",
    "key": "that table's key",
    "identifiers": "the columns that hold its identifiers",
    "protected": "where the flag of a protected identity stands",
}
PROTECTED: Keys = {
    "in": "the column, or table.column of a child",
    "unless": "the values that are no flag; every other is one",
    "link": "the child's link to the person",
    "where": "which rows of the child",
}
IDENTIFIER: Keys = {
    "in": "the column, or table.column of a child",
    "link": "the child's link to the person",
    "where": "which rows of the child",
    "former": "true: it matches, and is never written",
}

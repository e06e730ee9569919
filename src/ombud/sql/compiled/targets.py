"""What each engine says in its own way: one table of words an engine, of functions that its own reference describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ombud.sql.compiled.neutral import (
    BARE,
    CLOCK,
    CLOCK_TEXT,
    DAY,
    DAY_TEXT,
    EXACT,
    INSTANT,
    INSTANT_TEXT,
    LENGTH,
)


@dataclass(frozen=True, slots=True)
class Target:
    """An engine on which ombud does not run. `grammar` is what sqlglot calls it.

    `words` say the neutral form's words, with `x` for what they are about; of a day, a time and an instant, `{}` is the
    text. None: it cannot be said, and `lacks` tells why. `text` is the type of ombud's own texts, `longest` how many
    bytes a name may have. `pads`: blanks at the end of a text do not count where texts are compared. `nothing` stands
    for the empty text in ombud's own columns, where the engine has none. `national`: a literal that is not ASCII is
    whole only with N. `folds`: names that differ by case alone are one. `truth`: a condition can be TRUE.
    `needs_where`: an UPDATE or DELETE of all rows has to say so. `most`: so many values a list holds (0: any number).
    `beware` is what its reference says that it does not plan, and what has to be so for statements to mean this.
    """

    name: str
    title: str
    grammar: str
    words: Mapping[str, str | None]
    text: str
    longest: int
    beware: tuple[str, ...]
    lacks: Mapping[str, str] = field(default_factory=dict)
    pads: bool = False
    nothing: str = ""
    national: bool = False
    folds: bool = True
    truth: bool = True
    needs_where: bool = False
    most: int = 0


_ISO = "'YYYY-MM-DD HH24:MI:SS.FF6'"

SQL_SERVER = Target(
    name="sqlserver",
    title="SQL Server 2022",
    grammar="tsql",
    words={
        EXACT: "x COLLATE Latin1_General_100_BIN2",
        DAY_TEXT: "CONVERT(NVARCHAR(10), x, 23)",
        CLOCK_TEXT: "CONVERT(NVARCHAR(27), x, 121)",
        INSTANT_TEXT: "CONVERT(NVARCHAR(27), CAST(SWITCHOFFSET(x, '+00:00') AS DATETIME2), 121)",
        DAY: "CAST('{}' AS DATE)",
        CLOCK: "CAST('{}' AS DATETIME2)",
        INSTANT: "CAST('{} +00:00' AS DATETIMEOFFSET)",
        BARE: "RTRIM(x, '.')",
        LENGTH: "LEN(x + '.') - 1",
    },
    text="NVARCHAR(MAX)",
    longest=128,
    pads=True,
    national=True,
    truth=False,
    beware=(
        "ombud's own columns of text must be NVARCHAR with the collation Latin1_General_100_BIN2.",
        "RTRIM with characters needs SQL Server 2022, at compatibility level 160.",
    ),
)

ORACLE = Target(
    name="oracle",
    title="Oracle Database 19c",
    grammar="oracle",
    words={
        EXACT: "x COLLATE BINARY",
        DAY_TEXT: "TO_CHAR(x, 'YYYY-MM-DD')",
        CLOCK_TEXT: f"TO_CHAR(CAST(x AS TIMESTAMP), {_ISO})",
        INSTANT_TEXT: f"TO_CHAR(SYS_EXTRACT_UTC(x), {_ISO})",
        DAY: "TO_DATE('{}', 'YYYY-MM-DD')",
        CLOCK: "TO_TIMESTAMP('{}', 'YYYY-MM-DD HH24:MI:SS')",
        INSTANT: "FROM_TZ(TO_TIMESTAMP('{}', 'YYYY-MM-DD HH24:MI:SS'), '+00:00')",
        BARE: "RTRIM(x, '.')",
        LENGTH: "LENGTH(x)",
    },
    text="VARCHAR2(4000)",
    longest=128,
    nothing="\u241e",
    folds=False,
    truth=False,
    most=1000,
    beware=(
        "The empty text is NULL here: in ombud's own columns U+241E (\u241e) stands for it.",
        "A column of CLOB does not compare: a statement over one fails.",
    ),
)

SNOWFLAKE = Target(
    name="snowflake",
    title="Snowflake",
    grammar="snowflake",
    words={
        EXACT: "COLLATE(x, 'utf8')",
        DAY_TEXT: "TO_CHAR(x, 'YYYY-MM-DD')",
        CLOCK_TEXT: f"TO_CHAR(x, {_ISO})",
        INSTANT_TEXT: f"TO_CHAR(CONVERT_TIMEZONE('UTC', x), {_ISO})",
        DAY: "TO_DATE('{}', 'YYYY-MM-DD')",
        CLOCK: "TO_TIMESTAMP_NTZ('{}', 'YYYY-MM-DD HH24:MI:SS')",
        INSTANT: "TO_TIMESTAMP_TZ('{} +00:00', 'YYYY-MM-DD HH24:MI:SS TZH:TZM')",
        BARE: "RTRIM(x, '.')",
        LENGTH: "LENGTH(x)",
    },
    text="VARCHAR",
    longest=255,
    folds=False,
    beware=(
        "Correlated subqueries are planned only where they can be made joins; one with a LIMIT is not.",
        "Names are quoted: a table that was made without quotes has a name in capitals here.",
    ),
)

BIGQUERY = Target(
    name="bigquery",
    title="BigQuery",
    grammar="bigquery",
    words={
        EXACT: "COLLATE(x, '')",
        DAY_TEXT: "CAST(x AS STRING)",
        CLOCK_TEXT: "CAST(x AS STRING)",
        INSTANT_TEXT: "CAST(DATETIME(x, 'UTC') AS STRING)",
        DAY: "CAST('{}' AS DATE)",
        CLOCK: "CAST('{}' AS DATETIME)",
        INSTANT: "CAST('{}+00:00' AS TIMESTAMP)",
        BARE: "RTRIM(x, '.')",
        LENGTH: "LENGTH(x)",
    },
    text="STRING",
    longest=300,
    needs_where=True,
    beware=("Correlated subqueries are planned only where they can be made joins: an equality of columns leads in.",),
)

TRINO = Target(
    name="trino",
    title="Trino",
    grammar="trino",
    words={
        EXACT: "x",
        DAY_TEXT: "CAST(x AS VARCHAR)",
        CLOCK_TEXT: "CAST(x AS VARCHAR)",
        INSTANT_TEXT: "CAST(CAST(x AT TIME ZONE 'UTC' AS TIMESTAMP(6)) AS VARCHAR)",
        DAY: "CAST('{}' AS DATE)",
        CLOCK: "CAST('{}' AS TIMESTAMP)",
        INSTANT: "CAST('{} UTC' AS TIMESTAMP WITH TIME ZONE)",
        BARE: "TRIM(TRAILING '.' FROM x)",
        LENGTH: "LENGTH(x)",
    },
    text="VARCHAR",
    longest=255,
    beware=("Which tables take UPDATE and DELETE, and which two changes are one transaction, its connector says.",),
)

DATABRICKS = Target(
    name="databricks",
    title="Databricks",
    grammar="databricks",
    words={
        EXACT: "x COLLATE UTF8_BINARY",
        DAY_TEXT: "DATE_FORMAT(x, 'yyyy-MM-dd')",
        CLOCK_TEXT: "DATE_FORMAT(x, 'yyyy-MM-dd HH:mm:ss.SSSSSS')",
        INSTANT_TEXT: None,
        DAY: "CAST('{}' AS DATE)",
        CLOCK: "CAST('{}' AS TIMESTAMP_NTZ)",
        INSTANT: "CAST('{}+00:00' AS TIMESTAMP)",
        BARE: "TRIM(TRAILING '.' FROM x)",
        LENGTH: "CHAR_LENGTH(x)",
    },
    lacks={INSTANT_TEXT: "an instant has a text in the session's time zone alone, where one hour a year is two"},
    text="STRING",
    longest=255,
    beware=(
        "A timestamp without a zone must be TIMESTAMP_NTZ, and COLLATE needs runtime 16.",
        "An UPDATE may take no subquery in SET, and a statement is a transaction of its own.",
    ),
)

REDSHIFT = Target(
    name="redshift",
    title="Amazon Redshift",
    grammar="redshift",
    words={
        EXACT: "COLLATE(x, 'case_sensitive')",
        DAY_TEXT: "TO_CHAR(x, 'YYYY-MM-DD')",
        CLOCK_TEXT: "TO_CHAR(x, 'YYYY-MM-DD HH24:MI:SS.US')",
        INSTANT_TEXT: "TO_CHAR(x AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        DAY: "CAST('{}' AS DATE)",
        CLOCK: "CAST('{}' AS TIMESTAMP)",
        INSTANT: "CAST('{}+00' AS TIMESTAMPTZ)",
        BARE: "RTRIM(x, '.')",
        LENGTH: "LENGTH(x)",
    },
    text="VARCHAR(65535)",
    longest=127,
    pads=True,
    beware=(
        "A reference from a subquery past the query around it is not planned: such a statement fails.",
        "Names are folded to lower case, quoted ones too, unless enable_case_sensitive_identifier is on.",
    ),
)

TARGETS: Mapping[str, Target] = {
    each.name: each for each in (SQL_SERVER, ORACLE, SNOWFLAKE, BIGQUERY, TRINO, DATABRICKS, REDSHIFT)
}

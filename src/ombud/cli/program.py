"""The program `ombud`: its commands, and how every one of them ends."""

from __future__ import annotations

import click

import ombud
from ombud.cli.apply import apply
from ombud.cli.check import check
from ombud.cli.consent import consent
from ombud.cli.demo import demo
from ombud.cli.discover import discover
from ombud.cli.draft import draft
from ombud.cli.explain import explain
from ombud.cli.format import format_files
from ombud.cli.mark import mark
from ombud.cli.models import models
from ombud.cli.plan import plan
from ombud.cli.population import population
from ombud.cli.recipients import recipients
from ombud.cli.request import request
from ombud.cli.share import share
from ombud.cli.sql import sql
from ombud.cli.suppress import suppress


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(ombud.__version__, message="ombud %(version)s")
def program() -> None:
    """Make a group of companies keep its own privacy policy.

    A datum lives as long as a live claim covers it. Nothing is changed without `apply`.

    \b
    Start here:
      ombud demo --dir tryout      a group with six databases of invented people
      cd tryout && ombud check     its policy and its data maps

    Exit codes: 0 done, 1 findings or refusal, 2 wrong use.
    """


COMMANDS = (
    *(discover, draft, models, format_files, check, plan, apply, explain, mark, consent, suppress, request),
    *(population, share, recipients, sql, demo),
)

for command in COMMANDS:
    program.add_command(command)


def main() -> None:
    """Run the command line."""
    program(prog_name="ombud")

from __future__ import annotations
import click
from ombud.cli.command import Session, options


@click.command()
@options
def explain(session: Session) -> int:
    """x"""
    return 0

"""The tree of commands, and the one place where a Problem becomes a sentence and an exit status."""

import logging
import sys
from collections.abc import Sequence

import typer

from gridworker import __version__
from gridworker.errors import Problem

USAGE_ERROR = 2
PROBLEM = 1


def build() -> typer.Typer:
    """All commands."""
    from gridworker.cli import (
        attachment,
        audit,
        backup,
        bundle,
        conflict,
        demo,
        device,
        erase,
        grid,
        key,
        office,
        passphrase,
        record,
        roster,
        store,
        tour,
    )  # fmt: skip

    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.command("version")(_version)
    for group in (office, grid, device, roster, record, attachment, bundle, conflict, key, passphrase):
        app.add_typer(group.commands, name=group.__name__.rpartition(".")[2])
    store.add_to(app)
    erase.add_to(app)
    audit.add_to(app)
    backup.add_to(app)
    app.command("demo")(demo.demo)
    app.command("tour")(tour.tour)
    return app


def run(arguments: Sequence[str]) -> int:
    """Run one command."""
    try:
        result = build()(args=list(arguments), prog_name="gridworker", standalone_mode=False)
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return PROBLEM
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            from gridworker.cli.usage import sentence

            sys.stderr.write(f"{sentence(error)}\n")
            return int(error.exit_code)
        logging.getLogger("gridworker").exception("A command failed")
        raise
    return result if isinstance(result, int) else 0


def _version() -> None:
    """Print the version of the program."""
    typer.echo(__version__)

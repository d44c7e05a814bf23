"""The tree of commands, and the one place where a Problem becomes a sentence and an exit status."""

import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from gridworker import __version__
from gridworker.cli import STOPPED
from gridworker.cli.frame import Json, answer, leaving_no_empty_folder
from gridworker.cli.help import HELP, page
from gridworker.errors import Problem
from gridworker.text import gettext

VERSION = "--version"
USAGE_ERROR = 2
PROBLEM = 1
BUG = 70
"""As sysexits.h has it: a fault of the program itself."""


def build() -> typer.Typer:
    """All commands."""
    from gridworker.cli import (
        attachment,
        audit,
        backup,
        bundle,
        conflict,
        consent,
        demo,
        device,
        draft,
        erase,
        grid,
        handover,
        key,
        office,
        passphrase,
        person,
        preset,
        record,
        retention,
        roster,
        store,
        tour,
    )  # fmt: skip

    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Know every household, act at the first moment, lose nothing on the way to the office. Without a command "
        "the window opens; --dir alone opens it on another data folder.",
    )
    app.command()(version)
    groups = (
        office,
        grid,
        device,
        roster,
        preset,
        record,
        person,
        consent,
        handover,
        draft,
        attachment,
        bundle,
        conflict,
        key,
        passphrase,
        retention,
    )
    for group in groups:
        app.add_typer(group.commands, name=group.__name__.rpartition(".")[2])
    store.add_to(app)
    erase.add_to(app)
    audit.add_to(app)
    backup.add_to(app)
    app.command("demo")(demo.demo)
    app.command("tour")(tour.tour)
    return app


def tree() -> Any:
    """The same, as the parser takes it."""
    built = typer.main.get_command(build())
    _leave_reading_to_commands(built)
    return built


def _leave_reading_to_commands(command: Any) -> None:
    """Whether a place may be read tells who opens it, by name. The parser would say that it was typed wrongly."""
    for one in command.params:
        if hasattr(one.type_descriptor.parameter_info, "readable"):
            one.type_descriptor.parameter_info.readable = False
    for below in getattr(command, "commands", {}).values():
        _leave_reading_to_commands(below)


def run(arguments: Sequence[str]) -> int:
    """Run one command."""
    _keep_engine_quiet()
    try:
        _require_readable(arguments)
        commands = tree()
        given = ["version"] if list(arguments) == [VERSION] else list(arguments)
        told = page(commands, given)
        if told is not None:
            sys.stdout.write(told)
            sys.stdout.flush()
            return 0 if HELP & set(given) else USAGE_ERROR
        with leaving_no_empty_folder():
            result = commands(args=given, prog_name="gridworker", standalone_mode=False)
        sys.stdout.flush()
    except Problem as problem:
        sys.stderr.write(f"{problem}\n")
        return PROBLEM
    except (typer.Abort, KeyboardInterrupt):
        return _stopped()
    except OSError as error:
        return _disk_or_pipe(error)
    except Exception as error:  # noqa: BLE001 - a fault of the program is told like one of the person's
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            from gridworker.cli.usage import sentence

            sys.stderr.write(f"{sentence(error)}\n")
            return int(error.exit_code)
        return _bug(error)
    if result == STOPPED:  # what the parser makes of Ctrl C
        return _stopped()
    return result if isinstance(result, int) else 0


def _keep_engine_quiet() -> None:
    """What is stopped while a store is being closed is told in a word here, not in the pages of the engine's log."""
    engine = logging.getLogger("sqlalchemy")
    if not engine.handlers:
        engine.addHandler(logging.NullHandler())


def _bug(fault: Exception) -> int:
    """A fault of the program: where it is, without what the exception says, which may be what somebody typed."""
    from gridworker.app.files.bug_log import without_words, write_down
    from gridworker.paths import log_file

    write_down(fault)
    told = gettext("Something in the program went wrong. What was saved is safe. Where it was is in the log: {file}")
    sys.stderr.write(f"{without_words(fault)}\n{told.format(file=log_file())}\n")
    return BUG


def _stopped() -> int:
    sys.stderr.write(f"{gettext('Stopped.')}\n")
    return STOPPED


def _require_readable(arguments: Sequence[str]) -> None:
    """Raise Problem for what the system handed over as bytes that are no text: it could be neither kept nor shown."""
    for argument in arguments:
        if not argument.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in argument):
            shown = argument.encode("utf-8", "replace").decode()
            raise Problem("“{name}” holds signs that cannot be read here. Nothing was changed.", name=shown)


def _disk_or_pipe(error: OSError) -> int:
    """A file that the system refused; or nobody takes the answer, after all was done."""
    if error.filename is not None:
        from gridworker.app.words.file_trouble import file_trouble

        sys.stderr.write(f"{file_trouble(error)}\n")
        return PROBLEM
    sys.stderr.write(f"{gettext('The answer could not be written out; what was asked for has been done.')}\n")
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - what is left in it goes nowhere at exit
    return PROBLEM


def version(as_json: Json = False) -> None:
    """Print the version of the program."""
    answer({"version": __version__}, as_json=as_json, lines=[__version__])

"""What all commands share: the options, the passphrase, opening the workspace, answering."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from gridworker.errors import Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

PASSPHRASE = "GRIDWORKER_PASSPHRASE"
MAX_NUMBER = 2**63 - 1
"""No record and no laptop has a higher number."""
SMALL = 4096
"""Bytes that a file with a passphrase or a code may have."""

Dir: TypeAlias = Annotated[Path | None, typer.Option("--dir", help="The data folder; without it, that of this user.")]
PassphraseFile: TypeAlias = Annotated[
    Path | None, typer.Option("--passphrase-file", help="A file whose first line is the passphrase.")
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def file_or_folder(given: str) -> Path:
    """Where something is written: a name that ends in a slash is a folder, and made where it is missing.

    A path alone forgets the slash, and a first bundle for ``stick/`` would be a file called so. Raises Problem.
    """
    if not given.strip():
        raise Problem("Name the file or the folder to write to.")
    path = Path(given)
    if given.endswith(("/", os.sep)):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise Problem("The folder {folder} cannot be made.", folder=given) from fault
    return path


def folder(given: Path | None) -> Path:
    """The data folder: the one named, or this user's."""
    from gridworker.paths import default_folder

    return given or default_folder()


def new_passphrase(file: Path | None) -> str:
    """A passphrase for a store that is to be made. Raises Problem for one shorter than the window would take."""
    from gridworker.app.staff.passphrases import judge

    chosen = passphrase(file, confirm=True)
    if not judge(chosen).enough:
        raise Problem("This passphrase is too short: take at least ten characters or four words.")
    return chosen


def passphrase(file: Path | None, *, confirm: bool = False) -> str:
    """The passphrase from a file, the environment or a prompt. Raises Problem where there is none to be had."""
    if file is not None:
        try:
            lines = small_text(file).splitlines()
        except (OSError, ValueError) as fault:
            raise Problem("The passphrase file {file} cannot be read.", file=file.name) from fault
        return lines[0] if lines else ""
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    if sys.stdin is None or not sys.stdin.isatty():
        raise Problem("The passphrase is missing: use --passphrase-file or the variable {name}.", name=PASSPHRASE)
    return str(typer.prompt(gettext("Passphrase"), hide_input=True, confirmation_prompt=confirm))


def asked_purpose(given: str) -> str:
    """What an export is for: asked at a terminal; of a script that does not say, that is what is put on record."""
    from gridworker.app.words.purposes import UNSAID, purposes

    if given or not sys.stdin.isatty():
        return given or UNSAID
    offered = ", ".join(f"{code} ({words})" for code, words in purposes())
    return str(typer.prompt(gettext("What is it for? {purposes}").format(purposes=offered)))


def small_text(file: Path) -> str:
    """A file of a line or two. Raises OSError, ValueError where it cannot be one: a film is not read to its end."""
    with file.open("rb") as opened:
        data = opened.read(SMALL + 1)
    if len(data) > SMALL:
        raise ValueError(file.name)
    return data.decode("utf-8")


@contextmanager
def workspace(dir_: Path | None, passphrase_file: Path | None) -> Iterator["Workspace"]:
    """An open workspace, closed again whatever happens. What was noticed when it was opened goes to standard error."""
    from gridworker.app.workspace import Workspace

    opened = Workspace.open(folder(dir_), passphrase(passphrase_file))
    try:
        if opened.session.started is not None and opened.session.knows("READ STORE"):
            found = opened.self_check.at_start()
            typer.echo(f"{found.sentence} {found.todo}" if found else "", err=True)
        yield opened
        _back_up(opened)
    finally:
        opened.close()


def _back_up(opened: "Workspace") -> None:
    """The daily backup, for who never opens the window. That there is none is said, and is no fault of the command."""
    try:
        made = opened.backup_plan.after_command()
    except Problem as fault:
        typer.echo(gettext("No backup was made. {fault}").format(fault=fault), err=True)
        return
    if undone := opened.backup_plan.undone():
        typer.echo(undone, err=True)
    if made is not None:
        typer.echo(gettext("A verified backup was made: {path}").format(path=made.path), err=True)
        if overdue := opened.self_check.overdue():  # with the backup of the day, so that it is said once a day
            typer.echo(overdue, err=True)


@contextmanager
def written_anew() -> Iterator[Callable[[float], object] | None]:
    """Says at a terminal how far the data and the backups are that are written anew after an erasure."""
    if not _is_watched():
        yield None
        return
    words = gettext("Erased. The data and the backups are written anew: {percent} %")
    told = -1

    def tell(share: float) -> None:
        nonlocal told
        if int(share * 100) != told:
            told = int(share * 100)
            typer.echo(f"\r{words.format(percent=told)}", nl=False, err=True)

    try:
        yield tell
    finally:
        if told >= 0:
            typer.echo(err=True)


def _is_watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


def answer(value: Any, *, as_json: bool, lines: "list[str] | None" = None) -> None:
    """Print an answer: JSON for machines, or lines for people."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))
    else:
        for line in lines if lines is not None else [str(value)]:
            typer.echo(line)


def given_object() -> dict[str, Any]:
    """The JSON object on standard input. Raises Problem for anything else."""
    try:
        given = json.load(typer.get_text_stream("stdin"))
    except (ValueError, RecursionError, OSError, AttributeError) as fault:  # the last: standard input was closed
        raise _no_object() from fault
    if not isinstance(given, dict):
        raise _no_object()
    return given


def _no_object() -> Problem:
    return Problem("What came in is no JSON object: write the fields to set as {example}.", example='{"name": "…"}')

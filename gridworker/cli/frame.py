"""What all commands share: the options, the passphrase, opening the workspace, answering."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from gridworker.errors import Problem
from gridworker.plainfile import read_given
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

PASSPHRASE = "GRIDWORKER_PASSPHRASE"
MAX_NUMBER = 2**63 - 1
"""No record and no laptop has a higher number."""
_MADE: ContextVar[list[Path] | None] = ContextVar("folders that a command made", default=None)
SMALL = 4096
"""Bytes that a file with a passphrase or a code may have."""

Dir: TypeAlias = Annotated[Path | None, typer.Option("--dir", help="The data folder; without it, that of this user.")]
PassphraseFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="A file whose first line is the passphrase; - is standard input."),
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
            _make(path)
        except OSError as fault:
            raise Problem("The folder {folder} cannot be made.", folder=given) from fault
    return path


def _make(path: Path) -> None:
    new = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    made = _MADE.get()
    if made is not None:
        made += new


@contextmanager
def leaving_no_empty_folder() -> Iterator[None]:
    """Do what a command does; what was made for it goes again where nothing came to lie in it."""
    made: list[Path] = []
    before = _MADE.set(made)
    try:
        yield
    finally:
        _MADE.reset(before)
        for folder in made:
            with suppress(OSError):  # something lies in it
                folder.rmdir()


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
        return _first_line(file)
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    if not is_asked():
        raise _no_passphrase()
    return str(typer.prompt(gettext("Passphrase"), hide_input=True, confirmation_prompt=confirm))


def is_asked() -> bool:
    """Whether somebody sits at a terminal who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def _first_line(file: Path) -> str:
    """The passphrase in a file; of standard input one line is taken, so that the next one can be the new passphrase."""
    try:
        if str(file) != "-":
            return "".join(small_text(file).splitlines()[:1])
        line = sys.stdin.readline(SMALL) if sys.stdin is not None else ""
    except (OSError, ValueError) as fault:
        raise Problem("The passphrase file {file} cannot be read.", file=file.name or file) from fault
    if not line:
        raise _no_passphrase()
    return line.removeprefix("\ufeff").rstrip("\r\n")


def _no_passphrase() -> Problem:
    return Problem("The passphrase is missing: use --passphrase-file or the variable {name}.", name=PASSPHRASE)


def asked_purpose(given: str) -> str:
    """What an export is for: asked at a terminal; of a script that does not say, that is what is put on record."""
    from gridworker.app.words.purposes import UNSAID, purposes

    if given or not is_asked():
        return given or UNSAID
    offered = ", ".join(f"{code} ({words})" for code, words in purposes())
    return str(typer.prompt(gettext("What is it for? {purposes}").format(purposes=offered)))


def small_text(file: Path) -> str:
    """A file of a line or two. Raises OSError, ValueError where it cannot be one: a film is not read to its end."""
    data = read_given(file, SMALL + 1)
    if len(data) > SMALL:
        raise ValueError(file.name)
    return data.decode("utf-8-sig")  # editors put a mark in front that nobody types


def one_time_code(file: Path) -> str:
    """The one-time code in a file. Raises Problem where there is no such file, or it is not to be read."""
    try:
        return small_text(file).strip()
    except (OSError, ValueError) as fault:
        raise Problem("The file with the code, {file}, cannot be read.", file=file.name or file) from fault


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


def answer(value: Any, *, as_json: bool, lines: "list[str] | None" = None, none: str = "") -> None:
    """Print an answer: JSON for machines, or lines for people.

    ``none`` is said where there is no line, and beside the answer: what counts lines is to count none.
    """
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=not _writes_unicode(), default=str))
        return
    told = lines if lines is not None else [str(value)]
    for line in told:
        typer.echo(line)
    if none and not told:
        typer.echo(none, err=True)


def _writes_unicode() -> bool:
    """Where the answer goes in another encoding, JSON keeps to ASCII: a machine reads it all the same."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def given_object() -> dict[str, Any]:
    """The JSON object on standard input. Raises Problem for anything else."""
    try:
        given = json.loads(_given())
    except (ValueError, RecursionError, OSError, AttributeError) as fault:  # the last: standard input was closed
        raise _no_object() from fault
    if not isinstance(given, dict):
        raise _no_object()
    return given


def _given() -> str | bytes:
    """What stands on standard input: as JSON is written, in UTF-8 or -16, else in the encoding of this terminal."""
    raw = getattr(sys.stdin, "buffer", None)
    if raw is None:
        return sys.stdin.read()
    given: bytes = raw.read()
    try:
        given.decode(json.detect_encoding(given))
    except UnicodeDecodeError:
        return given.decode(sys.stdin.encoding)
    return given


def _no_object() -> Problem:
    return Problem("What came in is no JSON object: write the fields to set as {example}.", example='{"name": "…"}')

"""``gridworker passphrase``: changing it, one for each person, and the ways past a forgotten one."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from gridworker.cli.frame import (
    Dir,
    Json,
    PassphraseFile,
    answer,
    file_or_folder,
    folder,
    is_asked,
    one_time_code,
    passphrase,
    workspace,
)
from gridworker.errors import NotFound, Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="Change passphrases, and get past a forgotten one.")

NEW = "GRIDWORKER_NEW_PASSPHRASE"

NewFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--new-passphrase-file", help="A file whose first line is the new passphrase; - is standard input."),
]
Name: TypeAlias = Annotated[str, typer.Argument(help="A name among the staff.")]
Person: TypeAlias = Annotated[str, typer.Option("--person", help="Whose, where several people share the computer.")]
WitnessFile: TypeAlias = Annotated[
    Path | None,
    typer.Option("--witness-file", help="A file with the passphrase of a second person, where the role needs one."),
]
KeyFile: TypeAlias = Annotated[Path, typer.Argument(help="The sealed recovery key.")]
CodeFile: TypeAlias = Annotated[Path, typer.Option("--code-file", help="A file with the code from the recovery sheet.")]
Given: TypeAlias = Annotated[str, typer.Argument(help="The file, or the code itself.")]


@commands.command()
def change(
    key_ring: Annotated[bool, typer.Option("--key-ring", help="Together with the key ring of this computer.")] = False,
    new_passphrase_file: NewFile = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Change one's passphrase. Cut off at any moment, the old one or the new one opens the data."""
    from gridworker.app.workspace import Workspace

    old = passphrase(passphrase_file)
    opened = Workspace.open(folder(dir_), old)
    try:
        opened.people_here.change(old, _new(new_passphrase_file), with_ring=key_ring)
    finally:
        opened.close()
    answer({"changed": True}, as_json=as_json, lines=[gettext("The new passphrase counts from now on.")])


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List the people who have a passphrase here."""
    with workspace(dir_, passphrase_file) as opened:
        here = opened.people_here.listed()
    answer([asdict(one) for one in here], as_json=as_json, lines=[one.name for one in here])


@commands.command()
def add(
    name: Name,
    new_passphrase_file: NewFile = None,
    witness_file: WitnessFile = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Give one more person of the staff a passphrase of their own.

    For a role that may do more than one's own it takes the passphrase of a second person who may do as much.
    """
    witness = passphrase(witness_file) if witness_file else ""
    with workspace(dir_, passphrase_file) as opened:
        opened.people_here.add(opened.people_here.candidate(name), _new(new_passphrase_file), witness=witness)
        _say_people(opened, gettext("{name} can unlock from now on.").format(name=name), as_json=as_json)


@commands.command()
def remove(name: Name, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Take a person's passphrase away; what they wrote stays."""
    with workspace(dir_, passphrase_file) as opened:
        opened.people_here.remove(opened.people_here.named(name).slot)
        _say_people(opened, gettext("{name} cannot unlock here any more.").format(name=name), as_json=as_json)


@commands.command()
def ask(
    out: Annotated[
        Path, typer.Option("--out", parser=file_or_folder, metavar="FILE", help="The file or folder for the question.")
    ],
    person: Person = "",
    new_passphrase_file: NewFile = None,
    dir_: Dir = None,
    as_json: Json = False,
) -> None:
    """On a laptop: choose a new passphrase and ask the office to let it count."""
    from gridworker.app.access.resets import write_code_file
    from gridworker.app.forgotten import Forgotten

    where = folder(dir_)
    asked = Forgotten(where).ask(_new(new_passphrase_file), _slot(where, person))
    path = write_code_file(out, asked.file_name, asked.file)
    lines = [gettext("Written: {file}").format(file=path), asked.code]
    answer({"question": str(path), "code": asked.code}, as_json=as_json, lines=lines)


@commands.command("answer")
def answer_(
    question: Given,
    out: Annotated[
        Path | None,
        typer.Option("--out", parser=file_or_folder, metavar="FILE", help="The file or folder for the answer."),
    ] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """At the office: answer a laptop. Make sure first that it is its worker who asks."""
    from gridworker.app.access.resets import write_code_file

    with workspace(dir_, passphrase_file) as opened:
        answered = opened.resets.answer(_text(question))
    lines = [gettext("Laptop {number}, {name}").format(number=answered.asking.laptop, name=answered.asking.worker)]
    path = None
    if out is not None:
        path = write_code_file(out, answered.file_name, answered.file)
        lines.append(gettext("Written: {file}").format(file=path))
    value = {"laptop": answered.asking.laptop, "answer": str(path) if path else None, "code": answered.code}
    answer(value, as_json=as_json, lines=[*lines, answered.code])


@commands.command()
def reset(
    given: Annotated[str, typer.Argument(metavar="ANSWER", help="The file, or the code itself.")],
    new_passphrase_file: NewFile = None,
    dir_: Dir = None,
    as_json: Json = False,
) -> None:
    """On the laptop: take the office's answer; the passphrase chosen when asking counts from now on."""
    from gridworker.app.forgotten import Forgotten

    Forgotten(folder(dir_)).finish(_text(given), _new(new_passphrase_file, again=True)).close()
    answer({"changed": True}, as_json=as_json, lines=[gettext("The new passphrase counts from now on.")])


@commands.command()
def recover(
    key: KeyFile,
    code_file: CodeFile,
    person: Person = "",
    new_passphrase_file: NewFile = None,
    dir_: Dir = None,
    as_json: Json = False,
) -> None:
    """Set a new passphrase with the office's recovery sheet, at the office or on a laptop."""
    from gridworker.app.forgotten import Forgotten

    where, code = folder(dir_), one_time_code(code_file)
    Forgotten(where).recover(key, code, _new(new_passphrase_file), _slot(where, person)).close()
    answer({"changed": True}, as_json=as_json, lines=[gettext("The new passphrase counts from now on.")])


@commands.command("test")
def try_sheet(
    key: KeyFile, code_file: CodeFile, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """At the office: try the recovery sheet once, before it is relied on."""
    code = one_time_code(code_file)
    with workspace(dir_, passphrase_file) as opened:
        tried = opened.recovery.test(key, code)
    words = gettext("The recovery sheet opens the office. Put the paper and the stick away again.")
    if tried.renewed:
        words = gettext("The new sheet is in force. Keep the old one until every laptop was unlocked once more.")
    left = [gettext("The old sheet still opens what lies in {name}.").format(name=name) for name in tried.elsewhere]
    answer({"opens": True, **asdict(tried)}, as_json=as_json, lines=[words, *left])


def _say_people(opened: "Workspace", words: str, *, as_json: bool) -> None:
    answer([asdict(one) for one in opened.people_here.listed()], as_json=as_json, lines=[words])


def _new(file: Path | None, *, again: bool = False) -> str:
    """The new passphrase from a file, the environment or a prompt. Raises Problem where there is none to be had."""
    if file is None and NEW in os.environ:
        return os.environ[NEW]
    if file is None and not is_asked():
        raise Problem("The new passphrase is missing: use --new-passphrase-file or the variable {name}.", name=NEW)
    if file is None:
        return str(typer.prompt(gettext("New passphrase"), hide_input=True, confirmation_prompt=not again))
    return passphrase(file)


def _text(given: str) -> str:
    """What a file holds, or the code that was given itself."""
    from gridworker.app.access.resets import read_code_file

    return read_code_file(Path(given)) if Path(given).is_file() else given


def _slot(where: Path, person: str) -> str:
    """Whose passphrase it is. Raises NotFound, Problem where it must be said."""
    from gridworker.app.openers import who_opens

    found = [one for one in who_opens(where) if person in ("", one.name, str(one.person))]
    if not found:
        raise NotFound("Nobody called {name} has a passphrase here.", name=person)
    if len(found) > 1:
        raise Problem("Several people share this computer: say whose passphrase it is with --person.")
    return found[0].slot

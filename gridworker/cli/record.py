"""``gridworker record``: any kind by its name."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, given_object, workspace
from gridworker.errors import Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.register.records import Found

commands = typer.Typer(no_args_is_help=True, help="List, show, save, remove records of any kind, and their history.")

Kind = Annotated[str, typer.Argument(help="The kind, like household or resident.")]
Id = Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the record.")]


def _plain(found: "Found") -> dict[str, Any]:
    return {"id": found.id, "caption": found.caption, **found.values}


@commands.command("list")
def list_(kind: Kind, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List all records of a kind."""
    with workspace(dir_, passphrase_file) as opened:
        after, found = 0, []
        while page := opened.records.page(kind, after=after):
            found += page
            after = page[-1].id
        opened.records.note_shown(kind, [one.id for one in found])
    lines = [f"{one.id}  {one.caption}" for one in found]
    none = gettext("There is no record of this kind.")
    answer([_plain(one) for one in found], as_json=as_json, lines=lines, none=none)


@commands.command()
def show(kind: Kind, id_: Id, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Show one record."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.records.show(kind, id_)
        opened.records.note_shown(kind, [id_], one=True)
    answer(_plain(found), as_json=as_json, lines=[f"{name}: {value}" for name, value in _plain(found).items()])


@commands.command()
def save(
    kind: Kind,
    id_: Annotated[
        int | None, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the record; a new one without.")
    ] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Save the fields of a JSON object read from standard input."""
    values = given_object()
    if id_ is not None and not values:
        raise Problem("There is nothing to write: name a field and its value.")
    with workspace(dir_, passphrase_file) as opened:
        found = opened.records.save(kind, values, id_)
        doubts = opened.records.doubts(kind, found.id)
    told = {"doubts": doubts} if doubts else {}
    answer({**_plain(found), **told}, as_json=as_json, lines=[f"{found.id}  {found.caption}", *doubts])


@commands.command()
def remove(
    kind: Kind, id_: Id, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Delete a record; its history stays and undo brings it back."""
    with workspace(dir_, passphrase_file) as opened:
        resting = opened.records.resting_on(kind, id_)
        opened.records.remove(kind, id_)
    left = gettext("Deleted. It is still named by: {what}. One undo brings it back.").format(what=resting)
    told = {"resting": resting} if resting else {}
    said = left if resting else gettext("Deleted. One undo brings it back.")
    answer({"removed": id_, **told}, as_json=as_json, lines=[said])


@commands.command()
def history(
    kind: Kind, id_: Id, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """All that happened to a record, newest first."""
    with workspace(dir_, passphrase_file) as opened:
        events = opened.records.history(kind, id_)
        opened.records.note_shown(kind, [id_], one=True)
        lines = opened.records.history_lines(kind, id_)
    plain = [{**asdict(event), "what": event.what.name.lower(), "at": event.at.isoformat()} for event in events]
    answer(plain, as_json=as_json, lines=lines)

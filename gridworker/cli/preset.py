"""``gridworker preset``: how superiors want their ledgers, laid down at the office."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, workspace
from gridworker.errors import NotFound
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.ledger.presets import Preset, Presets

commands = typer.Typer(no_args_is_help=True, help="List, save and remove the presets of exports.")


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List the presets."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.presets.all()
    lines = [f"{one.name}  {one.ledger}" for one in found]
    answer([_told(one) for one in found], as_json=as_json, lines=lines, none=gettext("There is no preset yet."))


@commands.command()
def save(
    name: Annotated[str, typer.Argument(help="What the preset is called.")],
    ledger: Annotated[
        str | None,
        typer.Option(
            "--ledger",
            help="residents, households, visits, issues, disputes, needs, shops, requests, volunteering, shifts, "
            "trainings, posts or disclosures.",
        ),
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="The title of the table.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Who reports, where it is not this office.")] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="A column, as name or name=Header; =Header stays blank. Give them in order."),
    ] = None,
    days: Annotated[str | None, typer.Option("--days", help="dash, dot, slash, words or plain.")] = None,
    numbers: Annotated[
        str | None, typer.Option("--numbers", help="masked, last4, or full from the office only.")
    ] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a preset, or change what is named of one."""
    given = {"ledger": ledger, "title": title, "unit": unit, "day_form": days, "number_form": numbers}
    values = {field: value for field, value in given.items() if value is not None}
    if column is not None:
        values["columns"] = "\n".join(column)
    with workspace(dir_, passphrase_file) as opened:
        known = _known(opened.presets, name)
        fresh = {"ledger": "residents"} if known is None else {}
        saved = opened.presets.save({"name": name, **fresh, **values}, known)
    answer(_told(saved), as_json=as_json, lines=[f"{saved.name}  {saved.ledger}"])


@commands.command()
def remove(
    name: Annotated[str, typer.Argument(help="What the preset is called.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Remove a preset."""
    with workspace(dir_, passphrase_file) as opened:
        opened.presets.remove(opened.presets.named(name).id)
    answer({"name": name}, as_json=as_json, lines=[name])


def _known(presets: "Presets", name: str) -> int | None:
    try:
        return presets.named(name).id
    except NotFound:
        return None


def _told(preset: "Preset") -> dict[str, Any]:
    return {"id": preset.id, **preset.values}

"""``gridworker grid``: dividing the community."""

from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, workspace

commands = typer.Typer(no_args_is_help=True, help="Add and list grids.")


@commands.command()
def add(
    name: Annotated[str, typer.Argument(help="What the grid is called.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Add a grid."""
    with workspace(dir_, passphrase_file) as opened:
        id_ = opened.devices.add_grid(name)
    answer({"id": id_, "name": name}, as_json=as_json, lines=[f"{id_}  {name}"])


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List the grids."""
    with workspace(dir_, passphrase_file) as opened:
        grids = opened.devices.grids()
    answer(
        [{"id": id_, "name": name} for id_, name in grids],
        as_json=as_json,
        lines=[f"{id_}  {name}" for id_, name in grids],
    )

"""``gridworker grid``: dividing the community."""

from typing import Annotated

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, workspace
from gridworker.text import gettext

commands = typer.Typer(no_args_is_help=True, help="Add, list, rename, split and merge grids.")


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
        none=gettext("There is no grid yet."),
    )


@commands.command()
def rename(
    grid: Annotated[str, typer.Argument(help="The grid, by name or number.")],
    name: Annotated[str, typer.Argument(help="What it is called from now on.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Call a grid something else."""
    with workspace(dir_, passphrase_file) as opened:
        id_ = opened.devices.grid(grid)
        opened.grids.rename(id_, name)
    answer({"id": id_, "name": name}, as_json=as_json, lines=[f"{id_}  {name}"])


@commands.command()
def split(
    grid: Annotated[str, typer.Argument(help="The grid, by name or number.")],
    name: Annotated[str, typer.Option("--name", help="What the new grid is called.")],
    building: Annotated[
        list[int],
        typer.Option("--building", min=0, max=MAX_NUMBER, help="A building of it; may be given several times."),
    ],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a new grid of some buildings of another. Its laptops hold both until `device scope` says otherwise."""
    with workspace(dir_, passphrase_file) as opened:
        id_ = opened.grids.split(opened.devices.grid(grid), name, building)
    answer({"id": id_, "name": name, "buildings": building}, as_json=as_json, lines=[f"{id_}  {name}"])


@commands.command()
def merge(
    grid: Annotated[str, typer.Argument(help="The grid that goes, by name or number.")],
    into: Annotated[str, typer.Option("--into", help="The grid that takes it in.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Put all of a grid into another."""
    with workspace(dir_, passphrase_file) as opened:
        gone, target = opened.devices.grid(grid), opened.devices.grid(into)
        opened.grids.merge(gone, target)
    answer({"id": gone, "into": target}, as_json=as_json, lines=[f"{gone} -> {target}"])

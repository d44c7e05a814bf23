"""``gridworker device``: device bundles for laptops, on both ends."""

from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli import clock
from gridworker.cli.frame import (
    MAX_NUMBER,
    Dir,
    Json,
    PassphraseFile,
    answer,
    file_or_folder,
    folder,
    new_passphrase,
    one_time_code,
    workspace,
)
from gridworker.text import gettext

commands = typer.Typer(no_args_is_help=True, help="Give out device bundles, and set up a laptop from one.")
clock.add_to(commands)

CodeFile = Annotated[Path, typer.Option("--code-file", help="The file with the one-time code.")]


@commands.command()
def issue(
    worker: Annotated[str, typer.Option("--worker", help="The name of the grid worker.")],
    grid: Annotated[list[str], typer.Option("--grid", help="A grid by name or number; may be given several times.")],
    out: Annotated[
        Path, typer.Option("--out", parser=file_or_folder, metavar="FILE", help="Where to write the device bundle.")
    ],
    code_file: CodeFile,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Enrol a laptop: write its device bundle, and the code that opens it to a file of its own. Give the two apart."""
    with workspace(dir_, passphrase_file) as opened:
        grids = [opened.devices.grid(name) for name in grid]
        kit = opened.devices.issue_kit(worker, grids, out, code_file)
    text = gettext("Device bundle for laptop {number}: {file}").format(number=kit.laptop, file=kit.path)
    answer({"laptop": kit.laptop, "device": kit.device, "kit": str(kit.path)}, as_json=as_json, lines=[text])


@commands.command()
def enrol(
    kit: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The device bundle from the office.")],
    code_file: CodeFile,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Set this laptop up from a device bundle."""
    from gridworker.app.access.enrolment import enrol as set_up

    code, where = one_time_code(code_file), folder(dir_)
    set_up(kit, code, where, new_passphrase(passphrase_file))
    answer(
        {"dir": str(where)}, as_json=as_json, lines=[gettext("This laptop is set up in {folder}.").format(folder=where)]
    )


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List the laptops that were enrolled."""
    with workspace(dir_, passphrase_file) as opened:
        laptops = opened.devices.laptops()
        agrees = {one.peer: one.agrees for one in opened.exchange.agreements()}
        words = [opened.exchange.other_office(), opened.exchange.agreement_words()]
        in_words = {one.state: opened.devices.state_words(one.state) for one in laptops}
    answer(
        [
            {"id": one.id, "number": one.number, "worker": one.worker, "grids": list(one.grids), "state": one.state,
             "seen": one.seen and one.seen.isoformat(), "fingerprint": one.fingerprint,
             "agrees": agrees.get(one.number)}
            for one in laptops
        ],
        as_json=as_json,
        lines=[
            *(
                f"{one.number}  {one.worker}  {' '.join(one.grids)}  {in_words[one.state]}"
                for one in laptops
            ),
            *filter(None, words),
        ],
        none=gettext("No laptop was enrolled yet."),
    )  # fmt: skip


Number = Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the laptop.")]


@commands.command()
def retire(number: Number, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Take a laptop out of use. What comes from it later is taken in all the same."""
    _say(number, "retire", (dir_, passphrase_file), as_json=as_json)


@commands.command()
def revoke(number: Number, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """A laptop was stolen or lost: whatever comes from it waits for the office's word."""
    _say(number, "revoke", (dir_, passphrase_file), as_json=as_json)


@commands.command()
def readmit(number: Number, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Take a laptop into use again; the next reply brings it all it missed."""
    _say(number, "readmit", (dir_, passphrase_file), as_json=as_json)


def _say(number: int, what: str, where: tuple[Path | None, Path | None], *, as_json: bool) -> None:
    with workspace(*where) as opened:
        getattr(opened.devices, what)(number)
        state = next(one.state for one in opened.devices.laptops() if one.number == number)
        words = opened.devices.state_words(state)
    text = gettext("Laptop {number}: {state}").format(number=number, state=words)
    answer({"number": number, "state": state}, as_json=as_json, lines=[text])


@commands.command()
def scope(
    number: Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the laptop.")],
    grid: Annotated[
        list[str] | None, typer.Option("--grid", help="A grid by name or number; may be given several times.")
    ] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Give a laptop these grids and no others; without --grid, list those it has."""
    with workspace(dir_, passphrase_file) as opened:
        if grid:
            opened.grids.give(number, [opened.devices.grid(name) for name in grid])
        grids = opened.grids.of(number)
    answer(
        {"laptop": number, "grids": [{"id": id_, "name": name} for id_, name in grids]},
        as_json=as_json,
        lines=[f"{id_}  {name}" for id_, name in grids],
        none=gettext("This laptop has no grid."),
    )

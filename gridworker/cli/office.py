"""``gridworker office``: setting an office up."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, folder, new_passphrase, workspace
from gridworker.text import gettext

commands = typer.Typer(no_args_is_help=True, help="Set up an office, and say how much of ID numbers it keeps.")


class Kept(StrEnum):
    """How much of an ID number is kept."""

    FULL = "full"
    LAST4 = "last4"


@commands.command()
def ids(
    keep: Annotated[
        Kept | None, typer.Option("--keep", help="full, or last4 with a hash that tells people apart.")
    ] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """How much of ID numbers is kept. With last4 those in the books are erased, everywhere and for good."""
    with workspace(dir_, passphrase_file) as opened:
        done = opened.rules.set_short_ids(keep is Kept.LAST4) if keep else None
        now = Kept.LAST4 if opened.rules.short_ids() else Kept.FULL
    elsewhere = list(done.elsewhere) if done else []
    plain = {"keep": now, "shortened": done.people if done else 0, "elsewhere": elsewhere}
    left = [gettext("Numbers may still be in: {file}").format(file=name) for name in elsewhere]
    answer(plain, as_json=as_json, lines=[now, *left])


@commands.command()
def new(
    community: Annotated[str, typer.Option("--community", help="The division code of the community.")],
    name: Annotated[str, typer.Option("--name", help="What the office is called.")],
    divisions: Annotated[
        Path | None, typer.Option("--divisions", help="A table of places; without it, the one that ships.")
    ] = None,
    clerk: Annotated[str, typer.Option("--clerk", help="The name of the clerk.")] = "",
    recovery: Annotated[Path | None, typer.Option("--recovery", help="Where to write the sealed recovery key.")] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make the store of an office in an empty folder. The code that opens the recovery key is shown once."""
    from gridworker.app.access.founding import Founding, found_office

    where = folder(dir_)
    founding = Founding(community, name, clerk or name, divisions, recovery)
    sheet = found_office(where, new_passphrase(passphrase_file), founding)
    lines = [gettext("The office “{name}” is set up in {folder}.").format(name=name, folder=where)]
    if recovery is not None:
        lines.append(gettext("Recovery key: {file}").format(file=recovery))
        lines.append(gettext("Recovery code, shown only now; write it down: {code}").format(code=sheet.code))
    answer({"dir": str(where), "recovery_code": sheet.code if recovery else None}, as_json=as_json, lines=lines)

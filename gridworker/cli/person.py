"""``gridworker person``: what is for one resident, at their own request."""

from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, file_or_folder, workspace
from gridworker.text import gettext, ngettext

commands = typer.Typer(no_args_is_help=True, help="What is for one resident, at their own request.")


@commands.callback()
def _group() -> None:
    """A group of one is a group still."""


@commands.command()
def file(
    resident: Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The id of the resident.")],
    out: Annotated[
        Path, typer.Option("--out", parser=file_or_folder, metavar="FILE", help="A file, or a folder to write into.")
    ],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write all that is kept about somebody out for them as JSON, unmasked. It goes on record as asked for by them."""
    from gridworker.app.files.keeping_files import keep_all

    path = out / f"person-{resident}.json" if out.is_dir() else out
    with workspace(dir_, passphrase_file) as opened:
        found = opened.person_files.read(resident)
        keep_all(path)
        opened.person_files.write(found, path)
    count = len(found.entries)
    told = ngettext("{count} record written to {file}.", "{count} records written to {file}.", count)
    given = {"file": str(path), "records": count}
    advice = gettext("It is not encrypted: hand it to nobody else.")
    answer(given, as_json=as_json, lines=[told.format(count=count, file=path), advice])

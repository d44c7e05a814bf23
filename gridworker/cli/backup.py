"""``gridworker backup`` and ``gridworker restore``."""

from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, workspace
from gridworker.text import gettext


def add_to(app: typer.Typer) -> None:
    """Put the commands at the top of the tree."""
    app.command()(backup)


def backup(
    out: Annotated[Path | None, typer.Option("--out", help="Where backups are kept; in the data folder else.")] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a verified backup. It opens with the same passphrase and the same recovery key."""
    with workspace(dir_, passphrase_file) as opened:
        made = opened.backups.make(out)
    text = gettext("A verified backup was made: {path}").format(path=made.path)
    answer({"path": str(made.path), "serial": made.serial, "chain": made.chain}, as_json=as_json, lines=[text])

"""``gridworker backup``, ``restore`` and ``rescue``."""

from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, file_or_folder, folder, passphrase, workspace
from gridworker.text import gettext, ngettext


def add_to(app: typer.Typer) -> None:
    """Put the commands at the top of the tree."""
    app.command()(backup)
    app.command()(restore)
    app.command()(rescue)


def backup(
    out: Annotated[
        str | None, typer.Option("--out", help="Where backups are kept; without it, in the data folder.")
    ] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a verified backup; it opens with the same passphrase and recovery key. Once a day, check the store too."""
    place = file_or_folder(out) if out is not None else None
    with workspace(dir_, passphrase_file) as opened:
        made = opened.backups.make(place)
        found = [f"{one.sentence} {one.todo}" for one in opened.self_check.daily()]
        if not found:
            opened.care_of_store.tidy_index(lambda: True)
    text = gettext("A verified backup was made: {path}").format(path=made.path)
    plain = {"path": str(made.path), "serial": made.serial, "chain": made.chain, "faults": found}
    answer(plain, as_json=as_json, lines=[text, *found])


def restore(
    backup: Annotated[Path, typer.Argument(help="The folder of one backup.")],
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would be lost until the next exchange.")] = (
        False
    ),
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Put a backup back, into an empty folder or in the place of a store, which is kept aside."""
    from gridworker.app.backup.restoring import Restoring, preview_lines

    restoring = Restoring.by_passphrase(backup, folder(dir_), passphrase(passphrase_file))
    if preview:
        restoring.verify()  # nobody is to count on one that ``restore`` would refuse
    found = restoring.preview()
    plain: dict[str, object] = {
        "backup": str(found.backup),
        "newer": found.newer.acts if found.newer and found.newer.known else None,
        "there": found.newer is not None,
        "lost": found.lost,
    }
    lines = preview_lines(found, is_office=found.backup.laptop == 0)
    if not preview:
        done = restoring.restore()
        plain |= {
            "aside": str(done.aside) if done.aside else None,
            "life": done.identity.incarnation,
            "lost": done.lost,
        }
        lines = restoring.words(done, whole=True)
    answer(plain, as_json=as_json, lines=lines)


def rescue(
    damaged: Annotated[
        Path | None, typer.Argument(help="The damaged store; without it, the one kept aside last.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A new folder, where there is no backup.")] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Take what is whole out of a damaged store, into the one a backup gave, or into a new folder."""
    from gridworker.app.backup.rescuing import Rescue

    if out is not None:  # its keys lie beside the damaged file: another folder is asked where they do not
        source = damaged or folder(dir_)
        done = Rescue.beside(source, folder(dir_), passphrase(passphrase_file)).into_new(out, source)
    else:
        done = Rescue.of(folder(dir_), passphrase(passphrase_file)).into_present(damaged)
    text = ngettext(
        "{ops} entry of the log is whole; taken over: {new}. Damaged pages: {damaged}.",
        "{ops} entries of the log are whole; taken over: {new}. Damaged pages: {damaged}.",
        done.ops,
    )
    plain = {"ops": done.ops, "new": done.new, "damaged": done.damaged}
    answer(plain, as_json=as_json, lines=[text.format(**plain)])

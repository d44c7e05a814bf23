"""``gridworker attachment``: adding photos and papers, listing them, writing them out, letting go of old ones."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, asked_purpose, file_or_folder, workspace
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.attachment.attachments import AttachmentView

commands = typer.Typer(no_args_is_help=True, help="Photos and papers that belong to visits, issues and households.")

MEGABYTE = 1024 * 1024


@commands.command()
def add(
    file: Annotated[Path, typer.Argument(help="A JPEG, a PNG or a PDF.")],
    to: Annotated[
        str,
        typer.Option(
            "--to", help="visit, issue, issue_step or household; what is about a person goes to their household."
        ),
    ],
    record: Annotated[int, typer.Option("--id", min=0, max=MAX_NUMBER, help="Its id.")],
    caption: Annotated[str, typer.Option("--caption", help="What it shows.")] = "",
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Attach a file; place, time and owner that a camera wrote into it are taken out."""
    from gridworker.app.attachment.attachments import read_file

    with workspace(dir_, passphrase_file) as opened:
        view = opened.attachments.add(to, record, read_file(file), caption)
    answer(asdict(view), as_json=as_json, lines=[_line(view)])


@commands.command()
def caption(
    attachment: Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="Its id.")],
    words: Annotated[str, typer.Argument(help="What it shows.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say what a photo or paper shows."""
    with workspace(dir_, passphrase_file) as opened:
        view = opened.attachments.describe(attachment, words)
    answer(asdict(view), as_json=as_json, lines=[_line(view)])


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """All attachments, and where those are that are not here."""
    with workspace(dir_, passphrase_file) as opened:
        views = opened.attachments.all()
    none = gettext("No photo and no paper was attached yet.")
    answer([asdict(view) for view in views], as_json=as_json, lines=list(map(_line, views)), none=none)


@commands.command()
def save(
    attachment: Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="Its id.")],
    out: Annotated[
        Path, typer.Option("--out", parser=file_or_folder, metavar="FILE", help="A file, or a folder to write into.")
    ],
    purpose: Annotated[
        str,
        typer.Option(
            "--purpose", help="visit, check, report, archive, request or inspection, or in words; put on record."
        ),
    ] = "",
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a file out, not encrypted. That goes on record."""
    with workspace(dir_, passphrase_file) as opened:
        path = opened.attachments.save(attachment, out, asked_purpose(purpose))
    answer(str(path), as_json=as_json, lines=[str(path)])


@commands.command()
def free(
    keep: Annotated[int, typer.Option("--keep-mb", min=0, help="The newest so many megabytes stay.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """On a laptop: remove the oldest files that the office has, and has backed up. The records stay."""
    from gridworker.app.attachment.attachments import let_go_words

    with workspace(dir_, passphrase_file) as opened:
        done = opened.attachments.let_go(keep * MEGABYTE)
    answer(asdict(done), as_json=as_json, lines=[let_go_words(done)])


def _line(view: "AttachmentView") -> str:
    from gridworker.app.attachment.attachments import where

    return " ".join(filter(None, (str(view.id), view.caption, f"{view.size} B", where(view))))

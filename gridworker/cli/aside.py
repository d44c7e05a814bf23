"""``gridworker bundle aside``: what the office has not taken in, and its word on it."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridworker.app.inbox.aside_words import about_words, along_words, reason_words, ruling_words
from gridworker.app.inbox.asides import AsideFilter
from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, workspace
from gridworker.errors import Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.exchange.views import SetAside
    from gridworker.app.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="List what was set aside; accept or refuse it.")

Ids = Annotated[list[str] | None, typer.Argument(help="Numbers from the list; without any, see --all.")]
All = Annotated[bool, typer.Option("--all", help="Everything that waits.")]
Laptop = Annotated[int | None, typer.Option("--laptop", help="With --all: only what this laptop wrote.")]
Reason = Annotated[str, typer.Option("--reason", help="With --all: only what waits for this reason.")]
Note = Annotated[str, typer.Option("--note", help="A word for the one who wrote it.")]


@commands.command("list")
def list_(
    ruled: Annotated[bool, typer.Option("--ruled", help="Also what the office has ruled on.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=0, help="At most so many of each bundle; 0: all.")] = 300,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """List what waits for the office's word, each with its reason."""
    with workspace(dir_, passphrase_file) as opened:
        waiting, count = opened.asides.waiting(limit or None), _left(opened)
        found = [*waiting, *(opened.asides.ruled() if ruled else ())]
    if len(waiting) < count:
        typer.echo(gettext("Listed: the first {listed} of {count}").format(listed=len(waiting), count=count), err=True)
    none = gettext("Nothing waits for the office's word.")
    answer([_plain(one) for one in found], as_json=as_json, lines=list(map(_line, found)), none=none)


@commands.command()
def accept(
    ids: Ids = None, all_: All = False, laptop: Laptop = None, reason: Reason = "", note: Note = "",
    places: Annotated[
        bool, typer.Option("--with-places", help="Also what it lies in, where that was not accepted before.")
    ] = False,
    dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Take changes in after all, as the office's own, with what they need and a household's people."""
    with workspace(dir_, passphrase_file) as opened:
        if all_:
            done = opened.asides.accept_all(AsideFilter(None, laptop, reason), note)
        else:
            opened.asides.accept(_named(ids), note, places=places)
            done = len(ids or ())
        left = _left(opened)
    said = gettext("Accepted: {count}. Left: {left}.").format(count=done, left=left)
    answer({"accepted": done, "left": left}, as_json=as_json, lines=[said])


@commands.command()
def refuse(
    ids: Ids = None, all_: All = False, laptop: Laptop = None, reason: Reason = "", note: Note = "",
    dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """Leave changes out. They stay in the history, and their author is told."""
    with workspace(dir_, passphrase_file) as opened:
        if all_:
            done = opened.asides.refuse_all(AsideFilter(None, laptop, reason), note)
        else:
            opened.asides.refuse(_named(ids), note)
            done = len(ids or ())
        left = _left(opened)
    said = gettext("Refused: {count}. Left: {left}.").format(count=done, left=left)
    answer({"refused": done, "left": left}, as_json=as_json, lines=[said])


def _named(ids: list[str] | None) -> list[str]:
    if not ids:
        raise Problem("Name what is meant by its number, or say --all.")
    return ids


def _left(opened: "Workspace") -> int:
    return sum(lot.count for lot in opened.asides.lots())


def _plain(one: "SetAside") -> dict[str, Any]:
    return {**asdict(one), "at": one.at.isoformat()}


def _line(one: "SetAside") -> str:
    line = gettext("{id}  laptop {laptop}  {who}  {about}  {reason}").format(
        id=one.id, laptop=one.laptop, who=one.who, about=about_words(one), reason=reason_words(one)
    )
    return "  ".join(filter(None, (line, along_words(one), ruling_words(one))))

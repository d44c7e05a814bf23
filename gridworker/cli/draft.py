"""``gridworker draft``: what colleagues began on a shared computer and did not finish."""

from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, workspace
from gridworker.text import gettext

commands = typer.Typer(no_args_is_help=True, help="See what colleagues left half written, and hand it on.")


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List what colleagues began here and did not finish: which form, who and when, nothing of what stands in it."""
    from gridworker.app.words.days import near_moment

    with workspace(dir_, passphrase_file) as opened:
        begun, today = opened.drafts.of_others(), opened.session.today()
    rows = [{"name": one.name, "who": one.called, "kept_at": one.kept_at.isoformat()} for one in begun]
    lines = [f"{one.name}  {one.called}  {near_moment(one.kept_at, today)}" for one in begun]
    answer(rows, as_json=as_json, lines=lines, none=gettext("No colleague left anything half written here."))


@commands.command("hand-on")
def hand_on(
    name: Annotated[str, typer.Argument(help="The form, as listed.")],
    giver: Annotated[str, typer.Option("--from", help="Who began it.")],
    to: Annotated[str, typer.Option("--to", help="Who goes on with it.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Hand what somebody left half written on to somebody else, on record; for who keeps the accounts."""
    with workspace(dir_, passphrase_file) as opened:
        opened.drafts.hand_on(name, opened.drafts.somebody(giver), opened.drafts.somebody(to))
    answer({"name": name, "who": to}, as_json=as_json, lines=[f"{name}  {to}"])

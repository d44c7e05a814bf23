"""``gridworker device clock``: a laptop whose clock is wrong, and the office's correction."""

from typing import Annotated, Any

import typer

from gridworker.app.exchange.clocks import Off
from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, workspace
from gridworker.text import gettext

MAX_SECONDS = 100 * 366 * 86_400


def add_to(group: typer.Typer) -> None:
    """Put the command beside the others about laptops."""
    group.command()(clock)


def clock(
    number: Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the laptop.")],
    since: Annotated[
        str, typer.Option("--since", help="First wrong time, as its clock showed it: 2045-03-01T00:00:00Z.")
    ] = "",
    until: Annotated[str, typer.Option("--until", help="Last wrong time; without it, from --since on.")] = "",
    seconds: Annotated[
        int,
        typer.Option(
            "--seconds", min=-MAX_SECONDS, max=MAX_SECONDS, help="What to add to its times to make them right."
        ),
    ] = 0,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Show by how much a laptop's clock is wrong; with --since and --seconds, correct the times it gave out."""
    with workspace(dir_, passphrase_file) as opened:
        if since or until or seconds:
            opened.clocks.correct(number, {"since": since, "until": until or None, "seconds": seconds})
        off = opened.clocks.off().get(number)
        corrections = [{"id": id_, **values} for id_, values in opened.clocks.corrections(number)]
    plain = {"off": off.seconds if off else 0, "corrections": corrections}
    answer(plain, as_json=as_json, lines=_lines(off, corrections))


def _lines(off: Off | None, corrections: list[dict[str, Any]]) -> list[str]:
    wrong = off.words if off else gettext("Nothing says that its clock is wrong.")
    line = gettext("Corrected from {since} to {until}: {seconds} seconds")
    return [
        wrong,
        *(
            line.format(since=one["since"], until=one["until"] or "…", seconds=one["seconds"])
            for one in corrections
        ),
    ]  # fmt: skip

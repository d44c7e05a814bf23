"""``gridworker handover``: a worker asks that a household goes to another grid; the office moves it or says why not."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, given_object, workspace
from gridworker.errors import NotFound
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.household.handovers import Request

commands = typer.Typer(no_args_is_help=True, help="Ask that a household goes to another grid, and answer that.")

Household = Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the household.")]
Number = Annotated[int, typer.Argument(metavar="REQUEST", min=0, max=MAX_NUMBER, help="The number of the request.")]


@commands.command()
def ask(
    household: Household,
    to: Annotated[str, typer.Option("--to", help="The grid it moved to, by name or number, where that is known.")] = "",
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask the office to hand a household over to another grid. Reads a JSON object from standard input.

    Its fields: reason, what happened, which is needed; to_address, the new address.
    """
    values = _given("reason", "to_address")
    with workspace(dir_, passphrase_file) as opened:
        grid = {"to_grid_id": opened.devices.grid(to)} if to else {}
        opened.handovers.ask(household, {**values, **grid})
        found = [one for one in [opened.handovers.of(household)] if one is not None]
    _told(found, as_json=as_json)


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List what was asked and what the office said, the newest first."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.handovers.all()
        opened.records.note_shown("handover_request", [one.id for one in found])
    _told(found, as_json=as_json)


@commands.command()
def complete(
    request: Number,
    dwelling: Annotated[
        int, typer.Option("--dwelling", min=0, max=MAX_NUMBER, help="The number of the dwelling where it lives now.")
    ],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """At the office: move the household to its new dwelling, and say so to who asked."""
    with workspace(dir_, passphrase_file) as opened:
        opened.handovers.complete(request, dwelling)
        found = [one for one in opened.handovers.all() if one.id == request]
    _told(found, as_json=as_json)


@commands.command()
def decline(request: Number, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """At the office: say why not. Reads a JSON object from standard input; its field is answer."""
    values = _given("answer")
    with workspace(dir_, passphrase_file) as opened:
        opened.handovers.decline(request, values.get("answer"))
        found = [one for one in opened.handovers.all() if one.id == request]
    _told(found, as_json=as_json)


def _given(*names: str) -> dict[str, Any]:
    values = given_object()
    unknown = sorted(values.keys() - set(names))
    if unknown:
        raise NotFound("There is no field called {field}.", field=", ".join(unknown))
    return values


def _told(found: "Sequence[Request]", *, as_json: bool) -> None:
    from gridworker.app.household.handovers import state_words

    lines = [
        "  ".join(
            filter(
                None,
                (str(one.id), str(one.household), state_words(one.state), one.reason, one.address, one.answer),
            )
        )
        for one in found
    ]
    none = gettext("Nobody asked to hand a household over.")
    answer([asdict(one) for one in found], as_json=as_json, lines=lines, none=none)

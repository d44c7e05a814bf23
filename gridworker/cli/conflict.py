"""``gridworker conflict``: seeing and settling what two people changed differently."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, given_object, workspace
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.app.inbox.conflict_views import Conflict

commands = typer.Typer(no_args_is_help=True, help="List and settle conflicts.")


@commands.command("list")
def list_(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List the conflicts with both sides. One that waits for a change that has not come may settle by itself."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.merge.in_clear() if as_json else opened.merge.conflicts()
    lines = [line for one in found for line in lines_of(one)]
    answer([_plain(one) for one in found], as_json=as_json, lines=lines, none=gettext("Nothing disagrees."))


def lines_of(conflict: "Conflict") -> list[str]:
    """A line for each field: masked as pages mask, and how to see more."""
    lines = []
    for field in conflict.fields:
        sides = " / ".join(side.shown for side in field.sides)
        line = f"{conflict.kind} {conflict.record}  {conflict.title}  {field.label}: {sides}"
        if field.is_masked:
            line = gettext("{conflict} (masked; --json shows them, on record)").format(conflict=line)
        waits = gettext("{conflict} (waits for a change that has not come)").format(conflict=line)
        lines.append(waits if field.waiting else line)
    return lines


def _plain(conflict: "Conflict") -> dict[str, Any]:
    return {
        "kind": conflict.kind, "record": conflict.record, "caption": conflict.caption, "door": conflict.door,
        "waiting": conflict.waiting,
        "fields": {
            field.name: [
                {
                    "value": side.value, "who": side.who, "at": side.at.isoformat(), "laptop": side.laptop,
                    "device": side.device,
                }
                for side in field.sides
            ]
            for field in conflict.fields
        },
    }  # fmt: skip


@commands.command()
def resolve(
    kind: Annotated[str, typer.Argument(help="The kind of the record.")],
    record: Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the record.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Settle a record with a JSON object from standard input: the value to keep for each field in conflict."""
    decisions = given_object()
    with workspace(dir_, passphrase_file) as opened:
        opened.merge.resolve(kind, record, decisions)
        left = opened.merge.count()
    said = gettext("Settled. The other side stays in the history.")
    answer({"record": record, "left": left}, as_json=as_json, lines=[said])

"""``gridworker erase``: forgetting a person for good, at the office."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, workspace, written_anew
from gridworker.errors import NotFound
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gridworker.app.rights.erasing import Preview
    from gridworker.app.rights.mentioned import Mentioned

Names = Annotated[str | None, typer.Option("--fields", help="Only these fields, by name, with commas between.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would go, and where else the person is named.")]
Texts = Annotated[bool, typer.Option("--texts", help="Take the name out of texts of others too, earlier ones as well.")]
Ask = Annotated[bool, typer.Option("--ask", help="On a laptop: ask the office to do it.")]


def add_to(app: typer.Typer) -> None:
    """Put the command at the top of the tree."""
    app.command()(erase)


def erase(
    kind: Annotated[str, typer.Argument(help="The kind, like resident or household.")],
    id_: Annotated[int, typer.Argument(metavar="ID", min=0, max=MAX_NUMBER, help="The number of the record.")],
    fields: Names = None,
    dry_run: DryRun = False,
    texts: Texts = False,
    ask: Ask = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Erase a person, or single fields of a record, everywhere and for good. Nobody can undo it."""
    names = [name.strip() for name in (fields or "").split(",") if name.strip()]
    if fields is not None and not names:  # an empty variable of a script is not the whole person
        raise NotFound("There is no field called {field}.", field=f'"{fields}"')
    with workspace(dir_, passphrase_file) as opened:
        if ask:
            opened.erasing.ask_for(kind, id_)
            answer({"asked": id_}, as_json=as_json, lines=[gettext("The office will see it with the next bundle.")])
            return
        if dry_run:
            preview = opened.erasing.preview(kind, id_, names)
            answer(asdict(preview), as_json=as_json, lines=_lines(preview))
            return
        with written_anew() as told:
            outcome = opened.erasing.erase(kind, id_, names, None if texts else (), told)
    lines = [
        *_lines(outcome.preview),
        *(
            gettext(
                "What was erased may still be in {name}, which is out of reach from here: see to it yourself."
            ).format(name=name)
            for name in outcome.elsewhere
        ),
    ]
    answer(asdict(outcome), as_json=as_json, lines=lines)


def _lines(preview: "Preview") -> list[str]:
    return [
        *(f"{one.title} {one.record}  {one.caption}" for one in preview.going),
        *(line for one in preview.mentioned for line in _places(one)),
    ]


def _places(one: "Mentioned") -> "Iterator[str]":
    if one.excerpt or not one.earlier:
        mention = gettext("Named in {title} {record}, {label}: {excerpt}")
        yield mention.format(title=one.title, record=one.record, label=one.label, excerpt=one.excerpt)
    before = gettext("Named before in {title} {record}, {label}. {told}")
    for text in one.earlier:
        yield before.format(title=one.title, record=one.record, label=one.label, told=text.told)

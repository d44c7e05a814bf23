"""``gridworker erase``: forgetting a person for good, at the office."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, workspace, written_anew
from gridworker.errors import NotFound, Problem
from gridworker.text import gettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gridworker.app.rights.erasing import Preview
    from gridworker.app.rights.mentioned import Mentioned
    from gridworker.app.workspace import Workspace

Names = Annotated[str | None, typer.Option("--fields", help="Only these fields, by name, with commas between.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would go, and where else the person is named.")]
Texts = Annotated[bool, typer.Option("--texts", help="Take the name out of texts of others too, earlier ones as well.")]
Ask = Annotated[bool, typer.Option("--ask", help="On a laptop: ask the office to do it.")]
Asked = Annotated[bool, typer.Option("--asked", help="List who wishes to be forgotten and has no answer yet.")]
Keep = Annotated[bool, typer.Option("--keep", help="At the office: do not do what was asked; they may ask again.")]
Why = Annotated[str, typer.Option("--why", help="With --keep: the reason, by its code or in words.")]
TakeBack = Annotated[bool, typer.Option("--take-back", help="Where it was asked: they do not wish it any more.")]


def add_to(app: typer.Typer) -> None:
    """Put the command at the top of the tree."""
    app.command()(erase)


def erase(
    kind: Annotated[str, typer.Argument(help="The kind, like resident or household.")] = "",
    id_: Annotated[int, typer.Argument(metavar="ID", min=0, max=MAX_NUMBER, help="The number of the record.")] = 0,
    fields: Names = None,
    dry_run: DryRun = False,
    texts: Texts = False,
    ask: Ask = False,
    asked: Asked = False,
    keep: Keep = False,
    why: Why = "",
    take_back: TakeBack = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Erase a person, or single fields of a record, everywhere and for good. Nobody can undo it."""
    if not asked and not (kind and id_):
        raise Problem("Say what to erase: its kind and its number.")
    names = _named(fields)
    with workspace(dir_, passphrase_file) as opened:
        if asked:
            _list_asked(opened, as_json=as_json)
            return
        if ask:
            opened.erasing.ask_for(kind, id_)
            answer({"asked": id_}, as_json=as_json, lines=[_what_comes_of_it(opened)])
            return
        if keep or take_back:
            _answer(opened, (kind, id_), why if keep else None, as_json=as_json)
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


def _named(fields: str | None) -> list[str]:
    """The fields that are to go; none for all. Raises NotFound where an option names none."""
    names = [name.strip() for name in (fields or "").split(",") if name.strip()]
    if fields is not None and not names:  # an empty variable of a script is not the whole person
        raise NotFound("There is no field called {field}.", field=f'"{fields}"')
    return names


def _what_comes_of_it(opened: "Workspace") -> str:
    if opened.session.is_office:
        return gettext("It stands on the office's list.")
    return gettext("The office will see it with the next bundle.")


def _list_asked(opened: "Workspace", *, as_json: bool) -> None:
    from gridworker.app.household.asked import asked_words

    found = opened.erasing.asked.waiting()
    lines = [f"{one.kind} {one.record}  {asked_words(opened.session, one)}" for one in found]
    answer([asdict(one) for one in found], as_json=as_json, lines=lines, none=gettext("Nobody waits for an answer."))


def _answer(opened: "Workspace", whom: tuple[str, int], why: str | None, *, as_json: bool) -> None:
    """What becomes of a request, other than an erasure: kept, with ``why``, or taken back."""
    wishes = opened.erasing.asked
    if why is not None:
        wishes.keep(*whom, why)
        answer({"kept": whom[1]}, as_json=as_json, lines=[gettext("Kept. It is on record.")])
    else:
        wishes.take_back(*whom)
        answer({"taken_back": whom[1]}, as_json=as_json, lines=[gettext("Taken back.")])


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

"""``gridworker retention``: how long things are kept, what is due, and letting go of it, at the office."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, workspace, written_anew
from gridworker.errors import Problem
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.rights.retention import Preview

commands = typer.Typer(no_args_is_help=True, help="Keep nothing longer than the office decided.")

Rules = Annotated[
    list[str] | None, typer.Option("--rule", help="Only what is due under this rule; may be given again.")
]
Seen = Annotated[
    str, typer.Option("--seen", help="The word of the preview; needed. If something else is due by now, nothing goes.")
]


@commands.command()
def preview(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Show what is due today: by rule, and one by one without names. Nothing is changed."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.retention.preview()
    answer(asdict(found), as_json=as_json, lines=_lines(found))


@commands.command()
def apply(
    rule: Rules = None,
    seen: Seen = "",
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Let go of what a preview showed to be due, for good and on every laptop. Nobody can undo it."""
    if not seen.strip():  # a clock that is wrong by years makes everything due: somebody has to have looked
        raise Problem("Look first at what goes: gridworker retention preview. Its last line has the word for --seen.")
    with workspace(dir_, passphrase_file) as opened:
        chosen = rule or list(opened.retention.periods())
        with written_anew() as told:
            gone = opened.retention.apply(chosen, seen, told)
    lines = [
        ngettext("{count} record was let go of.", "{count} records were let go of.", gone.records).format(
            count=gone.records
        ),
        *(
            gettext(
                "What was erased may still be in {name}, which is out of reach from here: see to it yourself."
            ).format(name=name)
            for name in gone.elsewhere
        ),
    ]
    answer(asdict(gone), as_json=as_json, lines=lines)


@commands.command(name="set")
def set_period(
    rule: Annotated[str, typer.Argument(help="The rule, as the preview names it.")],
    period: Annotated[str, typer.Argument(help="So many years like 3y, so many days like 30d, or keep.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Set how long something is kept. Nothing goes by that."""
    with workspace(dir_, passphrase_file) as opened:
        opened.retention.set_period(rule, period)
        found = {name: one.written() for name, one in opened.retention.periods().items()}
    answer(found, as_json=as_json, lines=[f"{name}  {written}" for name, written in found.items()])


def _lines(found: "Preview") -> list[str]:
    from gridworker.app.rights.retention import held_words

    lines = [f"{one.name}  {one.title}  {one.words}  {one.due}" for one in found.rules]
    lines += [f"{one.name}  {held_words(one.held)}" for one in found.rules if one.held]
    lines += [f"{one.rule}  {one.since}  {one.title} {one.caption}" for one in found.going]
    if found.undated:
        words = ngettext(
            "{count} person moved out or died, and no day says when. They are kept.",
            "{count} people moved out or died, and no day says when. They are kept.",
            found.undated,
        )
        lines.append(words.format(count=found.undated))
    return [
        *lines,
        gettext("On {day}. To let go of exactly this: --seen {seen}").format(day=found.day, seen=found.seen),
    ]

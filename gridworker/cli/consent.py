"""``gridworker consent``: what the people of a household agreed to, refused, withdrew, and what a no lets go of."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, given_object, workspace, written_anew
from gridworker.errors import NotFound
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gridworker.app.rights.consents import ConsentView, Consequence

commands = typer.Typer(no_args_is_help=True, help="What people agreed to, refused and withdrew.")

Household = Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the household.")]
Ledgers = Annotated[bool, typer.Option("--ledgers", help="Also what is kept of those who stand in an official ledger.")]


@commands.command("list")
def list_(
    household: Household, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """List what was answered, the newest first."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.erasing.consents.listed(household)
        opened.records.note_shown("consent", [one.id for one in found])
    _told(found, as_json=as_json)


@commands.command()
def record(
    household: Household, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """Write an answer down, from a JSON object read from standard input.

    Its fields: answer (agreed or refused), who (a resident's number, or household), purpose, scope, method, given_on,
    expires_on, witness. What is left out is as usual, but for the answer.
    """
    values = given_object()
    with workspace(dir_, passphrase_file) as opened:
        consents = opened.erasing.consents
        usual = {**consents.form(household).values, "answer": None}
        unknown = sorted(values.keys() - usual.keys())
        if unknown:
            raise NotFound("There is no field called {field}.", field=", ".join(unknown))
        asked = {name: values.get(name, usual[name]) for name in usual}
        consents.record(household, {**asked, "who": str(asked["who"])})
        found = consents.listed(household)
    _told(found, as_json=as_json)


@commands.command()
def withdraw(
    household: Household,
    consent: Annotated[int, typer.Argument(min=0, max=MAX_NUMBER, help="The number of the consent.")],
    day: Annotated[str, typer.Option("--on", help="From which day on; today without.")] = "",
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """They take back what they agreed to. Nothing is let go of by that: clear does it, at the office."""
    with workspace(dir_, passphrase_file) as opened:
        opened.erasing.consents.withdraw(household, consent, day)
        found = opened.erasing.consents.listed(household)
    _told(found, as_json=as_json)


@commands.command()
def clear(
    household: Household,
    ledgers: Ledgers = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """After a no, erase what it covers, for good and everywhere. Nobody can undo it.

    After a no to everything only the door and how many live there stay.
    """
    with workspace(dir_, passphrase_file) as opened:
        consents = opened.erasing.consents
        if dry_run:
            found = consents.consequence(household, ledgers=ledgers)
        else:
            with written_anew() as told:
                found = consents.carry_out(household, ledgers=ledgers, report=told)
    answer(asdict(found), as_json=as_json, lines=_lines(found))


def _told(found: "Sequence[ConsentView]", *, as_json: bool) -> None:
    lines = [f"{one.id}  {one.who}  {one.state}  {one.about}" for one in found]
    answer([asdict(one) for one in found], as_json=as_json, lines=lines, none=gettext("No answer was written down."))


def _lines(found: "Consequence") -> list[str]:
    from gridworker.app.rights.consents import follow_words

    count = ngettext("{count} record", "{count} records", found.records).format(count=found.records)
    left = [
        gettext("What was erased may still be in {name}, which is out of reach from here: see to it yourself.").format(
            name=name
        )
        for name in found.elsewhere
    ]
    return [*follow_words(found), count, *left]

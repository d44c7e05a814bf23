"""``gridworker audit``: who did what, and the office's word on exports."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.app.files.keeping_files import keep_unless_asked
from gridworker.cli.frame import MAX_NUMBER, Dir, Json, PassphraseFile, answer, asked_purpose, workspace
from gridworker.errors import NotFound, Problem
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from datetime import date

    from gridworker.app.access.audit import AuditView, Filter
    from gridworker.app.workspace import Workspace

Person = Annotated[str, typer.Option("--person", help="Only what this member of staff did, by name or number.")]
Device = Annotated[
    int | None, typer.Option("--device", min=0, max=MAX_NUMBER, help="Only from this laptop; 0 is the office.")
]
Actions = Annotated[list[str] | None, typer.Option("--action", help="Only this act, like reveal; may be given again.")]
Since = Annotated[str, typer.Option("--since", help="From this day on, like 2026-03-01.")]
Until = Annotated[str, typer.Option("--until", help="Up to this day.")]
Record = Annotated[
    int | None, typer.Option("--record", min=0, max=MAX_NUMBER, help="Only what was done with this record, by number.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=MAX_NUMBER, help="At most so many rows, the newest.")]
Most = Annotated[int | None, typer.Argument(min=0, max=MAX_NUMBER, help="Set it to so many people, for everybody.")]

approvals = typer.Typer(no_args_is_help=True, help="Exports above the cap of a laptop: ask, and approve at the office.")


def add_to(app: typer.Typer) -> None:
    """Put the commands beside the others."""
    app.command("audit")(audit)
    app.add_typer(approvals, name="approval")


def audit(
    person: Person = "",
    device: Device = None,
    action: Actions = None,
    since: Since = "",
    until: Until = "",
    record: Record = None,
    limit: Limit = 1000,
    out: Annotated[Path | None, typer.Option("--out", help="At the office: write them to .xlsx or .csv.")] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="With --out: what the list is for.")] = "",
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of a table that stands there.")] = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Who did what: on a laptop in its own store, at the office everywhere. Newest first."""
    from gridworker.app.access.audit import Filter

    if out is not None:
        keep_unless_asked(out, replace=replace)
    with workspace(dir_, passphrase_file) as opened:
        acts = _acts(opened, action or [])
        wanted = Filter(_staff(opened, person), device, acts, _day(since), _day(until), record)
        if out is not None:
            count = opened.audit.export(out, wanted, purpose=asked_purpose(purpose))
            answer({"file": str(out), "rows": count}, as_json=as_json, lines=[str(out)])
            return
        found = _read(opened, wanted, limit)
    none = gettext("Nothing of that is on record.")
    answer([asdict(view) for view in found], as_json=as_json, lines=list(map(_line, found)), none=none)


def _read(opened: "Workspace", wanted: "Filter", limit: int) -> "list[AuditView]":
    if opened.session.is_office:
        return opened.audit.everywhere(wanted, limit=limit)
    return opened.audit.here(wanted, limit=limit)


def _staff(opened: "Workspace", person: str) -> int | None:
    if not person:
        return None
    return opened.audit.staff(person)


def _acts(opened: "Workspace", given: list[str]) -> tuple[str, ...]:
    known = [code for code, _ in opened.audit.actions()]
    for act in given:
        if act not in known:
            raise NotFound("There is no act {name}. There are: {acts}.", name=act, acts=", ".join(known))
    return tuple(given)


def _day(given: str) -> "date | None":
    if not given:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007 - a day of the calendar has no zone
    except ValueError as fault:
        raise Problem("A day is written like {example}.", example="2026-03-01") from fault


def _line(view: "AuditView") -> str:
    count = "" if view.count is None else str(view.count)
    parts = (view.at, view.who, view.device, view.did, view.about, count, view.purpose, view.detail)
    return "  ".join(part for part in parts if part)


@approvals.command()
def ask(
    count: Annotated[int, typer.Argument(min=1, max=MAX_NUMBER, help="How many people.")],
    grid: Annotated[str | None, typer.Option("--grid", help="Of one grid, by name or number; all without.")] = None,
    minors: Annotated[bool, typer.Option("--minors", help="With all that is known of under-14s.")] = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """On a laptop: the code that asks the office for an export."""
    with workspace(dir_, passphrase_file) as opened:
        where = opened.devices.grid(grid) if grid else None
        code = opened.approvals.ask(where, count, minors=minors)
    answer({"ask": code}, as_json=as_json, lines=[code])


@approvals.command()
def show(
    code: Annotated[str, typer.Argument(help="The code a laptop asked with.")],
    dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """At the office: what a code asks for."""
    with workspace(dir_, passphrase_file) as opened:
        asked = opened.approvals.asked(code)
    text = ngettext(
        "Laptop {laptop} of {worker}: {count} person, {grid}{minors}",
        "Laptop {laptop} of {worker}: {count} people, {grid}{minors}",
        asked.count,
    )
    minors = gettext(", with under-14s") if asked.minors else ""
    line = text.format(laptop=asked.laptop, worker=asked.worker, count=asked.count, minors=minors,
                       grid=asked.grid or gettext("All grids"))  # fmt: skip
    answer(asdict(asked), as_json=as_json, lines=[line])


@approvals.command()
def give(
    code: Annotated[str, typer.Argument(help="The code a laptop asked with.")],
    dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """At the office: the code that approves it; it is put on record."""
    with workspace(dir_, passphrase_file) as opened:
        given = opened.approvals.approve(code)
    answer({"approval": given}, as_json=as_json, lines=[given])


@approvals.command()
def cap(
    people: Most = None,
    dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False,
) -> None:  # fmt: skip
    """How many people a laptop exports without a code."""
    with workspace(dir_, passphrase_file) as opened:
        if people is not None:
            opened.rules.set_export_cap(people)
        now = opened.rules.export_cap()
    answer({"cap": now}, as_json=as_json, lines=[str(now)])

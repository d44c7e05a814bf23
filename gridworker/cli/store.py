"""``gridworker undo``, ``digest``, ``check`` and ``compact``: about the store as a whole."""

from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, workspace
from gridworker.text import gettext, ngettext


def add_to(app: typer.Typer) -> None:
    """Put the commands at the top of the tree."""
    for command in (undo, digest, check, compact):
        app.command()(command)


def undo(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Take back the last act of this user; what is used since stays, and a bundle that was merged.

    A conflict that was settled waits again, with both sides. A device bundle that was given out is not taken back.
    """
    with workspace(dir_, passphrase_file) as opened:
        undone = opened.records.undo()
        what = opened.records.act_words(undone.act)
    count = undone.commit.count - 1
    text = ngettext(
        "Taken back: {what}; {count} record changed, {kept} left because they were changed or used since.",
        "Taken back: {what}; {count} records changed, {kept} left because they were changed or used since.",
        count,
    )
    lines = [text.format(what=what, count=count, kept=undone.kept)]
    if undone.homes:
        said = gettext("Households that were visited or used since stay, with all who live there: {homes}.")
        lines.append(said.format(homes=undone.homes))
    if undone.merge_stands:
        lines.append(
            gettext(
                "The bundle that was merged since stands; the office takes one back as a whole, on its page Merge "
                "inbox."
            )
        )
    if undone.erasure_stands:
        lines.append(gettext("What was erased since stays erased: nobody can undo that. This was done before it."))
    plain = {
        "act": undone.act, "records": count, "kept": undone.kept, "homes": undone.homes,
        "merge_stands": undone.merge_stands, "erasure_stands": undone.erasure_stands,
    }  # fmt: skip
    answer(plain, as_json=as_json, lines=lines)


def digest(
    grid: Annotated[str | None, typer.Option("--grid", help="Only the records of a grid, by name or number.")] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """One hash over the visible records: equal on two devices that should agree. Damage is for check."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.care_of_store.digest(grid)
    answer({"digest": found, "grid": grid}, as_json=as_json, lines=[found])


def check(
    mend_index: Annotated[
        bool, typer.Option("--mend-index", help="First make the search index anew; no record changes.")
    ] = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Check the file, the log, the tables against the log, the search index, references. Exit status 1 on any fault."""
    from gridworker.app.backup.self_check import finding_of

    with workspace(dir_, passphrase_file) as opened:
        if mend_index:
            opened.care_of_store.mend_index()
        faults = opened.care_of_store.check()
        found = [(fault, finding_of(fault, is_office=opened.session.is_office).todo) for fault in faults]
    plain = [
        {"where": fault.where, "sentence": fault.sentence, "serious": fault.serious, "todo": todo}
        for fault, todo in found
    ]
    todos = list(dict.fromkeys(todo for fault, todo in found if todo and fault.where not in {"index", "past"}))
    mended = [gettext("The search index was made anew.")] if mend_index else []
    answer(
        {"ok": not faults, "faults": plain},
        as_json=as_json,
        lines=[*mended, *([fault.sentence for fault in faults] or [gettext("Everything is sound.")]), *todos],
    )
    return int(bool(faults))


def compact(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """On a laptop: let go of values that were replaced, as far as the office has them in a backup."""
    with workspace(dir_, passphrase_file) as opened:
        done = opened.compacting.run()
    text = ngettext(
        "{ops} entry of the log let go of values that were replaced: {bytes} bytes.",
        "{ops} entries of the log let go of values that were replaced: {bytes} bytes.",
        done.ops,
    )
    answer({"ops": done.ops, "bytes": done.bytes}, as_json=as_json, lines=[text.format(ops=done.ops, bytes=done.bytes)])

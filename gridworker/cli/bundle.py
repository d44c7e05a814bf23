"""``gridworker bundle``: packing, looking in, merging."""

import json
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.app.exchange.bundle_limit import WITHOUT_FILES
from gridworker.app.exchange.missing_words import missing_words
from gridworker.app.exchange.shown_words import again_line, merged_line, shown_lines
from gridworker.cli import aside
from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, file_or_folder, workspace
from gridworker.errors import Denied, NotFound, Problem, StoreClosed, StoreDamaged, StoreNewer
from gridworker.text import gettext, ngettext

if TYPE_CHECKING:
    from gridworker.app.exchange.bundles_back import Back
    from gridworker.app.exchange.exchange import Merged
    from gridworker.app.exchange.watched import Look
    from gridworker.app.workspace import Workspace

commands = typer.Typer(no_args_is_help=True, help="Pack, show and merge bundles.")
commands.add_typer(aside.commands, name="aside")

MEGABYTE = 1024 * 1024
_ENDING = ".gwb"


@commands.command()
def pack(
    out: Annotated[
        Path, typer.Option("--out", parser=file_or_folder, metavar="FILE", help="A file, or a folder to write into.")
    ],
    to: Annotated[str, typer.Option("--to", help="A laptop's number or worker, office, or all.")] = "",
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit-mb",
            min=0,
            max=1_000_000,
            help="With attachments no file is larger than so many megabytes; 0 leaves them out.",
        ),
    ] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Pack what the other side has not confirmed."""
    if out.suffix != _ENDING and not out.exists():
        raise Problem(
            "There is no folder {name}. End its name with a slash to have it made, or that of a file with {ending}.",
            name=out,
            ending=_ENDING,
        )
    with workspace(dir_, passphrase_file) as opened:
        paths = _pack(opened, out, to, WITHOUT_FILES if limit == 0 else limit and limit * MEGABYTE)
        for line in opened.exchange.left_out():
            typer.echo(line, err=True)
    nothing = gettext("No laptop has handed anything in yet: there is nobody to pack for.")
    whose = gettext("laptop {number}")
    lines = [f"{path}  {whose.format(number=laptop)}" if laptop else str(path) for path, laptop in paths]
    answer([str(path) for path, _ in paths], as_json=as_json, lines=lines, none=nothing)


def _pack(opened: "Workspace", out: Path, to: str, limit: int | None) -> list[tuple[Path, int]]:
    """The files; of several, which their names do not tell apart, with the laptop each is for, else with 0."""
    if not opened.session.is_office:
        if to not in ("", "office"):
            raise Problem("A laptop packs for the office only.")
        return [(opened.exchange.pack(out, limit=limit), 0)]
    if to in ("", "all"):
        if not out.is_dir():
            raise Problem("To pack for all laptops name a folder with --out.")
        return [(path, laptop) for laptop, path in opened.exchange.pack_all(out, limit).items()]
    return [(opened.exchange.pack(out, _laptop(opened, to), limit=limit), 0)]


def _laptop(opened: "Workspace", name: str) -> int:
    for laptop in opened.devices.laptops():
        if name in (str(laptop.number), f"{laptop.number:02d}", str(laptop.id), laptop.worker):
            return laptop.number
    raise NotFound("There is no laptop {name}.", name=name)


@commands.command()
def show(
    file: Annotated[Path, typer.Argument(help="A bundle.")],
    ops: Annotated[
        bool,
        typer.Option("--ops", help="Op by op, as lines of JSON without what was given as values; to look for faults."),
    ] = False,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Show what a bundle says of itself: to the one it is for, and to its writer."""
    with workspace(dir_, passphrase_file) as opened:
        shown = opened.exchange.show(file, whole=ops)
    lines = [json.dumps(line, ensure_ascii=False) for line in shown.lines] if ops else shown_lines(shown)
    answer({key: value for key, value in asdict(shown).items() if ops or key != "lines"}, as_json=as_json, lines=lines)


@commands.command()
def merge(
    files: Annotated[list[Path], typer.Argument(help="Bundles.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Take bundles in, each whole or not at all, and leave those for others. Exit status 1 if one or all stay out."""
    with workspace(dir_, passphrase_file) as opened:
        cut_off = opened.exchange.cut_off()
        results = opened.exchange.merge_all(files)
        told = opened.exchange.other_office(), opened.exchange.still_here()
    lines = [*filter(None, [cut_off]), *map(_line, results), *filter(None, told)]
    answer([_plain(result) for result in results], as_json=as_json, lines=lines)
    stays = any(result.problem and not result.for_others for result in results)
    return int(stays or all(result.problem for result in results))


Name = Annotated[str, typer.Argument(help="The bundle's file, whatever it is called now, or its first name.")]


@commands.command("take-back")
def take_back(file: Name, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Take back all that a bundle brought. It stays in the history, and bring-back brings it back."""
    with workspace(dir_, passphrase_file) as opened:
        back = opened.bundles_back.take_back(opened.bundles_back.numbered(file))
    words = ngettext(
        "Taken back: {count} record changed, {kept} left because they were changed or used since.",
        "Taken back: {count} records changed, {kept} left because they were changed or used since.",
        back.records,
    )
    _tell_back(back, words, as_json=as_json)


@commands.command("bring-back")
def bring_back(file: Name, dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Bring back a bundle that was taken back."""
    with workspace(dir_, passphrase_file) as opened:
        back = opened.bundles_back.bring_back(opened.bundles_back.numbered(file))
    words = ngettext(
        "Brought back: {count} record changed, {kept} left because they were changed or used since.",
        "Brought back: {count} records changed, {kept} left because they were changed or used since.",
        back.records,
    )
    _tell_back(back, words, as_json=as_json)


def _tell_back(back: "Back", words: str, *, as_json: bool) -> None:
    answer(asdict(back), as_json=as_json, lines=[words.format(count=back.records, kept=back.kept)])


@commands.command()
def exchange(
    folder: Annotated[Path, typer.Argument(help="A folder that the other computers see too.")],
    every: Annotated[
        int, typer.Option("--every", min=0, max=86_400, help="Look again after so many seconds, until stopped.")
    ] = 0,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Take in what lies in a shared folder and put there what others lack. Exit status 1 where a file did not go in."""
    with workspace(dir_, passphrase_file) as opened:
        cut_off = opened.exchange.cut_off()
        opened.watched.watch(folder)
        look = opened.watched.look()
        if cut_off:
            typer.echo(cut_off, err=True)
        _tell(look, as_json=as_json, arriving=not every)
        if every:
            _go_on(opened, every, as_json=as_json)
    return int(bool(look.bad or look.arriving) or any(result.problem for result in look.merged))


def _go_on(opened: "Workspace", every: int, *, as_json: bool) -> None:
    """Look again and again. A share that is away for a while ends nothing: that is said once, and once that it is over.

    What time does not mend does end it.
    """
    said = ""
    while _passed(every):
        before = opened.watched.last
        try:
            look = opened.watched.look()
        except (Denied, StoreClosed, StoreDamaged, StoreNewer):
            raise
        except Problem as problem:
            if str(problem) != said:
                said = str(problem)
                typer.echo(said, err=True)
            if opened.watched.last not in (None, before):
                _tell(opened.watched.last, as_json=as_json)
            continue
        if said:
            said = ""
            typer.echo(gettext("The exchange goes on."), err=True)
        _tell(look, as_json=as_json)


def _passed(seconds: int) -> bool:
    """Wait so long. Whether to go on after it: always, until somebody stops the program."""
    return not Event().wait(seconds)


def _tell(look: "Look", *, as_json: bool, arriving: bool = False) -> None:
    """``arriving``: files that are not whole yet are named too: nobody looks again to tell that they stay so."""
    results = [*look.merged, *look.bad]
    plain = {
        "merged": [_plain(result) for result in results],
        "packed": [str(path) for path in look.packed],
        "arriving": list(look.arriving),
    }
    not_whole = gettext("{file}: not taken in; it is still being copied, or damaged.")
    coming = [not_whole.format(file=name) for name in look.arriving] if arriving else []
    none = gettext("Nothing new came, and nothing had to be put there.") if arriving else ""
    answer(plain, as_json=as_json, lines=[*map(_line, results), *map(str, look.packed), *coming], none=none)


@commands.command()
def missing(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Name the bundles that never came, and those that came and could not be read."""
    with workspace(dir_, passphrase_file) as opened:
        found = opened.exchange.missing()
        today, exchange = opened.session.today(), opened.exchange
        before, after = (exchange.cut_off(), exchange.other_office()), (*exchange.left_out(), exchange.still_here())
    plain = [
        {**asdict(one), "written": one.written and one.written.isoformat(), "came": one.came and one.came.isoformat()}
        for one in found
    ]
    lines = [*filter(None, before), *(missing_words(one, today) for one in found), *filter(None, after)]
    answer(plain, as_json=as_json, lines=lines, none=gettext("No bundle is missing."))


def _plain(result: "Merged") -> dict[str, object]:
    trip = result.trip
    return {
        "file": result.file, "again": result.again, "for_others": result.for_others, "left": result.left or None,
        "taken_back": result.back and result.back.isoformat(), "conflicts": result.conflicts, "newer": result.newer,
        "problem": str(result.problem) if result.problem else None,
        "code": result.problem.code if result.problem else None,
        "n": trip and trip.n, "ops": trip and trip.ops, "records": trip and trip.records, "aside": trip and trip.aside,
        "erased": trip and trip.erased, "forgotten": trip and trip.forgotten,
        "missing": list(trip.missing) if trip else [], "elsewhere": bool(trip and trip.elsewhere),
    }  # fmt: skip


def _line(result: "Merged") -> str:
    if result.left:
        return gettext("{file}: {problem}").format(file=result.file, problem=result.left)
    if result.problem is not None:
        return gettext("{file}: {problem}").format(file=result.file, problem=result.problem)
    if result.again:
        return again_line(result)
    return merged_line(result)

"""``gridworker key``: the keys bundles are sealed to and signed with, for age and openssl."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli.frame import Dir, Json, PassphraseFile, answer, passphrase, workspace
from gridworker.errors import Problem
from gridworker.text import gettext

commands = typer.Typer(no_args_is_help=True, help="Show and write out keys.")

Whose = Annotated[str, typer.Option("--of", help="self, office, recovery, or a laptop's number.")]


@commands.command()
def show(
    of: Whose = "",
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Show public keys: fingerprint, words to read aloud, the age recipient, the signing key as PEM."""
    with workspace(dir_, passphrase_file) as opened:
        known = [opened.keys.key(of)] if of else opened.keys.known()
    lines = [
        line
        for one in known
        for line in (
            f"{one.whose}  {one.fingerprint}  {' '.join(one.words)}  {one.recipient}",
            *one.signing_pem.splitlines(),
        )
    ]
    answer([asdict(one) for one in known], as_json=as_json, lines=lines)


@commands.command()
def recovery(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where the new key file goes: onto a stick of its own.")],
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """At the office: make another recovery sheet. It is in force once it was tried, see passphrase test."""
    with workspace(dir_, passphrase_file) as opened:
        sheet = opened.recovery.renew(out)
    lines = [
        gettext("Written: {file}").format(file=out),
        gettext("Recovery code: {code}").format(code=sheet.code),
        gettext("Write it on paper, then try both with “passphrase test”: from then on this sheet is in force."),
    ]
    value = {"out": str(out), "recovery_code": sheet.code, "fingerprint": sheet.fingerprint}
    answer(value, as_json=as_json, lines=lines)


@commands.command()
def escrow(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """At the office: make the key anew by which it helps out a forgotten passphrase."""
    with workspace(dir_, passphrase_file) as opened:
        serial = opened.resets.renew()
    line = gettext("Laptops hear of it with the next reply, and use it from their next unlocking on.")
    answer({"serial": serial}, as_json=as_json, lines=[line])


@commands.command()
def data(dir_: Dir = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Encrypt the store under a new data key. Others on this computer need a new passphrase afterwards."""
    from gridworker.app.backup.data_key import left_words

    typed = passphrase(passphrase_file)
    with workspace(dir_, passphrase_file) as opened:
        losing = opened.data_key.losing()
        rekeying = opened.data_key.prepare(typed)
    done = rekeying.run()
    lines = [
        gettext("The data have a new key. Your passphrase opens them as before."),
        *(gettext("{name} needs a new passphrase: passphrase add.").format(name=name) for name in losing),
        *left_words(done.elsewhere),
    ]
    answer({**asdict(done), "losing": losing}, as_json=as_json, lines=lines)


@commands.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    of: Whose = "self",
    secret: Annotated[
        bool, typer.Option("--secret", help="The office's secret key, sealed; needs --code-file.")
    ] = False,
    code_file: Annotated[Path | None, typer.Option("--code-file", help="Where to write the one-time code.")] = None,
    dir_: Dir = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a signing key as PEM for openssl; with --secret the key that opens bundles to the office, for age."""
    _require_together(of, code_file, secret=secret)
    with workspace(dir_, passphrase_file) as opened:
        if secret and code_file is not None:
            opened.keys.export_secret(out, code_file)
        else:
            opened.keys.export_public(of, out)
    answer({"out": str(out)}, as_json=as_json, lines=[gettext("Written: {file}").format(file=out)])


def _require_together(of: str, code_file: Path | None, *, secret: bool) -> None:
    """Raises Problem for words that do not go together: neither is left unheeded."""
    if secret and code_file is None:
        raise Problem("Name a file for the one-time code with --code-file, and keep it apart from the key.")
    if secret and of not in {"self", "office"}:
        raise Problem("Nobody has the secret key of another computer: leave --of away.")
    if code_file is not None and not secret:
        raise Problem("A public key needs no one-time code: --code-file goes with --secret.")

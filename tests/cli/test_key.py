"""What an auditor does without Gridworker: open a bundle with age, check who signed it with openssl."""

import subprocess
from pathlib import Path

from gridworker.sync.format.code import Code
from gridworker.sync.format.keys import open_recovery
from gridworker.sync.format.seal import unlock
from tests.cli.script import Script, enrolled


def checked(script: Script, bundle: Path, identity: str, signing: Path) -> bool:
    """Whether the commands of the manual open it and find the signature good."""
    inner = script.folder / "inner"
    (script.folder / "key.txt").write_text(f"{identity}\n")
    subprocess.run(["age", "-d", "-i", script.folder / "key.txt", "-o", inner, bundle], check=True)
    data = inner.read_bytes()
    (script.folder / "body").write_bytes(data[:-64])
    (script.folder / "signature").write_bytes(data[-64:])
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", signing, "-rawin", "-in", script.folder / "body",
         "-sigfile", script.folder / "signature"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return "Signature Verified Successfully" in done.stdout


def test_age_and_openssl_open_and_check_both_ways(script: Script, office: Path) -> None:
    laptop, sealed, code = enrolled(script, office), script.folder / "office.age", script.folder / "office-code.txt"
    recovery = open_recovery((script.folder / "recovery.age").read_bytes(), Code.read(script.recovery_code))
    (bundle,) = script.json("bundle", "pack", "--dir", laptop, "--out", script.folder)
    script.json("bundle", "merge", bundle, "--dir", office)
    (reply,) = script.json("bundle", "pack", "--dir", office, "--out", script.folder, "--to", "1")
    of_laptop, of_office = script.folder / "laptop.pem", script.folder / "office.pem"
    script.json("key", "export", "--dir", office, "--of", "01", "--out", of_laptop)
    script.json("key", "export", "--dir", laptop, "--of", "office", "--out", of_office)
    script.json("key", "export", "--dir", office, "--secret", "--out", sealed, "--code-file", code)
    own = unlock(sealed.read_bytes(), code.read_text().strip()).decode().splitlines()[-1]
    assert checked(script, Path(bundle), own, of_laptop)
    assert checked(script, Path(reply), recovery.secret, of_office)
    assert not checked(script, Path(reply), recovery.secret, of_laptop)


def test_both_ends_show_the_same_key_of_the_office(script: Script, office: Path) -> None:
    laptop = enrolled(script, office)
    [here] = script.json("key", "show", "--dir", office, "--of", "office")
    [there] = script.json("key", "show", "--dir", laptop, "--of", "office")
    assert here == there
    assert {one["whose"] for one in script.json("key", "show", "--dir", office)} == {"self", "office", "recovery"}


def test_a_laptop_gives_no_secret_out(script: Script, office: Path) -> None:
    laptop, out = enrolled(script, office), script.folder / "key.age"
    status, _, said = script.run("key", "export", "--secret", "--out", out, "--code-file", out, "--dir", laptop)
    assert (status, out.exists()) == (1, False)
    assert said.strip() == (
        '"Export: Keys and passphrases" is not for your role, Grid worker. It is for: Community office.'
    )
    status, _, said = script.run("key", "export", "--secret", "--out", out, "--dir", office)
    assert (status, "--code-file" in said) == (1, True)


def test_words_that_do_not_go_together_are_refused_and_write_nothing(script: Script, office: Path) -> None:
    out, code = script.folder / "key.age", script.folder / "code.txt"
    for words, said in (
        (("--secret", "--of", "01", "--code-file", code), "Nobody has the secret key of another computer"),
        (("--code-file", code), "A public key needs no one-time code"),
    ):
        status, _, told = script.run("key", "export", "--out", out, *words, "--dir", office)
        assert (status, said in told) == (1, True)
        assert not out.exists()
        assert not code.exists()


def test_giving_the_key_out_is_on_record(script: Script, office: Path) -> None:
    script.json(
        "key", "export", "--secret", "--out", script.folder / "k", "--code-file", script.folder / "c", "--dir", office
    )
    rows = script.json("record", "list", "audit_event", "--dir", office)
    assert [row["detail"] for row in rows if row["action"] == "key"] == ["export"]


def test_the_keys_of_the_office_are_made_anew(script: Script, office: Path) -> None:
    new, code = script.folder / "new.age", script.folder / "code.txt"
    made = script.json("key", "recovery", new, "--dir", office)
    code.write_text(made["recovery_code"])
    assert script.json("key", "show", "--of", "recovery", "--dir", office)[0]["fingerprint"] != made["fingerprint"]
    tried = script.json("passphrase", "test", new, "--code-file", code, "--dir", office)
    assert (tried["opens"], tried["renewed"]) == (True, True)
    assert script.json("key", "show", "--of", "recovery", "--dir", office)[0]["fingerprint"] == made["fingerprint"]
    status, _, err = script.run("key", "recovery", new, "--dir", office)
    assert (status, "already" in err) == (1, True)
    assert script.json("key", "escrow", "--dir", office) == {"serial": 1}
    kept = script.folder / "recovery.age"
    code.write_text(script.recovery_code)
    status, _, err = script.run("passphrase", "test", kept, "--code-file", code, "--dir", office)
    assert (status, err) == (1, "This recovery key does not belong to these data.\n")
    before = (office / "keys.json").read_bytes()
    assert script.json("key", "data", "--dir", office)["losing"] == []
    assert (office / "keys.json").read_bytes() != before
    assert script.json("check", "--dir", office)["ok"]
    assert [one["name"] for one in script.json("grid", "list", "--dir", office)] == ["第一网格"]


def test_the_signing_key_is_shown_as_it_is_exported(script: Script, office: Path) -> None:
    out = script.folder / "office.pem"
    script.json("key", "export", "--of", "office", "--out", out, "--dir", office)
    status, shown, _ = script.run("key", "show", "--of", "office", "--dir", office)
    assert status == 0
    assert out.read_text().strip() in shown


def test_a_key_and_its_code_are_two_files(script: Script, office: Path) -> None:
    """The second one would take the place of the code, without which the key opens nothing."""
    out = script.folder / "k"
    for code in (out, script.folder / "office" / ".." / "k"):
        status, _, said = script.run("key", "export", "--secret", "--out", out, "--code-file", code, "--dir", office)
        assert (status, said) == (1, "The key and its code cannot be one file. Name another one for the code.\n")
    assert not out.exists()

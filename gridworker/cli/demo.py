"""``gridworker demo``: a sample community to look at."""

from pathlib import Path
from typing import Annotated

import typer

from gridworker.cli.frame import Json, answer
from gridworker.text import gettext


def demo(
    dir_: Annotated[Path, typer.Option("--dir", help="The folder to make it in.")],
    people: Annotated[int, typer.Option("--people", min=1, help="About how many people.")] = 1200,
    seed: Annotated[int, typer.Option("--seed", help="The same number makes the same people.")] = 7,
    as_json: Json = False,
) -> None:
    """Make a sample community of invented people: an office and two laptops, one passphrase for all."""
    from gridworker.app.demo.demo import make_demo

    made = make_demo(dir_, people=people, seed=seed)
    plain = {
        "office": str(made.office), "laptops": [str(laptop) for laptop in made.laptops], "passphrase": made.passphrase,
    }  # fmt: skip
    lines = [
        gettext("Office: {folder}").format(folder=made.office),
        *(gettext("Laptop: {folder}").format(folder=laptop) for laptop in made.laptops),
        gettext("Passphrase for all: {passphrase}").format(passphrase=made.passphrase),
    ]
    answer(plain, as_json=as_json, lines=lines)

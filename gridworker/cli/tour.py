"""``gridworker tour``: the whole circle without a display, and a picture of every page."""

import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gridworker.cli.frame import Json, answer

if TYPE_CHECKING:
    from gridworker.app.demo.tour import Step


def tour(
    shots: Annotated[Path | None, typer.Option("--shots", help="A folder for a PNG of every page.")] = None,
    as_json: Json = False,
) -> int:
    """Go once around: office, roster, device bundles, visits, bundles both ways, conflict, receipts; 1 on a failure."""
    from gridworker.app.demo.tour import Circle

    if shots is not None:
        shots.mkdir(parents=True, exist_ok=True)  # now: nobody is to wait for a circle whose pictures go nowhere
    with tempfile.TemporaryDirectory() as folder:
        circle = Circle(Path(folder))
        try:
            steps = list(circle.run())
        finally:
            circle.close()
    if shots is not None and steps[-1].ok:
        steps.append(_pictures(shots))
    ok = all(step.ok for step in steps)
    lines = [f"{'ok  ' if step.ok else 'FAIL'} {step.name:10} {step.seconds:6.2f} s  {step.detail}" for step in steps]
    answer({"ok": ok, "steps": [asdict(step) for step in steps]}, as_json=as_json, lines=lines)
    return 0 if ok else 1


def _pictures(shots: Path) -> "Step":
    from gridworker.app.demo.demo import make_demo
    from gridworker.app.demo.tour import Step, enliven
    from gridworker.app.workspace import Workspace
    from gridworker.gui.tour import PageFailed, take_pictures

    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        demo = make_demo(Path(folder))
        stores = {
            "office": Workspace.open(demo.office, demo.passphrase),
            "field": Workspace.open(demo.laptops[0], demo.passphrase),
        }
        try:
            stores["field"].backups.make()  # of before what follows, so that putting it back has something to tell
            ledger = enliven(stores["office"], stores["field"], Path(folder))
            taken = take_pictures(stores, shots, ledger)
            ok, detail = bool(taken), f"{len(taken)} in {shots}"
        except (PageFailed, OSError) as fault:
            ok, detail = False, str(fault)
        finally:
            for workspace in stores.values():
                workspace.close()
    return Step("pictures", ok, detail, time.perf_counter() - start)

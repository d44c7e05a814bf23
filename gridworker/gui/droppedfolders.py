"""Folders among files that are dropped on a page: what is meant are the bundles in them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from gridworker.gui import background
from gridworker.gui.page import Page
from gridworker.text import gettext


def with_folders(page: Page, paths: Sequence[Path], take: Callable[[list[Path]], object]) -> None:
    """Hand on the files, and of folders the bundles in them that are new and may be for this computer."""
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if path not in folders]
    if not folders:
        take(files)
        return

    def on_found(found: list[Path]) -> None:
        if files or found:
            take([*files, *found])
        else:
            words = gettext("No new bundle for this computer is in “{name}”.")
            page.shell.toast(words.format(name=folders[0].name or str(folders[0])))

    bundles_in = page.ws.exchange.bundles_in
    background.run(lambda: [path for folder in folders for path in bundles_in(folder)], done=on_found, owner=page)

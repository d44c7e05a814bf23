"""Bundles of this computer that lie in a shared folder under a name somebody else gave them."""

import hashlib
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.errors import Problem
from gridworker.store.log.clock import laptop_of
from gridworker.store.streams import Exchange

if TYPE_CHECKING:
    from gridworker.app.session import Session


def packed_here(session: "Session", folder: Path, known: Container[str]) -> list[Path]:
    """Files whose name bears this computer's number and is none of ``known``."""
    from gridworker.sync.files.files import BundleName, bundles_in

    laptop = session.store.identity.laptop
    named = ((path, BundleName.parse(path.name)) for path in bundles_in(folder) if path.name not in known)
    return [path for path, name in named if name and laptop_of(name.device) == laptop]


def state_of(session: "Session", path: Path) -> str | None:
    """How a bundle that was written here stands, whatever its file is called; None where it was not, or is gone."""
    from gridworker.sync.files.files import load_bundle

    try:
        digest = hashlib.sha256(load_bundle(path)).digest()
    except Problem:
        return None
    with session.store.cursor() as cursor:
        row = Exchange(cursor).written(digest)
    return row.state if row else None

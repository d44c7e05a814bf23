"""Bundles that a device signs with its own key and no honest program would write."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from gridworker.app.workspace import Workspace
from gridworker.store.log.op import Author, OpRow
from gridworker.sync.format.bundle import Contents, write_bundle
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.post import Post


def keys_of(workspace: Workspace) -> DeviceKeys:
    """The secret keys of a device."""
    with workspace.session.store.settings() as settings:
        return DeviceKeys.parse(settings.secret("device_keys") or b"")


def device_of(workspace: Workspace) -> int:
    """Its device number, incarnation included."""
    return workspace.session.store.identity.device


def lie(by: Workspace, path: Path, rows: list[OpRow], laptop: int = 0, **changes: Any) -> Path:
    """What ``by`` would pack next, for a ``laptop`` where it is the office, with these ops and another header."""
    post = Post(by.session.store, by.session.folder, by.session.who)
    header, _, to, _ = post.prepared(by.session.now(), laptop)
    upto = max((row.clk for row in rows), default=header.upto)
    changed = replace(header, **{"n": header.n + int.from_bytes(os.urandom(3)), "prev": None, "upto": upto, **changes})
    contents = Contents(changed, rows, [Author(by.session.who, by.session.store.identity.scope)])
    path.write_bytes(write_bundle(contents, keys_of(by), [to]).data)
    return path

"""Making the office's store: the community, the clerk, the keys, the recovery key."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.access.new_store import Blueprint, left_as_it_was, make_store, require_empty
from gridworker.app.files.keeping_files import keep_all
from gridworker.app.session import LOCAL, utc_now
from gridworker.errors import Problem

if TYPE_CHECKING:
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.log.clock import Wall
    from gridworker.store.store import Store


@dataclass(frozen=True, slots=True)
class Founding:
    """What the office's first form says. ``divisions`` is the CSV of real places; None is the one that ships."""

    community_code: str
    office_name: str
    clerk: str
    divisions: Path | None = None
    recovery: Path | None = None
    """Where the sealed recovery key is written, before there is a store that only it could open again."""


@dataclass(frozen=True, slots=True, repr=False)
class RecoverySheet:
    """The office's recovery key, sealed under a code that is shown once and printed: nothing here is kept readable.

    ``sealed`` opens with Debian's ``age`` and ``code`` as its passphrase.
    """

    sealed: bytes
    code: str
    recipient: str
    fingerprint: str = ""
    words: tuple[str, ...] = ()


def found_office(
    folder: Path,
    passphrase: str,
    founding: Founding,
    *,
    profile: "KdfProfile | None" = None,
    wall: "Wall | None" = None,
) -> RecoverySheet:
    """Make an office's store in a folder without one.

    Raises StoreMissing where there is one already, NotFound for an unknown community code, Invalid, DiskFull, and
    Problem where the recovery key cannot be written or would replace a file; then nothing was made.
    """
    from gridworker.app.places import divisions
    from gridworker.store.engine.filesafe import written_together
    from gridworker.store.meta import OFFICE_ROLE, Identity
    from gridworker.store.records import kind_named
    from gridworker.sync.enrolment.escrowed import seed_of
    from gridworker.sync.format.code import Code
    from gridworker.sync.format.keys import DeviceKeys, new_recovery, seal_recovery

    require_empty(folder)
    if not founding.office_name.strip():
        raise Problem("The office needs a name.")
    place = divisions(founding.divisions).community(founding.community_code)
    kind_named("staff").checked({"name": founding.clerk, "role": "office"})
    recovery, code = new_recovery(), Code.new()
    public = recovery.public
    sheet = RecoverySheet(
        seal_recovery(recovery, code), code.text, public.recipient, public.fingerprint, tuple(public.words)
    )

    def fill(store: "Store") -> None:
        clerk = _write_first_records(store, founding, place)
        with store.settings() as settings:
            settings.set_secret("device_keys", DeviceKeys.generate().pack())
            settings.set("recovery_keys", recovery.public.pack())
            seed_of(settings)
            settings.set("person", clerk)
        if founding.recovery is not None:
            write(founding.recovery, partial(write_recovery, sheet, founding.recovery))

    identity = Identity(OFFICE_ROLE, founding.community_code, 0, 0)
    with left_as_it_was(folder), written_together() as write:
        make_store(folder, passphrase, Blueprint(identity, sheet.recipient, fill, wall=wall), profile=profile)
    return sheet


def write_recovery(sheet: RecoverySheet, path: Path) -> None:
    """Write the sealed recovery key to a new file. Raises DiskFull, StoreProblem, Problem where there is one."""
    from gridworker.store.engine.filesafe import write_durably

    keep_all(path)
    write_durably(path, sheet.sealed)


def _write_first_records(store: "Store", founding: Founding, place: "dict[str, str]") -> int:
    from gridworker.store.records import kind_named
    from gridworker.store.tables.changes import Act, Change

    staff = store.new_id()

    def new(kind: str, id_: int, values: "dict[str, object]") -> Change:
        return Change(kind, id_, kind_named(kind).checked(values), create=True)

    changes = [
        new("staff", staff, {"name": founding.clerk, "role": "office", "active": True}),
        new("community", store.new_id(), {**place, "office_name": founding.office_name}),
        new("device", store.new_id(), {"number": 0, "label": founding.office_name, "staff_id": staff, "state": "active",
                                       "issued_on": utc_now().astimezone(LOCAL).date()}),
    ]  # fmt: skip
    store.write(changes, Act("create", staff))
    return staff

"""Who unlocks an open store, and whether somebody of the community office still does once others have gone.

The session asks before it lets anybody leave: it cannot be named here, and is taken for what it has.
"""

from typing import TYPE_CHECKING, Protocol

from gridworker.app.openers import vault_in
from gridworker.errors import Problem, StoreMissing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gridworker.paths import Folder
    from gridworker.store.keys.kdf import KdfProfile
    from gridworker.store.keys.vault import Keys
    from gridworker.store.store import Store


class Opened(Protocol):
    """An open store with its folder and keys."""

    store: "Store"
    folder: "Folder"
    keys: "Keys"
    profile: "KdfProfile | None"

    @property
    def is_office(self) -> bool:
        """Whether it is the office's."""


def people_of_slots(opened: Opened) -> dict[str, int]:
    """By slot, whose passphrase it is: everybody who unlocks this store; nobody where it has no key file."""
    from gridworker.store.keys.slot_changes import SlotChanges

    try:
        owners = SlotChanges(vault_in(opened.folder.root, opened.profile), opened.keys).owners()
    except StoreMissing:
        return {}
    return {one.slot: one.person or made_for(opened) for one in owners}


def made_for(opened: Opened) -> int:
    """Whose a slot is that names nobody: the one this store was made for."""
    from gridworker.store.meta import Meta

    with opened.store.cursor() as cursor:
        return Meta(cursor).number("person")


def shuts_office_out(opened: Opened, leaving: set[int], people: "Iterable[int]") -> bool:
    """Whether these, of the ``people`` with a passphrase at the office, are the last of the community office."""
    from gridworker.store.last_office import leads

    if not opened.is_office:
        return False
    with opened.store.cursor() as cursor:
        office = leads(cursor) & set(people)
    return bool(office & leaving) and not office - leaving


def refuse_last_here(opened: Opened, leaving: set[int], people: "Iterable[int]") -> None:
    """Raise Problem where these are the last of the community office with a passphrase at the office."""
    if shuts_office_out(opened, leaving, people):
        raise Problem(
            "This is the last person of the community office who can unlock this computer. Give a passphrase to "
            "another one of them first."
        )

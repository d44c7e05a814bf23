"""Files among others that are most likely for another computer: a stick carries the replies for all laptops."""

from collections.abc import Sequence
from dataclasses import replace

from gridworker.app.exchange.views import Merged
from gridworker.errors import NotForUs
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE


def told_apart(results: Sequence[Merged], *, is_office: bool) -> list[Merged]:
    """The same, those for others marked, where anything else was for this computer.

    From outside such a file looks like one whose head is damaged. So a name has to say that it is a bundle; and at the
    office that the office wrote it, for what laptops write is for the office.
    """
    if not any(one.problem is None for one in results):
        return list(results)
    return [
        replace(one, for_others=isinstance(one.problem, NotForUs) and _may_be(one.file, is_office=is_office))
        for one in results
    ]


def _may_be(name: str, *, is_office: bool) -> bool:
    from gridworker.sync.files.files import BundleName

    said = BundleName.parse(name)
    return said is not None and (not is_office or said.device >> INCARNATION_BITS == OFFICE)

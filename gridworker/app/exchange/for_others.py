"""Files that were not taken in and that nobody here waits for: those for other computers, and copies of what is here.

From outside a file for another computer looks like one whose head is damaged. What tells them apart is whether this
computer wrote it, and its name: who wrote it, and which one of theirs it is. A stick carries the replies for all
laptops, so on a laptop one that does not open counts as another's where anything else went in.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.exchange.views import Merged
from gridworker.errors import BundleAltered, NotForUs, Problem
from gridworker.plainfile import open_plain
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE
from gridworker.text import gettext

if TYPE_CHECKING:
    from gridworker.store.streams import BundleRow
    from gridworker.sync.post import Post

Written = Callable[[bytes], "BundleRow | None"]
"""The row of a bundle that was written here, by the hash of its file."""


class ForOthers:
    """Tells them apart at one computer."""

    def __init__(self, post: "Post", written: Written, *, is_office: bool) -> None:
        self._post, self._written, self._is_office = post, written, is_office

    def told_apart(self, results: Sequence[Merged], paths: Sequence[Path]) -> list[Merged]:
        """The same, with a sentence for those that nobody here waits for. ``paths`` are their files, in this order."""
        went_in = any(one.problem is None for one in results)
        return [self._told(one, path, went_in=went_in) for one, path in zip(results, paths, strict=True)]

    def _told(self, one: Merged, path: Path, *, went_in: bool) -> Merged:
        from gridworker.sync.unread import Place

        if not isinstance(one.problem, NotForUs | BundleAltered):
            return one
        place = self._post.place_of(one.file)
        if place is Place.COVERED:
            covered = replace(one, left=self._covered(one.file))
            return replace(covered, for_others=isinstance(one.problem, NotForUs) and went_in and not self._is_office)
        if isinstance(one.problem, BundleAltered):
            return one
        if place is Place.NAMELESS and (words := _no_bundle(path)):
            return replace(one, left=words)
        words = self._of_own(path) or self._by_name(one.file, place is Place.ELSEWHERE, went_in=went_in)
        return replace(one, left=words, for_others=bool(words))

    def _of_own(self, path: Path) -> str:
        """Of what was written here: for whom."""
        from gridworker.sync.files.files import load_bundle

        try:
            row = self._written(hashlib.sha256(load_bundle(path)).digest())
        except Problem:
            return ""
        if row is None:
            return ""
        if not self._is_office:
            return gettext(
                "This laptop wrote this bundle for the office: leave it where it is, the office takes it in."
            )
        words = gettext(
            "The office wrote this bundle for laptop {number}: leave it where it is, that laptop takes it in."
        )
        return words.format(number=row.peer)

    def _by_name(self, name: str, elsewhere: bool, *, went_in: bool) -> str:
        from gridworker.sync.files.files import BundleName

        said = BundleName.parse(name)
        if said is None:
            return ""
        laptop = said.device >> INCARNATION_BITS
        if self._is_office and laptop == OFFICE:
            return gettext("By its name an office wrote this bundle for a laptop: leave it for that laptop.")
        if self._is_office and elsewhere:
            words = gettext(
                "By its name this bundle is not for this office, or it is damaged: number {n} of laptop {laptop} is "
                "not waited for here."
            )
            return words.format(n=said.n, laptop=laptop)
        if not self._is_office and laptop != OFFICE:
            return gettext("By its name a laptop wrote this bundle for the office: leave it for the office.")
        if not self._is_office and went_in:
            return gettext("This bundle is for another laptop, or it was not copied whole: leave it where it is.")
        return ""

    def _covered(self, name: str) -> str:
        from gridworker.sync.files.files import BundleName

        said = BundleName.parse(name)
        if said is None:
            return ""
        laptop = said.device >> INCARNATION_BITS
        words = gettext(
            "This file cannot be read, and nothing is missing here: number {n} of laptop {laptop} came, or what was in "
            "it."
        )
        if laptop == OFFICE:
            words = gettext(
                "This bundle is for another laptop, or it was not copied whole. Nothing is missing here: number {n} of "
                "the office came, or what was in it."
            )
        return words.format(n=said.n, laptop=laptop)


def _no_bundle(path: Path) -> str:
    """What a file is that neither is named as a bundle nor looks like one; '' where it may be one."""
    from gridworker.sync.files.files import SUFFIX
    from gridworker.sync.format.seal import AGE, LOCKED

    try:
        with open_plain(path) as file:
            head = file.read(len(LOCKED))
    except OSError:
        return ""
    if head == LOCKED:
        return gettext("A code opens this file: it is a device bundle or a recovery key, and nothing to merge.")
    if path.suffix.lower() == SUFFIX or AGE.startswith(head) or head.startswith(AGE):
        return ""
    return gettext("This file is no bundle, and nothing to merge.")

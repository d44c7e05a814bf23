"""Taking files in that came together: as one transaction, and what came of each of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gridworker.app.exchange.bundles_back import when_taken_back
from gridworker.app.exchange.compacting import Compacting
from gridworker.app.exchange.trips import still_missing, trip_of
from gridworker.app.exchange.views import Merged
from gridworker.errors import BundleProblem
from gridworker.store.intake.transaction import collecting_paused
from gridworker.store.newer_version import kept_newer

if TYPE_CHECKING:
    from gridworker.app.session import Session
    from gridworker.store.intake.transaction import Commit
    from gridworker.sync.bundle_batch import Received
    from gridworker.sync.post import Post
    from gridworker.sync.prefetch import Loaded


def merge_together(session: "Session", post: "Post", paths: Sequence[Path]) -> list[Merged]:
    """Take files in as one transaction; those that are no bundles for us are told apart, all else stops it."""
    from gridworker.sync.prefetch import prefetching

    results: list[Merged] = []
    commits: list[Commit] = []
    with collecting_paused(), post.together(), prefetching(paths, post.reading) as opening:
        while left := paths[len(results) :]:
            plain = post.take_plain(opening.ready(), session.now())
            opening.skip(len(plain))
            came = _told(session, left, plain) if plain else [_take_in(session, post, left[0], opening.take)]
            for result, commit in came:
                results.append(result)
                commits += [commit] if commit else []
    for commit in commits:
        session.announce(commit)
    Compacting(session).run_if_due()
    return _as_listed(session, results)


def _take_in(
    session: "Session", post: "Post", path: Path, take: "Callable[[], Loaded]"
) -> "tuple[Merged, Commit | None]":
    try:
        data, opened = take()
        received = post.take_in(data, session.now(), opened)
    except BundleProblem as problem:
        return Merged(path.name, problem=problem), None
    [told] = _told(session, [path], [received])
    return told


def _told(
    session: "Session", paths: Iterable[Path], received: "Sequence[Received]"
) -> "list[tuple[Merged, Commit | None]]":
    """What came of each of the first files, which are those that went in."""
    commits = [one.taken.whole if one.taken else None for one in received]
    newer = kept_newer(session.store, [commit.batch if commit else None for commit in commits])
    told = zip(paths, received, commits, newer, strict=False)
    return [(_merged(session, path.name, one, commit, kept), commit) for path, one, commit, kept in told]


def _merged(session: "Session", name: str, received: "Received", commit: "Commit | None", newer: int) -> Merged:
    trip = trip_of(received.row, session)
    if commit is None:
        return Merged(name, trip, again=True, back=when_taken_back(session, received.row.batch))
    return Merged(name, trip, conflicts=commit.conflicts, newer=newer)


def _as_listed(session: "Session", results: list[Merged]) -> list[Merged]:
    """The same, naming of what is missing no more than the list of it does, now that all of them are in."""
    if not any(one.trip and one.trip.missing for one in results):
        return results
    named = still_missing(session)
    return [
        replace(one, trip=replace(one.trip, missing=named.get(one.trip.hash, ()))) if one.trip else one
        for one in results
    ]

"""What a bundle says of itself, and what came of one, in words for the command line."""

from gridworker.app.exchange.clocks import Off
from gridworker.app.exchange.views import CHANGED, Merged, Shown, Trip
from gridworker.domain.moments import local
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE
from gridworker.store.records import kind_named
from gridworker.text import gettext, ngettext


def shown_lines(shown: Shown) -> list[str]:
    """Who wrote it, which one it is, when, and what is in it."""
    laptop = shown.sender >> INCARNATION_BITS
    sender = gettext("laptop {number}").format(number=laptop) if laptop else gettext("the office")
    purposes = {
        "bundle": gettext("A bundle for the office"),
        "reply": gettext("A reply of the office"),
        "kit": gettext("A device bundle"),
    }
    return [
        purposes.get(shown.purpose, shown.purpose),
        gettext("Written by: {sender}, number {n}, {moment}").format(
            sender=sender, n=shown.n, moment=f"{local(shown.written):%Y-%m-%d %H:%M}"
        ),
        gettext("In it: {counts}").format(counts=counts_words(shown)),
        *filter(None, [erased_words(shown.erased), forgotten_words(shown.forgotten)]),
        gettext("Fingerprint of the file: {hash}").format(hash=shown.hash[:16]),
    ]


def counts_words(shown: Shown) -> str:
    """New records by kind, and how many were changed."""
    parts = [
        f"{kind_named(name).kind.plural} {count}" for name, count in shown.counts.items() if name != CHANGED and count
    ]
    changed = shown.counts.get(CHANGED, 0)
    if changed:
        parts.append(ngettext("{count} changed record", "{count} changed records", changed).format(count=changed))
    return gettext(", ").join(parts) or gettext("nothing new")


def newer_words(count: int) -> str:
    """That something of a newer version came, and what becomes of it; empty where nothing did."""
    words = ngettext(
        "{count} entry of a newer version came too: it is kept, and shows once this program is up to date.",
        "{count} entries of a newer version came too: they are kept, and show once this program is up to date.",
        count,
    )
    return words.format(count=count) if count else ""


def erased_words(count: int) -> str:
    """That what was erased came changed by somebody who had not heard of it; empty where nothing did."""
    words = ngettext(
        "{count} record came changed that is erased here: the change has no effect and is not kept.",
        "{count} records came changed that are erased here: the changes have no effect and are not kept.",
        count,
    )
    return words.format(count=count) if count else ""


def forgotten_words(count: int) -> str:
    """That something came about who is erased here, from somebody who had not heard of it; empty where nothing did."""
    words = ngettext(
        "{count} new record came about somebody who is erased here: it is not kept.",
        "{count} new records came about somebody who is erased here: they are not kept.",
        count,
    )
    return words.format(count=count) if count else ""


def clock_words(trip: Trip) -> str:
    """That the clock of the laptop that wrote or read it is wrong, and by how much; empty where nothing says so."""
    if not trip.off:
        return ""
    laptop = trip.ends[0] >> INCARNATION_BITS
    off = Off(laptop, trip.off, trip.at, trip.written)
    if laptop == OFFICE:  # a reply: it is the one that read it
        told = gettext("The clock of this computer is {words}, at least. Set it right.")
        over = gettext(
            "The clock of this computer was {words} and is right now. The office corrects what was written meanwhile."
        )
    else:
        told = gettext("The clock of laptop {number} is {words}, at least. Have it set right there.")
        over = gettext(
            "The clock of laptop {number} was {words} and is right now. What it writes bears the wrong time until it "
            "is corrected: page Devices and people, “Correct its times”."
        )
    return (over if off.is_over else told).format(number=laptop, words=off.words)


def again_line(result: Merged) -> str:
    """That a bundle had been taken in before; where it was taken back then, when, and what brings it back."""
    if result.back is None:
        return gettext("{file}: was merged before; nothing changed.").format(file=result.file)
    words = gettext(
        "{file}: was merged before and taken back on {moment}; nothing changed. To bring it back: gridworker bundle "
        "bring-back {file}"
    )
    return words.format(file=result.file, moment=f"{local(result.back.isoformat()):%Y-%m-%d %H:%M}")


def merged_line(result: Merged) -> str:
    """What taking a bundle in did: in records, as the window counts them; what never came before it, what waits."""
    new, changed = (result.trip.new, result.trip.changed) if result.trip else (0, 0)
    merged = gettext("{file}: merged; {new}, {changed} changed, {conflicts}.").format(
        file=result.file,
        new=ngettext("{count} new record", "{count} new records", new).format(count=new),
        changed=changed,
        conflicts=ngettext("{count} conflict", "{count} conflicts", result.conflicts).format(count=result.conflicts),
    )
    found = _trip_words(result.trip) if result.trip else []
    gone = [erased_words(result.trip.erased), forgotten_words(result.trip.forgotten)] if result.trip else []
    return " ".join(filter(None, (merged, *gone, *found, newer_words(result.newer))))


def _trip_words(trip: Trip) -> list[str]:
    words = []
    if trip.elsewhere:
        words.append(gettext("It is for another computer that is at work as the office."))
    elif trip.missing:
        numbers = gettext(", ").join(map(str, trip.missing))
        never = ngettext("Bundle {numbers} before it never came", "Bundles {numbers} before it never came",
                         len(trip.missing)).format(numbers=numbers)  # fmt: skip
        told = ngettext("{bundles}; the next one brings what is in it.",
                        "{bundles}; the next one brings what is in them.", len(trip.missing))  # fmt: skip
        covered = ngettext("{bundles}; this one brought what was in it.",
                           "{bundles}; this one brought what was in them.", len(trip.missing))  # fmt: skip
        words.append((told if trip.gap else covered).format(bundles=never))
    elif trip.gap:
        words.append(gettext("Something before it is missing; the next bundle brings it by itself."))
    if trip.aside:
        words.append(
            ngettext(
                "{count} change was set aside: see bundle aside.", "{count} changes were set aside: see bundle aside.",
                trip.aside,
            ).format(count=trip.aside)
        )  # fmt: skip
    if trip.forked:
        words.append(
            gettext("This laptop was copied or set back to an old state. Nothing is lost; both sides are kept.")
        )
    return [*words, clock_words(trip)]

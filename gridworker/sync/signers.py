"""Whose signature a bundle must bear; and who is believed about one that stands for another (``redacts``).

An erasure changes files that are kept (redact.py). What is left of one cannot bear its writer's signature any more, so
whoever keeps it signs it anew and names the bundle it stands for. That is a dangerous thing to say: an enrolled laptop
that could say it of another's bundle would write in the other's name, in grids it does not hold, and in the office's.
So only two are heard, each about its own archive and nothing else:

office    its own signature, over a laptop's bundle that it had taken in and checked before. It may meet that again only
          where it was itself set back and goes through its archive; it is taken in as the bundle it was
laptop    its own signature, over a reply of the office's, given back inside ``returns`` to an office that asked. It is
          never taken in: what is new in it is set aside for a person (taking_back.py)

All else is refused whole: by a laptop any at all, by the office those of laptops, whatever they name, themselves too: a
laptop re-makes nothing it hands in, for the copies in its outbox go and are packed anew.
"""

from dataclasses import replace

from gridworker.errors import UnknownSender
from gridworker.store.log.clock import INCARNATION_BITS, OFFICE
from gridworker.store.meta import Identity
from gridworker.store.streams import Exchange
from gridworker.sync import known
from gridworker.sync.format.bundle import Bundle
from gridworker.sync.format.header import Header
from gridworker.sync.format.keys import PublicKeys
from gridworker.sync.format.parts import Purpose, Redaction


def signer_of(exchange: Exchange, header: Header, identity: Identity, office: PublicKeys) -> PublicKeys | None:
    """Whose signature a bundle for this store must bear, None where nobody known wrote it. ``office``: its keys.

    Raises UnknownSender.
    """
    if header.redacts:
        return _maker(header, header.redacts, identity, office)
    if identity.is_office:
        return known.laptop_keys(exchange, header, office)
    from_office = header.purpose is Purpose.REPLY and header.sender >> INCARNATION_BITS == OFFICE
    return office if from_office else None


def _maker(header: Header, of: Redaction, identity: Identity, own: PublicKeys) -> PublicKeys:
    by_office = header.purpose is Purpose.BUNDLE and header.sender >> INCARNATION_BITS == OFFICE
    if identity.is_office and by_office and of.sender >> INCARNATION_BITS != OFFICE:
        return own
    raise UnknownSender(
        "This bundle says that it stands for one of another computer, so nothing was merged: call whoever sent it."
    )


def may_give_back(header: Header, of: Redaction, laptop: int) -> bool:
    """Whether a laptop may give back what is left of a reply: it keeps it itself, and the office had written it."""
    return of.sender >> INCARNATION_BITS == OFFICE and header.sender >> INCARNATION_BITS == laptop


def as_it_was(bundle: Bundle) -> Bundle:
    """A bundle that was read with the keys of ``signer_of``, as the one it stands for; any other as it is.

    An office that was set back takes its archive in once more, and this is then all that is left of the old one.
    """
    header, of = bundle.header, bundle.header.redacts
    if of is None:
        return bundle
    return replace(bundle, header=replace(header, sender=of.sender, n=of.n, prev=of.prev, redacts=None), hash=of.hash)

"""Tickets: a reply has one, the laptop shows it again, and an office that was set back learns from it what it forgot.

That a store was put back behind the program's back only others can tell: laptops had replies, and receipts, that are
not known here. Were their word enough, one laptop that lies could end as many lives of the office as there are, and use
up the laptop numbers that each of them skips. So the office gives every reply a ticket: 8 random bytes and 16 of their
code, under a key only it has, over the laptop, the life and the number of the reply. Laptops show those of the newest
replies they took in. One whose code holds and that is on no reply known here proves that *this life* of the office sent
a reply which this store does not have. Nobody can make one up or use it for another laptop or life, and where nothing
was lost there is none; one that proves something ends the very life it is of, so it proves nothing a second time.
"""

import hmac
import secrets
from dataclasses import dataclass

from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.parts import is_count, require, sized

RANDOM = 8
CODE = 16
TICKET = RANDOM + CODE
_DOMAIN = b"gridworker-ticket-1\n"


@dataclass(frozen=True, slots=True)
class Ticket:
    """The ticket of the reply ``n``, as a laptop shows it."""

    n: int
    ticket: bytes

    def __post_init__(self) -> None:
        require(is_count(self.n) and sized(TICKET)(self.ticket), "header: ticket")

    def holds(self, by: DeviceKeys, laptop: int, device: int) -> bool:
        """Whether the office, in its life ``device``, gave it with a reply to ``laptop``."""
        return hmac.compare_digest(self.ticket, _coded(by, laptop, device, self.n, self.ticket[:RANDOM]))

    def thing(self) -> Thing:
        """What stands in the file."""
        return [self.n, self.ticket]

    @classmethod
    def of(cls, thing: object) -> "Ticket":
        """Read it."""
        match thing:
            case [int(n), bytes(ticket)]:
                return cls(n, ticket)
            case _:
                raise Damaged("header: ticket")


def new_ticket(by: DeviceKeys, laptop: int, device: int, n: int) -> bytes:
    """A ticket for the next reply to a laptop."""
    return _coded(by, laptop, device, n, secrets.token_bytes(RANDOM))


def _coded(by: DeviceKeys, laptop: int, device: int, n: int, random: bytes) -> bytes:
    key = hmac.digest(by.seed, _DOMAIN, "sha256")
    return random + hmac.digest(key, canonical.pack([laptop, device, n, random]), "sha256")[:CODE]

"""The next bundle before it is written: its header and what goes into it, all read at one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from gridworker.store.engine.database import raw_cursor
from gridworker.store.meta import Meta
from gridworker.store.streams import Exchange
from gridworker.sync import known
from gridworker.sync.agreement import of_laptop, of_office
from gridworker.sync.enrolment.given_keys import told_beside
from gridworker.sync.format.asks import Vouch
from gridworker.sync.format.header import Header
from gridworker.sync.format.keys import DeviceKeys, PublicKeys
from gridworker.sync.format.parts import Purpose
from gridworker.sync.format.tickets import new_ticket
from gridworker.sync.kit import introduction
from gridworker.sync.outgoing import Outgoing, to_laptop, to_office
from gridworker.sync.returning.giving import give
from gridworker.sync.returning.life import taken_in
from gridworker.sync.returning.returns import Given
from gridworker.sync.returning.taking_back import asks_of
from gridworker.sync.tracing import came, recent
from gridworker.sync.unread import Unread

if TYPE_CHECKING:
    from gridworker.paths import Folder
    from gridworker.store.meta import Identity
    from gridworker.store.store import Store


@dataclass(frozen=True, slots=True)
class Credentials:
    """What this device signs with and is known by; nothing of it changes while a store is open."""

    keys: DeviceKeys
    office: PublicKeys
    """The office's: our own at the office."""
    kit_secret: bytes
    """What the office can tell a laptop by that it knows no more; empty at the office."""
    vouch: Vouch | None

    @classmethod
    def of(cls, settings: Meta) -> "Credentials":
        """Those in the settings of a store."""
        keys = DeviceKeys.parse(settings.secret("device_keys") or b"")
        office, vouch = settings.blob("office_keys"), settings.secret("kit_vouch")
        return cls(
            keys,
            PublicKeys.parse(office) if office else keys.public,
            settings.secret("kit_secret") or b"",
            Vouch.parse(vouch) if vouch else None,
        )

    def proof(self, identity: "Identity") -> bytes:
        """Goes with every bundle of a laptop: an office set back to before it knew this laptop knows it again."""
        return introduction(self.kit_secret, identity.community, identity.device, self.keys.public)


class Prepared(NamedTuple):
    """The next bundle for one receiver."""

    header: Header
    outgoing: Outgoing
    to: str
    """The key it is sealed for."""
    given: Given
    """What an office that was restored gets back with it."""


def prepare(store: "Store", folder: "Folder", own: Credentials, laptop: int, now: datetime) -> Prepared:
    """The next bundle for the office, or the office's reply to a laptop. Raises UnknownSender, StoreProblem."""
    identity = store.identity
    with store.db.read() as connection:
        exchange = Exchange(raw_cursor(connection))
        if identity.is_office:
            stream = exchange.stream(laptop)
            recipient, to = known.address(exchange, laptop)
            outgoing, given = to_laptop(connection, laptop), Given()
            scope = stream.scope + outgoing.shift.is_new_scope
            agreed = of_office(connection, laptop, outgoing, scope)
        else:
            recipient = Meta(raw_cursor(connection)).number("office_device")
            stream, to = exchange.stream(recipient), own.office.recipient
            given = give(connection, folder, own.keys)
            outgoing = to_office(connection, identity, recipient, without_ops=given.large)
            scope, agreed = identity.scope, of_laptop(exchange, recipient)
        traces: dict[str, Any] = {
            "digest": agreed,
            "recent": recent(exchange, stream.peer),
            "reissued": outgoing.reissued,
            "came": came(exchange, laptop) if identity.is_office else (),
            "refused": Unread(folder).of(recipient) if identity.is_office else (),
            "ticket": new_ticket(own.keys, laptop, identity.device, stream.sent_n + 1) if laptop else None,
            **taken_in(exchange, stream.peer, recipient),
            "asks": asks_of(connection, laptop) if identity.is_office else (),
            "returns": given.reaches,
            "vouch": own.vouch,
            **told_beside(raw_cursor(connection), identity, laptop),
        }
    header = Header(
        purpose=Purpose.REPLY if identity.is_office else Purpose.BUNDLE,
        community=identity.community,
        sender=identity.device,
        recipient=recipient,
        n=stream.sent_n + 1,
        prev=stream.sent_hash.hex() if stream.sent_hash else None,
        time=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        since=outgoing.since,
        upto=outgoing.upto,
        have=outgoing.have,
        backed_up_to=outgoing.backed_up,
        scope=scope,
        keys=None if identity.is_office else own.keys.public,
        proof=None if identity.is_office else own.proof(identity),
        **traces,
    )
    return Prepared(header, outgoing, to, given)

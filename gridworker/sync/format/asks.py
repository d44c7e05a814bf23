"""Header parts that let an office recover after a restore: what it asks back, what a laptop can give, who vouched."""

from dataclasses import dataclass, field

from gridworker.sync.format import canonical
from gridworker.sync.format.canonical import Damaged, Thing
from gridworker.sync.format.keys import DeviceKeys, PublicKeys
from gridworker.sync.format.parts import is_count, is_device, require, sized
from gridworker.sync.format.seal import SIGNATURE

SECRET = 16
MAX_ASKS = 64
_DOMAIN = b"gridworker-enrolment-1\n"


@dataclass(frozen=True, slots=True)
class Ask:
    """Give back the replies of the office's life ``device`` that reach above ``n``; a backup holds those to ``b``."""

    device: int
    n: int
    backed_up: int = 0

    def __post_init__(self) -> None:
        require(is_device(self.device) and is_count(self.n) and is_count(self.backed_up), "header: ask")

    def thing(self) -> Thing:
        """What stands in the file."""
        return [self.device, self.n, self.backed_up]

    @classmethod
    def of(cls, thing: object) -> "Ask":
        """Read it."""
        match thing:
            case [int(device), int(n), int(backed_up)]:
                return cls(device, n, backed_up)
            case _:
                raise Damaged("header: ask")


@dataclass(frozen=True, slots=True)
class Reach:
    """A laptop has the replies of the office's life ``device`` up to ``n``, and can give them back."""

    device: int
    n: int

    def __post_init__(self) -> None:
        require(is_device(self.device) and is_count(self.n), "header: reach")

    def thing(self) -> Thing:
        """What stands in the file."""
        return [self.device, self.n]

    @classmethod
    def of(cls, thing: object) -> "Reach":
        """Read it."""
        match thing:
            case [int(device), int(n)]:
                return cls(device, n)
            case _:
                raise Damaged("header: reach")


@dataclass(frozen=True, slots=True)
class Vouch:
    """The secret of a laptop's kit, signed by the office: one that was set back knows by it whom it enrolled."""

    secret: bytes = field(repr=False)
    signature: bytes

    def __post_init__(self) -> None:
        require(sized(SECRET)(self.secret) and sized(SIGNATURE)(self.signature), "header: vouch")

    @classmethod
    def issue(cls, community: str, laptop: int, secret: bytes, by: DeviceKeys) -> "Vouch":
        """Vouch for the laptop that gets ``secret``."""
        return cls(secret, by.sign(_vouched(community, laptop, secret)))

    def holds(self, community: str, laptop: int, by: PublicKeys) -> bool:
        """Whether ``by`` vouched for this laptop."""
        return by.verify(_vouched(community, laptop, self.secret), self.signature)

    def thing(self) -> Thing:
        """What stands in the file."""
        return [self.secret, self.signature]

    @classmethod
    def of(cls, thing: object) -> "Vouch":
        """Read it."""
        match thing:
            case [bytes(secret), bytes(signature)]:
                return cls(secret, signature)
            case _:
                raise Damaged("header: vouch")

    def pack(self) -> bytes:
        """As bytes, for a store."""
        return canonical.pack(self.thing())

    @classmethod
    def parse(cls, data: bytes) -> "Vouch":
        """Read what ``pack`` gave."""
        return cls.of(canonical.unpack(data, 2 * SIGNATURE))


def _vouched(community: str, laptop: int, secret: bytes) -> bytes:
    return _DOMAIN + canonical.pack([community, laptop, secret])

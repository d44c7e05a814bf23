"""Bundles bent as accidents, or people who try things, would bend them."""

import random


def bend(data: bytes, chance: random.Random) -> bytes:
    """``data`` with one to three things done to it that happen to files, or that somebody would try."""
    bent = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at, to = sorted(chance.randrange(len(bent) + 1) for _ in "ab")
        match chance.randrange(8):
            case 0 | 1 | 2:
                at = min(at, len(bent) - 1)
                bent[at] ^= 1 << chance.randrange(8)
            case 3:
                bent[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xc1"))
            case 4:
                del bent[at : min(to, at + 60)]
            case 5:
                bent[at:at] = bent[at : min(to, at + 60)]
            case 6:
                del bent[at:]
            case _:
                bent[at:at] = chance.randbytes(chance.randrange(1, 9))
        if not bent:
            return b""
    return bytes(bent)

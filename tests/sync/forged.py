"""Codes that nobody at the office gave, by the thousand: drawn, bent, replayed, of another laptop or another ask."""

import random

from gridworker.sync.enrolment.approval import ANSWER_BYTES, Ask, answer, approves
from gridworker.sync.format.keys import DeviceKeys
from gridworker.sync.format.spoken import heard, spoken


def forged_accepted(count: int, *, seed: int) -> int:
    """How many of ``count`` forged codes are accepted. Raises AssertionError where an honest one is not."""
    draw = random.Random(seed)
    office, laptop, other = DeviceKeys.generate(), DeviceKeys.generate(), DeviceKeys.generate()
    accepted = 0
    for number in range(count):
        ask = Ask(
            draw.randrange(1, 1024), draw.randrange(1 << 24), draw.randbytes(4), bool(number % 2), draw.randbytes(5)
        )
        if number % 20 == 0:
            assert approves(answer(ask, office, laptop.public), ask, laptop, office.public)
        accepted += approves(_forged(draw, ask, (office, laptop, other)), ask, laptop, office.public)
    return accepted


def _forged(draw: random.Random, ask: Ask, keys: tuple[DeviceKeys, DeviceKeys, DeviceKeys]) -> str:
    office, laptop, other = keys
    bent = Ask(ask.laptop, ask.count ^ 1 << draw.randrange(24), ask.tag, ask.minors, ask.nonce)
    older = Ask(ask.laptop, ask.count, ask.tag, ask.minors, draw.randbytes(5))
    grown = Ask(ask.laptop, ask.count, ask.tag, not ask.minors, ask.nonce)
    moved = Ask(ask.laptop, ask.count, draw.randbytes(4), ask.minors, ask.nonce)
    ways = (
        lambda: spoken(draw.randbytes(ANSWER_BYTES)),
        lambda: _flipped(draw, answer(ask, office, laptop.public)),
        lambda: answer(draw.choice((bent, older, grown, moved)), office, laptop.public),
        lambda: answer(ask, office, other.public),
        lambda: answer(ask, other, laptop.public),
        lambda: answer(ask, laptop, laptop.public),
    )
    return draw.choice(ways)()


def _flipped(draw: random.Random, code: str) -> str:
    data = bytearray(heard(code, ANSWER_BYTES))
    data[draw.randrange(ANSWER_BYTES)] ^= 1 << draw.randrange(8)
    return spoken(bytes(data))

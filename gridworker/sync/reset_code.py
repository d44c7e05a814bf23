"""The question and the answer about a forgotten passphrase, as files on a stick or as codes over the telephone.

Both are 35 bytes, written as fourteen groups of five signs in the alphabet and with the check signs of ``code.py``:

    question: 0xC1, laptop (2), point (32)          answer: 0xA1, the first 2 bytes of SHA-256(question), point (32)

Of the two bytes the lower ten bits are the laptop, the upper six the number of the office's seed by which it asks.

The file is a line that says which it is, and the code. Nothing in either is secret (see store/escrow.py).
"""

import hashlib
from dataclasses import dataclass

from gridworker.errors import Problem
from gridworker.store.clock import MAX_LAPTOP
from gridworker.store.slots import POINT
from gridworker.sync.code import ALPHABET, RANDOM, check_sign, signs_of

QUESTION_SUFFIX, ANSWER_SUFFIX = ".gwq", ".gwa"
MAX_FILE = 1024
GROUPS = 14
_QUESTION, _ANSWER = 0xC1, 0xA1
_TITLES = {_QUESTION: "gridworker-reset-question-1", _ANSWER: "gridworker-reset-answer-1"}
_MIDDLE = 2
_LAPTOP_BITS = MAX_LAPTOP.bit_length()
_BITS = 5


@dataclass(frozen=True, slots=True)
class QuestionCode:
    """What a laptop asks the office."""

    laptop: int
    point: bytes
    serial: int = 0
    """Number of the office's seed by which it asks (sync/escrowed.py)."""

    @property
    def data(self) -> bytes:
        """35 bytes."""
        middle = self.serial << _LAPTOP_BITS | self.laptop
        return bytes([_QUESTION]) + middle.to_bytes(_MIDDLE, "big") + self.point

    @property
    def tag(self) -> bytes:
        """What an answer names it by."""
        return hashlib.sha256(self.data).digest()[:_MIDDLE]

    @property
    def mark(self) -> str:
        """What the records call it."""
        return hashlib.sha256(self.data).hexdigest()[:8]

    @property
    def text(self) -> str:
        """As it is read out."""
        return _grouped(self.data)

    @property
    def file(self) -> bytes:
        """As it is carried."""
        return _file(self.data)

    @classmethod
    def read(cls, typed: str) -> "QuestionCode":
        """From a file or from what somebody typed. Raises Problem naming the group with a slip."""
        data = _data(typed)
        serial, laptop = divmod(int.from_bytes(data[1 : 1 + _MIDDLE], "big"), 1 << _LAPTOP_BITS)
        if data[0] == _ANSWER:
            raise Problem("This is an answer of the office; it belongs on the laptop.")
        if data[0] != _QUESTION or not 1 <= laptop <= MAX_LAPTOP:
            raise _other()
        return cls(laptop, data[1 + _MIDDLE :], serial)


@dataclass(frozen=True, slots=True)
class AnswerCode:
    """What the office answers. ``tag`` names the question."""

    tag: bytes
    point: bytes

    @property
    def data(self) -> bytes:
        """35 bytes."""
        return bytes([_ANSWER]) + self.tag + self.point

    @property
    def text(self) -> str:
        """As it is read out."""
        return _grouped(self.data)

    @property
    def file(self) -> bytes:
        """As it is carried."""
        return _file(self.data)

    @classmethod
    def read(cls, typed: str, question: QuestionCode) -> "AnswerCode":
        """The same for an answer to ``question``. Raises Problem, also for an answer to another one."""
        data = _data(typed)
        if data[0] == _QUESTION:
            raise Problem("This is the question of the laptop; the office answers it with another code.")
        if data[0] != _ANSWER:
            raise _other()
        answer = cls(data[1 : 1 + _MIDDLE], data[1 + _MIDDLE :])
        if answer.tag != question.tag:
            raise Problem("This answer is to another question. Tell the office the code that is shown here now.")
        return answer


def _grouped(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    length = GROUPS * RANDOM
    signs = "".join(ALPHABET[number >> _BITS * at & 31] for at in range(length - 1, -1, -1))
    groups = [signs[at : at + RANDOM] for at in range(0, length, RANDOM)]
    return "-".join(group + check_sign(group, place) for place, group in enumerate(groups))


def _data(typed: str) -> bytes:
    lines = [line for line in typed.lstrip("\ufeff").splitlines() if line.strip() not in _TITLES.values()]
    signs = signs_of("".join(lines))
    length = RANDOM + 1
    if len(signs) != GROUPS * length:
        raise Problem("The code has fourteen groups of five signs; {count} signs were typed.", count=len(signs))
    number = 0
    for place in range(GROUPS):
        group = signs[place * length : (place + 1) * length]
        if not set(group) <= set(ALPHABET) or check_sign(group[:RANDOM], place) != group[RANDOM]:
            raise Problem("There is a slip in group {group} of the code. Compare it once more.", group=place + 1)
        for sign in group[:RANDOM]:
            number = number << _BITS | ALPHABET.index(sign)
    return number.to_bytes(1 + _MIDDLE + POINT, "big")


def _file(data: bytes) -> bytes:
    return f"{_TITLES[data[0]]}\n{_grouped(data)}\n".encode()


def _other() -> Problem:
    return Problem("This is no code about a forgotten passphrase.")

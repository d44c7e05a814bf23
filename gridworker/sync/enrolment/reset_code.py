"""The question and the answer about a forgotten passphrase, as files on a stick or as codes over the telephone.

Both are 35 bytes, written as fourteen groups of five signs in the alphabet and with the check signs of ``code.py``:

    question: 0xC1, laptop (2), point (32)          answer: 0xA1, the first 2 bytes of SHA-256(question), point (32)

Of the two bytes the lower ten bits are the laptop, the upper six the number of the office's seed by which it asks.
Where several people share the laptop, the question says whose passphrase was forgotten, in sixteen groups:

    question: 0xC2, laptop (2), point (32), the first 5 bytes of SHA-256(their record of staff, 8 bytes)

Without that anybody there who is known to the office would be given the passphrase of anybody else.

The file is a line that says which it is, and the code. Nothing in either is secret (see store/keys/escrow.py).
"""

import hashlib
from dataclasses import dataclass

from gridworker.errors import Problem
from gridworker.store.keys.slots import POINT
from gridworker.store.log.clock import MAX_LAPTOP
from gridworker.sync.format.code import ALPHABET, RANDOM, check_sign, signs_of

QUESTION_SUFFIX, ANSWER_SUFFIX = ".gwq", ".gwa"
MAX_FILE = 1024
GROUPS = 14
GROUPS_OF_SHARED = 16
_QUESTION, _OF_SHARED, _ANSWER = 0xC1, 0xC2, 0xA1
_TITLES = {
    _QUESTION: "gridworker-reset-question-1",
    _OF_SHARED: "gridworker-reset-question-2",
    _ANSWER: "gridworker-reset-answer-1",
}
_MIDDLE = 2
_WHOSE = 5
_LAPTOP_BITS = MAX_LAPTOP.bit_length()
_BITS = 5


def whose(person: int) -> bytes:
    """How a question names one of the staff; empty for nobody."""
    return hashlib.sha256(person.to_bytes(8, "big")).digest()[:_WHOSE] if person else b""


class _Code:
    """What a question and an answer have in common: two ways to write their bytes."""

    __slots__ = ()

    @property
    def data(self) -> bytes:
        """Its bytes."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """As it is read out."""
        return _grouped(self.data)

    @property
    def file(self) -> bytes:
        """As it is carried."""
        return f"{_TITLES[self.data[0]]}\n{self.text}\n".encode()


@dataclass(frozen=True, slots=True)
class QuestionCode(_Code):
    """What a laptop asks the office."""

    laptop: int
    point: bytes
    serial: int = 0
    """Number of the office's seed by which it asks (sync/enrolment/escrowed.py)."""
    whose: bytes = b""
    """Whose passphrase was forgotten; empty where only one person has one."""

    @property
    def data(self) -> bytes:
        """35 bytes, or 40."""
        middle = self.serial << _LAPTOP_BITS | self.laptop
        kind = _OF_SHARED if self.whose else _QUESTION
        return bytes([kind]) + middle.to_bytes(_MIDDLE, "big") + self.point + self.whose

    @property
    def tag(self) -> bytes:
        """What an answer names it by."""
        return hashlib.sha256(self.data).digest()[:_MIDDLE]

    @property
    def mark(self) -> str:
        """What the records call it."""
        return hashlib.sha256(self.data).hexdigest()[:8]

    @classmethod
    def read(cls, typed: str) -> "QuestionCode":
        """From a file or from what somebody typed. Raises Problem naming the group with a slip."""
        data = _data(typed, Problem(
            "The code has fourteen groups of five signs, sixteen where several people share the laptop; "
            "{count} signs were typed.", count=_count(typed),
        ))  # fmt: skip
        serial, laptop = divmod(int.from_bytes(data[1 : 1 + _MIDDLE], "big"), 1 << _LAPTOP_BITS)
        if data[0] == _ANSWER:
            raise Problem("This is an answer of the office; it belongs on the laptop.")
        if data[0] not in {_QUESTION, _OF_SHARED} or not 1 <= laptop <= MAX_LAPTOP:
            raise _other()
        rest = data[1 + _MIDDLE :]
        return cls(laptop, rest[:POINT], serial, rest[POINT:])


@dataclass(frozen=True, slots=True)
class AnswerCode(_Code):
    """What the office answers. ``tag`` names the question."""

    tag: bytes
    point: bytes

    @property
    def data(self) -> bytes:
        """35 bytes."""
        return bytes([_ANSWER]) + self.tag + self.point

    @classmethod
    def read(cls, typed: str, question: QuestionCode) -> "AnswerCode":
        """The same for an answer to ``question``. Raises Problem, also for an answer to another one."""
        told = Problem("The code has fourteen groups of five signs; {count} signs were typed.", count=_count(typed))
        data = _data(typed, told)
        if data[0] in {_QUESTION, _OF_SHARED}:
            raise Problem("This is the question of the laptop; the office answers it with another code.")
        if data[0] != _ANSWER:
            raise _other()
        answer = cls(data[1 : 1 + _MIDDLE], data[1 + _MIDDLE :])
        if answer.tag != question.tag:
            raise Problem("This answer is to another question. Tell the office the code that is shown here now.")
        return answer


def _grouped(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    length = len(data) * 8 // _BITS
    signs = "".join(ALPHABET[number >> _BITS * at & 31] for at in range(length - 1, -1, -1))
    groups = [signs[at : at + RANDOM] for at in range(0, length, RANDOM)]
    return "-".join(group + check_sign(group, place) for place, group in enumerate(groups))


def _signs(typed: str) -> str:
    lines = [line for line in typed.lstrip("\ufeff").splitlines() if line.strip() not in _TITLES.values()]
    return signs_of("".join(lines))


def _count(typed: str) -> int:
    return len(_signs(typed))


def _data(typed: str, other_length: Problem) -> bytes:
    """The bytes of a code, of a length that goes with their first; ``other_length`` is raised for any other."""
    signs, length = _signs(typed), RANDOM + 1
    groups, rest = divmod(len(signs), length)
    if rest or groups not in {GROUPS, GROUPS_OF_SHARED}:
        raise other_length
    number = 0
    for place in range(groups):
        group = signs[place * length : (place + 1) * length]
        if not set(group) <= set(ALPHABET) or check_sign(group[:RANDOM], place) != group[RANDOM]:
            raise Problem("There is a slip in group {group} of the code. Compare it once more.", group=place + 1)
        for sign in group[:RANDOM]:
            number = number << _BITS | ALPHABET.index(sign)
    data = number.to_bytes(groups * RANDOM * _BITS // 8, "big")
    if (data[0] == _OF_SHARED) != (groups == GROUPS_OF_SHARED):
        raise _other()
    return data


def _other() -> Problem:
    return Problem("This is no code about a forgotten passphrase.")

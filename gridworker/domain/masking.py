"""What stands on screen in place of a personal value until somebody asks for it (ui/ux.md 8, domain.md 7.4)."""

import re

from gridworker.domain.names import surname
from gridworker.record import Privacy, Spec, Type, Value

HIDDEN = "••••"


def mask_id(number: str) -> str:
    """``420202********0024``: the division and the last four; of anything that is no ID number only stars."""
    if len(number) not in {15, 18}:
        return "*" * max(len(number), 4)
    return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def mask_phone(number: str) -> str:
    """``138****5678``; of a landline the area code and the last four."""
    if re.fullmatch(r"\d{11}", number):
        return f"{number[:3]}****{number[-4:]}"
    landline = re.fullmatch(r"(\d{3,4}-)\d{3,4}(\d{4})(?:-\d+)?", number)
    return f"{landline[1]}****{landline[2]}" if landline else "****"


def mask_phones(numbers: str) -> str:
    """Every number of a field masked."""
    return " ".join(mask_phone(number) for number in numbers.split())


def mask_name(name: str) -> str:
    """``张*``, ``张*三``: for eyes outside the person's own grid."""
    if len(name) < 2:
        return "*"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def share_name(name: str) -> str:
    """``陈**``: surname and stars, for share mode."""
    first = surname(name)
    return first + "*" * max(1, min(2, len(name) - len(first)))


def share_phone(_number: str) -> str:
    """Nothing of a number, for share mode."""
    return "*" * 11


def decade(age: int) -> int:
    """The decade of an age, for share mode: 78 is 70."""
    return age // 10 * 10


def masked(spec: Spec, value: Value) -> str:
    """A value as a view shows it by default: numbers masked, sensitive text hidden, everything else as it is."""
    if value is None:
        return ""
    text = str(value)
    if spec.type is Type.ID_NUMBER:
        return mask_id(text)
    if spec.type is Type.PHONES:
        return mask_phones(text)
    return HIDDEN if spec.privacy is Privacy.SENSITIVE else text


def is_masked(spec: Spec) -> bool:
    """Whether seeing a field in clear is a reveal, which is audited."""
    return spec.type in {Type.ID_NUMBER, Type.PHONES} or spec.privacy is Privacy.SENSITIVE


_NUMBER_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:([0-9]{17}[0-9Xx]|[0-9]{15}|[0-9]{6} [0-9]{8} [0-9]{3}[0-9Xx])"
    r"|(1[3-9][0-9]{9}|1[3-9][0-9](?:[ -][0-9]{4}){2}|0[0-9]{2,3}-?[0-9]{7,8}))(?![0-9A-Za-z])"
)
"""As people write them into a remark: in one, or parted where they are read aloud."""


def mask_in_text(text: str) -> str:
    """Free text with the ID and phone numbers in it masked (domain.md 7.4): people write them into remarks."""
    return _NUMBER_IN_TEXT.sub(_covered, text)


def numbers_covered(text: str) -> dict[str, str]:
    """The numbers in a text by what stands in place of each once it is covered."""
    return {_covered(found): found[0] for found in _NUMBER_IN_TEXT.finditer(text)}


def _covered(found: re.Match[str]) -> str:
    if found[1]:
        return mask_id(found[1].replace(" ", ""))
    return mask_phone(found[2] if found[2].startswith("0") else re.sub("[ -]", "", found[2]))

"""All text a person reads goes through here: English message ids, Chinese from the catalogue.

The catalogue is ``resources/locale/<language>/gridworker.mo``. Chinese is the language of the product and the
fallback for a system in any language but English.
"""

import gettext as _catalogues
import locale
import os
from dataclasses import dataclass
from functools import cache

from gridworker import resources

LANGUAGES = ("zh_CN", "en")
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


_STRAIGHT = str.maketrans("“”‘’", "\"\"''")


class _English(_catalogues.NullTranslations):
    """The ids themselves, as Chinese faces draw them best: curly quotes and dots are as wide as a Chinese character.

    So quotes are straight, and a dot between two facts has no blanks beside its own. Only texts of the program: what
    people wrote is shown as they wrote it.
    """

    def gettext(self, message: str) -> str:
        return message.translate(_STRAIGHT).replace(" · ", "·")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@cache
def _catalogue(language: str) -> _catalogues.NullTranslations:
    if language == "en":
        return _English()
    with resources.path("locale", language, "gridworker.mo").open("rb") as file:
        return _catalogues.GNUTranslations(file)


class _Current:
    """The language of this process: the one thing every layer shares, as the C library's locale is."""

    language = "zh_CN"


def use(language: str) -> None:
    """Switch every text asked for from now on to ``language`` (one of LANGUAGES)."""
    _Current.language = language if language in LANGUAGES else "zh_CN"


def language() -> str:
    """The language in use."""
    return _Current.language


def system_language() -> str:
    """English where the system is English, else Chinese.

    The variables say it, also on a bare machine that names a language whose locale was never generated. Where none is
    set only Windows is asked: elsewhere Python gives the C locale, which is no language, an English name.
    """
    named = next((value for value in map(os.environ.get, _VARIABLES) if value), "")
    if not named and os.name == "nt":
        named = locale.getlocale()[0] or ""
    return "en" if named.lower().startswith("en") else "zh_CN"


def gettext(message: str) -> str:
    """The text of a message id in the current language."""
    return _catalogue(_Current.language).gettext(message) if message else ""


@cache
def in_every_language(message: str) -> frozenset[str]:
    """The texts of a message id in all languages: what a file that was written in another one may say."""
    return frozenset({message, *(_catalogue(language).gettext(message) for language in LANGUAGES)})


def ngettext(one: str, many: str, count: int) -> str:
    """The text for a count; ``{count}`` in it is for the caller to fill."""
    return _catalogue(_Current.language).ngettext(one, many, count)


def sentences(*parts: str) -> str:
    """Sentences after each other, as the current language parts them: Chinese leaves no blank; '' is no sentence."""
    return ("" if language() == "zh_CN" else " ").join(part for part in parts if part)


def clauses(*parts: str) -> str:
    """What is read aloud of one thing, part after part, with the commas of the current language; '' is no part."""
    return ("，" if language() == "zh_CN" else ", ").join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Label:
    """A message id that is translated when it is shown, so it can be declared at import."""

    message: str

    def __str__(self) -> str:
        """The text in the current language."""
        return gettext(self.message)

"""Nothing we install is under the GPL alone: the whole tree of dependencies, the tools of `dev` too."""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement

FREE = re.compile(
    "MIT|BSD|Apache|LGPL|Lesser|MPL|Mozilla|ISC|PSF|Python Software Foundation|zlib|Unlicense|public domain"
    "|Permission is hereby granted|Redistribution and use in source and binary forms"
    "|This software is provided 'as-is'",
    re.IGNORECASE,
)


def _tree() -> list[str]:
    found: dict[str, None] = {}
    waiting = [("gridworker", frozenset({"", "dev"}))]
    while waiting:
        name, extras = waiting.pop()
        if name in found:
            continue
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:  # for another system or Python
            continue
        found[name] = None
        waiting += [
            (requirement.name.lower(), frozenset({"", *requirement.extras}))
            for requirement in map(Requirement, requires)
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras)
        ]
    return sorted(found.keys() - {"gridworker"})


def licence(package: Distribution) -> str:
    """What a package says of its licence: the expression, else the classifiers and the old field, else the text."""
    said = package.metadata
    words = said.get_all("License-Expression") or []
    if not words:
        words = [line for line in said.get_all("Classifier") or [] if line.startswith("License")]
        words += [text.partition("\n")[0] for text in said.get_all("License") or []]
    if not any(words):
        files = said.get_all("License-File") or []
        words = [package.read_text(f"licenses/{name}") or package.read_text(name) or "" for name in files]
    return "\n".join(words)


@pytest.mark.parametrize("name", _tree())
def test_licence_lets_others_use_it(name: str) -> None:
    text = licence(distribution(name))
    assert FREE.search(text), f"{name}: {text[:200]!r}"


def test_the_whole_tree_is_looked_at() -> None:
    assert {"pyside6-essentials", "sqlcipher3", "sqlalchemy", "pydantic-core", "pytest"} <= {
        re.sub("[-_.]+", "-", name) for name in _tree()
    }

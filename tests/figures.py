"""Figures a test tells ``make soak``, which adds them up over all pieces and prints them below the line of a part."""

import os
from collections.abc import Mapping
from pathlib import Path


def tell(name: str, counts: Mapping[str, int]) -> None:
    """Numbers by what they are of. Nothing where nobody asks."""
    if "GRIDWORKER_FIGURES" in os.environ:
        with Path(os.environ["GRIDWORKER_FIGURES"]).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}\t{label}\t{number}\n" for label, number in counts.items())

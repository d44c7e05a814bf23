"""Every pair of colours the window puts together can be read, and no two meanings look alike to anybody."""

import itertools

import pytest

from gridworker.gui.look.theme import tokens

THEMES = ("light", "dark")
TONES = ("over", "due", "ok", "conf", "care", "info", "neu")
SURFACES = ("window", "canvas", "card", "sunken", "hover", "raised", "sel")

TEXT = [
    *itertools.product(("ink", "ink-2", "ink-3", "accent-ink"), SURFACES),
    *((f"{tone}-ink", f"{tone}-soft") for tone in TONES),
    *((f"{tone}-ink", surface) for tone in TONES for surface in ("card", "canvas", "sel")),
    *(("on-accent", fill) for fill in ("accent", "accent-hover", "accent-press")),
    *itertools.product(("on-hero", "on-hero-2"), ("hero", "hero-2")),
    ("hero-btn-ink", "hero-btn"),
    ("hero-btn-ink", "hero-key"),
    ("hero-warn-ink", "hero-warn"),
    ("accent-ink", "accent-soft"),
    *(("ink", step) for step in ("r0", "r1", "r2", "r3")),
    *(("ink-2", step) for step in ("r0", "r1", "r2")),
    ("ink", "seg-on"),
    ("ink-2", "seg"),
]
GRAPHICS = [
    *itertools.product([f"{tone}-mark" for tone in TONES], ("card", "canvas")),
    ("control", "card"),
    ("control", "canvas"),
    *(("focus", surface) for surface in ("canvas", "card", "window", "sel")),
    ("accent", "card"),
    ("accent", "canvas"),
    *itertools.product(("r4", "r5"), ("card", "canvas")),
    ("care-ink", "r3"),
]
MARKS = ("over-mark", "due-mark", "ok-mark", "conf-mark", "care-mark")

# Machado, Oliveira and Fernandes 2009, full severity, in linear RGB.
VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
CLOSEST = {  # tokens.md 2, measured
    ("light", "normal"): 48.4,
    ("light", "deutan"): 20.6,
    ("light", "protan"): 24.9,
    ("light", "tritan"): 26.9,
    ("dark", "normal"): 40.7,
    ("dark", "deutan"): 24.2,
    ("dark", "protan"): 22.5,
    ("dark", "tritan"): 23.1,
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted(
        (sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True)) + 0.05
         for colour in (one, other)), reverse=True,
    )  # fmt: skip
    return bright / dark


def lab(colour: str, vision: str) -> list[float]:
    rgb = [min(max(sum(w * c for w, c in zip(row, linear(colour), strict=True)), 0), 1) for row in VISION[vision]]
    white = (0.95047, 1.0, 1.08883)
    to_xyz = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    xyz = [sum(w * c for w, c in zip(row, rgb, strict=True)) / white[at] for at, row in enumerate(to_xyz)]
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in xyz)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def distance(one: str, other: str, vision: str) -> float:
    pairs = zip(lab(one, vision), lab(other, vision), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def test_all_206_pairs_are_checked() -> None:
    assert 2 * (len(TEXT) + len(GRAPHICS)) == 206
    assert len(set(TEXT) | set(GRAPHICS)) == 103


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(theme: str, ink: str, ground: str) -> None:
    colours = tokens()[theme]
    least = 7 if ink == "ink" and not ground.startswith("r") else 4.5
    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("fill", ["care-soft", "due-soft", "ok-soft", "neu-soft", "over-soft"])
def test_a_door_can_be_read_under_every_colouring(theme: str, fill: str) -> None:
    """Its head, its number and what stands at its foot, and the icons of care."""
    colours = tokens()[theme]
    assert contrast(colours["ink"], colours[fill]) >= 7
    assert contrast(colours["ink-2"], colours[fill]) >= 4.5
    assert contrast(colours["care-ink"], colours[fill]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), GRAPHICS)
def test_graphics_can_be_seen(theme: str, mark: str, ground: str) -> None:
    colours = tokens()[theme]
    assert contrast(colours[mark], colours[ground]) >= 3


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
def test_no_two_meanings_look_alike(theme: str, vision: str) -> None:
    colours = tokens()[theme]
    closest = min(distance(colours[a], colours[b], vision) for a, b in itertools.combinations(MARKS, 2))
    assert closest >= 20
    assert closest == pytest.approx(CLOSEST[theme, vision], abs=0.4)


def test_both_themes_have_the_same_names() -> None:
    assert tokens()["light"].keys() == tokens()["dark"].keys()

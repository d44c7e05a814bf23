"""Shops: who does business behind a door at street level, or anywhere in a grid."""

import re
from typing import ClassVar

from gridworker.domain.codes_shop import DEVELOPMENT, SHOP_KIND
from gridworker.domain.identity import clean_credit_code, normal_id
from gridworker.domain.phones import clean_phones
from gridworker.errors import Problem
from gridworker.record import Kind, Privacy, Record, Type, field
from gridworker.text import Label


def clean_licence(text: str) -> str:
    """An old 15-digit registration number (GS 15-2006), which many of the self-employed still have (domain.md 2.6)."""
    plain = normal_id(text)
    if not re.fullmatch(r"[0-9]{13}|[0-9]{15}", plain):
        raise Problem("An old registration number has 15 digits (or 13); newer ones go into the credit code.")
    return plain


class Merchant(Record, table=True):
    """A shop or firm (domain.md 2.4, 5.3). ``dwelling_id`` is its door; without one ``building_id`` says which house.

    ``credit_code`` is the unified social credit code of GB 32100-2015, checked by ``identity.clean_credit_code``.
    """

    kind: ClassVar[Kind] = Kind(
        31, Label("Shop"), Label("Shops"), caption=("name",), within=("dwelling_id", "building_id", "grid_id"),
        brings=("building_id",),
    )  # fmt: skip

    name: str | None = field(1, Label("Name of the shop"), required=True, max_length=60, search=True)
    shop_kind: str | None = field(2, Label("Kind of business"), Type.CODE, required=True, codes=SHOP_KIND)
    credit_code: str | None = field(3, Label("Credit code"), max_length=20, check=clean_credit_code)
    licence_no: str | None = field(4, Label("Old registration number"), max_length=20, check=clean_licence)
    address: str | None = field(5, Label("Address"), max_length=100)
    dwelling_id: int | None = field(6, Label("Dwelling"), Type.REF, ref="dwelling", index=True)
    building_id: int | None = field(7, Label("Building"), Type.REF, ref="building", index=True)
    grid_id: int | None = field(8, Label("Grid"), Type.REF, ref="grid")
    contact_name: str | None = field(9, Label("In charge"), privacy=Privacy.PERSONAL, max_length=50)
    phone: str | None = field(10, Label("Phone"), Type.PHONES, privacy=Privacy.PERSONAL, check=clean_phones)
    trade: str | None = field(11, Label("Trade"), max_length=50, search=True)
    staff_count: int | None = field(12, Label("People working there"), Type.NUMBER)
    development: str | None = field(13, Label("How it fares"), Type.CODE, codes=DEVELOPMENT)
    demands: str | None = field(14, Label("What it asks for"), Type.NOTE, privacy=Privacy.PERSONAL)
    contact_id: int | None = field(15, Label("Contact of the office"), Type.REF, ref="staff")
    verified_on: str | None = field(16, Label("Last verified on"), Type.DAY)
    closed_on: str | None = field(17, Label("Closed on"), Type.DAY)
    party_plaque: int | None = field(18, Label("Shows a plaque, as agreed"), Type.FLAG, privacy=Privacy.PERSONAL)

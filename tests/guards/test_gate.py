"""No way around the gate: every public method of every service declares what it needs, and nobody above goes below."""

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest

import gridworker
from gridworker import discover
from gridworker.app.building.plan import BuildingPlan
from gridworker.app.gate import Action, Matter, Service, declared, needs
from gridworker.app.household.asked import AskedFor
from gridworker.app.household.export import HouseholdLedger
from gridworker.app.inbox.duplicates import Duplicates
from gridworker.app.issue.choices import IssueChoices
from gridworker.app.ledger.forms import LedgerForms
from gridworker.app.register.register import Register
from gridworker.app.rights.consents import Consents
from gridworker.app.workspace import Workspace
from gridworker.domain.codes_office import STAFF_ROLE
from gridworker.domain.rights import ACTION_WORDS, MATTER_OF, MATTER_WORDS, ROLES

ROOT = Path(gridworker.__file__).parent
BESIDE = (Register, IssueChoices, BuildingPlan, HouseholdLedger, AskedFor, Consents, LedgerForms, Duplicates)
"""Services a page makes or gets from another service."""


def _services() -> Iterator[type]:
    for name, member in vars(Workspace).items():
        if isinstance(member, cached_property):
            module = re.search(r"from (gridworker\.app(?:\.\w+)+) import (\w+)", inspect.getsource(member.func))
            assert module is not None, name
            yield getattr(__import__(module[1], fromlist=[module[2]]), module[2])
    yield from BESIDE


SERVICES = list(dict.fromkeys(_services()))


def _undeclared(service: type) -> list[str]:
    return [
        name
        for name, member in vars(service).items()
        if not name.startswith("_")
        and (inspect.isroutine(member) or isinstance(member, property | cached_property))
        and declared(member) is None
    ]


def test_all_services_are_found() -> None:
    properties = [name for name, member in vars(Workspace).items() if isinstance(member, cached_property)]
    assert len(SERVICES) == len(properties) + len(BESIDE)
    assert len(properties) > 20


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.__name__)
def test_every_public_method_declares_what_it_needs(service: type) -> None:
    assert issubclass(service, Service)
    assert _undeclared(service) == []


def test_a_method_that_declares_nothing_is_found() -> None:
    class Careless(Service):
        @needs(Action.READ, Matter.PEOPLE)
        def one(self) -> int:
            return 1

        def two(self) -> int:
            return 2

        @property
        def three(self) -> int:
            return 3

    assert _undeclared(Careless) == ["two", "three"]


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.__name__)
def test_what_depends_on_a_kind_names_its_argument(service: type) -> None:
    for name, member in vars(service).items():
        said = declared(member) if not name.startswith("_") else None
        if said is not None and said.of:
            assert said.of in inspect.signature(member).parameters, name


def test_every_kind_is_of_a_class_and_everything_has_words() -> None:
    assert discover.kinds().keys() == MATTER_OF.keys()
    assert set(ACTION_WORDS) == set(Action)
    assert set(MATTER_WORDS) == set(Matter)
    assert set(ROLES) == set(STAFF_ROLE.labels)


def test_window_and_command_line_write_through_services_alone() -> None:
    way_around = re.compile(r"\bsession\.(store|write|note|announce|keys(?!\.slot))\b")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for part in ("gui", "cli")
        for path in (ROOT / part).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if way_around.search(line)
    ]
    assert found == []

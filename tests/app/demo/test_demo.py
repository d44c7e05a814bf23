"""The sample community stands to reason: nobody was called on before they came on the books."""

from collections.abc import Iterator

import pytest

from gridworker.app.demo.demo import make_demo
from gridworker.app.workspace import Workspace
from gridworker.domain.moments import moment
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.log.clock import moment_of


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    demo = make_demo(tmp_path_factory.mktemp("demo"), people=60, profile=CHEAP)
    opened = Workspace.open(demo.laptops[0], demo.passphrase, profile=CHEAP)
    yield opened
    opened.close()


def test_every_visit_is_younger_than_the_household(laptop: Workspace) -> None:
    visits = [laptop.session.store.get("visit", row.id) for row in laptop.records.page("visit", limit=500)]
    assert len(visits) > 20
    for visit in visits:
        assert visit is not None
        assert moment_of(int(str(visit["household_id"]))) < moment(str(visit["started_at"]))


def test_what_the_laptop_does_itself_is_of_today(laptop: Workspace) -> None:
    assert abs((laptop.session.now() - moment_of(laptop.session.new_id())).total_seconds()) < 60

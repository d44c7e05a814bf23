"""In a watched folder what left a laptop goes from it after the office's next backup, though nobody writes anything."""

from gridworker.app.workspace import Workspace
from tests.app.exchange.test_watched import family, laptop, look_around
from tests.circle import Circle, Family, made_visit

__all__ = ["family", "laptop"]


def test_a_household_that_left_goes_by_the_backup_alone(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    look_around(circle, laptop, circle.office)
    other = circle.family(circle.office.devices.add_grid("第二网格"), "201")
    circle.office.records.save("household", {"dwelling_id": other.dwelling}, family.household)
    look_around(circle, laptop, circle.office)
    assert laptop.exchange.still_here()
    assert look_around(circle, laptop, circle.office) == 0
    circle.office.backups.make()
    assert look_around(circle, laptop, circle.office) == 1
    assert laptop.exchange.still_here() == ""
    circle.office.backups.make()
    assert look_around(circle, laptop, circle.office) == 0, "nothing waits for this one"


def test_a_backup_for_which_nothing_waits_is_no_news(circle: Circle, laptop: Workspace, family: Family) -> None:
    made_visit(laptop, family.household)
    look_around(circle, laptop, circle.office)
    circle.office.backups.make()
    assert look_around(circle, laptop, circle.office) == 0

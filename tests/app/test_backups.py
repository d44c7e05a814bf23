"""Backups as an office makes them: what they cover reaches the laptops, and only the office's count."""

from gridworker.store.streams import Exchange
from tests.circle import Circle


def test_what_the_office_backed_up_reaches_the_laptop_and_no_more(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    device, life = laptop.session.store.identity.device, circle.office.session.store.identity.device
    laptop.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(laptop)
    with circle.office.session.store.cursor() as cursor:
        covered = Exchange(cursor).marks()[device]
    made = circle.office.backups.make()
    laptop.records.save("resident", {"phones": "13800000002"}, family.resident)
    circle.round(laptop)
    with laptop.session.store.cursor() as cursor:
        exchange = Exchange(cursor)
        assert exchange.backed_up() == {device: covered}
        assert exchange.marks()[device] > covered
        assert exchange.stream(life).backed_up == made.chain
        assert exchange.stream(life).received > made.chain


def test_a_laptops_own_backup_covers_nothing(circle: Circle) -> None:
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    laptop = circle.enrol("周敏", grid)
    circle.round(laptop)
    made = laptop.backups.make()
    laptop.records.save("resident", {"phones": "13800000001"}, family.resident)
    circle.round(laptop)
    assert [view.path for view in laptop.backups.list()] == [made.path]
    assert laptop.backups.verify(made.path) == made
    with laptop.session.store.cursor() as cursor:
        assert Exchange(cursor).backed_up() == {}

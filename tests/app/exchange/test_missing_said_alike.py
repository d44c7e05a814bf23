"""What taking a bundle in says is missing is what the list of missing bundles names, also after a restore."""

from gridworker.app.exchange.shown_words import merged_line
from gridworker.app.workspace import Workspace
from tests.circle import Circle, Family, made_visit


def said_and_listed(circle: Circle, at: Workspace, sender: Workspace, to: int = 0) -> tuple[str, list[int | None]]:
    """What one bundle says when it is taken in, and what is listed then."""
    [merged] = at.exchange.merge_all([sender.exchange.pack(circle.stick, to)])
    return merged_line(merged), [one.n for one in at.exchange.missing()]


def test_of_a_life_of_the_office_that_ended(circle: Circle, laptop: Workspace, family: Family) -> None:
    circle.round(laptop)
    circle.copy("office", "kept")
    circle.open("office")
    made_visit(laptop, family.household)
    laptop.exchange.pack(circle.stick).unlink()
    lost = laptop.exchange.trips(1, outgoing=True)[0].n
    office = circle.restore("office", "kept")
    said, listed = said_and_listed(circle, office, laptop)
    assert (listed, "never came" in said) == ([], False), said
    circle.reply(laptop)
    circle.hand_in(laptop)
    for _ in range(2):
        made_visit(laptop, family.household)
        laptop.exchange.pack(circle.stick).unlink()
    said, listed = said_and_listed(circle, office, laptop)
    assert lost not in listed
    assert f"Bundles {listed[0]}, {listed[1]} before it never came" in said


def test_of_a_number_that_came_with_a_later_file_of_the_same_merge(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    circle.round(laptop)
    paths = []
    for _ in range(2):
        made_visit(laptop, family.household)
        paths.append(laptop.exchange.pack(circle.stick))
    for path, name in zip(paths, ("2.gwb", "1.gwb"), strict=True):
        path.rename(circle.stick / name)
    merged = circle.office.exchange.merge_all(sorted(circle.stick.glob("?.gwb")))
    assert circle.office.exchange.missing() == []
    assert [one for one in map(merged_line, merged) if "never came" in one] == []

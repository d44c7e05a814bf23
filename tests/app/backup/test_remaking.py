"""Backups of a former life are made anew of what they were, or not at all."""

import shutil

import pytest

from gridworker.app.workspace import Workspace
from gridworker.errors import StoreDamaged
from gridworker.store.backup.backup import verify
from tests.app.backup.test_files_back import let_go_for_a_newer_backup, put_back
from tests.circle import Circle, Family


def test_one_whose_disk_gave_back_an_older_store_is_not_made_anew_from_that(
    circle: Circle, laptop: Workspace, family: Family
) -> None:
    """Every page of it is good, but it is not what the backup was: under its moment would lie what it never had."""
    older = let_go_for_a_newer_backup(circle, laptop, family)
    between = circle.office.backups.list(older.parent)[0]
    circle.clock.move(hours=1)
    circle.office.records.save("household", {"remark": "门铃坏了"}, family.household)
    newer = circle.office.backups.make(older.parent)
    shutil.copyfile(between.path / "store.db", newer.path / "store.db")
    with pytest.raises(StoreDamaged):
        verify(newer.path, circle.office.session.keys)
    office = put_back(circle, "office", older)
    circle.clock.move(hours=1)
    office.erasing.erase("resident", family.resident)
    assert newer.at not in {view.at for view in office.backups.list(older.parent)}

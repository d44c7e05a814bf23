"""A new data key in the window: asked with the passphrase, done with the store closed, and all is there after."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gridworker.app.workspace import Workspace
from gridworker.gui.page import Errand, Shell
from gridworker.gui.pages.datakey import DataKeyDialog
from gridworker.store.keys.kdf import CHEAP
from tests.builders import DEK
from tests.circle import PASSPHRASE, Circle
from tests.gui.seen import clipped, settle, unnamed


def test_the_data_are_encrypted_anew_once_the_passphrase_is_given(
    circle: Circle, qtbot: QtBot, window: QWidget
) -> None:
    person = circle.office.devices.add_staff({"name": "王强", "role": "office"})
    circle.office.people_here.add(person, "山茶 砚台 毛巾 秋天")
    circle.office.records.save("resident", {"name": "陈桂芳", "status": "in_place"})
    slot = circle.office.people_here.listed()[0].slot
    circle.office.session.keys = type(circle.office.session.keys)(DEK, slot, circle.office.session.who)
    shell, errands = Shell(), list[Errand]()
    shell.away_wanted.connect(errands.append)
    dialog = DataKeyDialog(circle.office, shell, window)
    dialog.open()
    settle(qtbot)
    assert "王强" in dialog.losing.text()
    assert clipped(dialog) == []
    assert unnamed(dialog) == []
    assert not dialog.go_on.isEnabled()
    dialog.passphrase.line().setText("nothing like it")
    dialog.submit()
    settle(qtbot)
    assert dialog.passphrase.warning()
    assert errands == []
    dialog.passphrase.line().setText(PASSPHRASE)
    dialog.submit()
    settle(qtbot)
    assert not dialog.isVisible()
    folder = circle.office.session.folder
    circle.close("office")
    (errand,) = errands
    assert errand.run()
    opened = Workspace.open(folder.root, PASSPHRASE, profile=CHEAP)
    assert [one.caption for one in opened.records.page("resident")] == ["陈桂芳"]
    assert opened.session.keys.dek != DEK
    opened.close()

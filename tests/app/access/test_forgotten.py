"""A worker's forgotten passphrase, over the office and back, without a network and without loss."""

from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from gridworker.app.forgotten import Forgotten
from gridworker.app.openers import vault_in, who_opens
from gridworker.app.workspace import Workspace
from gridworker.errors import Denied, DiskFull, NotFound, Problem, StoreBusy, WrongPassphrase
from gridworker.paths import Folder
from gridworker.store.keys.kdf import CHEAP
from gridworker.store.keys.slot_changes import SlotChanges
from gridworker.store.keys.slots import ESCROW, read
from gridworker.store.meta import Meta
from gridworker.sync.enrolment.reset_code import QuestionCode
from gridworker.sync.format.code import Code
from gridworker.sync.format.keys import seal_recovery
from tests.circle import PASSPHRASE, RECOVERY, Circle, made_visit

NEW, OTHER = "新的口令好记又不短呢", "something else entirely"


def opened(folder: Path, passphrase: str = PASSPHRASE) -> Workspace:
    return Workspace.open(folder, passphrase, profile=CHEAP)


def actions(workspace: Workspace) -> list[tuple[str, str]]:
    rows = workspace.records.page("audit_event", limit=1000)
    return [(str(row.values["action"]), str(row.values["detail"] or "")) for row in rows]


@pytest.fixture
def laptop(circle: Circle) -> Path:
    """A laptop with a visit that was not handed in, unlocked once since its office's key is there, and locked."""
    grid = circle.office.devices.add_grid("第一网格")
    family = circle.family(grid)
    made = circle.enrol("周敏", grid)
    made_visit(made, family.household)
    circle.close("laptop-1")
    folder = circle.folder / "laptop-1"
    opened(folder).close()
    return folder


def recovery_sheet(laptop: Path, folder: Path) -> tuple[Code, Path]:
    """The code and the key file of a sheet that opens the laptop."""
    code, sheet = Code.new(), folder / "recovery.age"
    sheet.write_bytes(seal_recovery(RECOVERY, code))
    worker = opened(laptop)
    SlotChanges(vault_in(laptop, CHEAP), worker.session.keys).set_recovery(
        1, RECOVERY.public.recipient, RECOVERY.public.signing
    )
    worker.close()
    return code, sheet


def test_it_is_reset_without_losing_what_was_not_handed_in(circle: Circle, laptop: Path) -> None:
    forgotten = Forgotten(laptop, profile=CHEAP)
    [me] = who_opens(laptop, CHEAP)
    asked = forgotten.ask(NEW, me.slot)
    assert circle.office.resets.read(asked.code).worker == "周敏"
    answered = circle.office.resets.answer(asked.file.decode())
    assert answered.file_name == f"01-{asked.mark}.gwa"
    assert ("key", f"reset {asked.mark}") in actions(circle.office), "on record before anybody uses it"
    workspace = forgotten.finish(answered.code, NEW)
    assert len(workspace.records.page("visit", limit=10)) == 1
    assert ("key", f"reset {asked.mark}") in actions(workspace), "its use is on record at the laptop"
    assert circle.office.exchange.merge(workspace.exchange.pack(circle.stick)).trip
    workspace.close()
    assert len(circle.office.records.page("visit", limit=10)) == 1
    with pytest.raises(WrongPassphrase):
        opened(laptop)
    again = opened(laptop, NEW)
    assert again.session.who == workspace.session.who
    again.close()


def test_the_window_may_be_closed_in_between(circle: Circle, laptop: Path) -> None:
    [me] = who_opens(laptop, CHEAP)
    asked = Forgotten(laptop, profile=CHEAP).ask(NEW, me.slot)
    later = Forgotten(laptop, profile=CHEAP)
    assert later.pending() == me.slot
    assert later.again(NEW) == asked
    with pytest.raises(WrongPassphrase):
        later.again(OTHER)
    answer = circle.office.resets.answer(asked.code).code
    with pytest.raises(WrongPassphrase):
        later.finish(answer, OTHER)
    later.finish(answer, NEW).close()
    assert later.pending() == ""


def test_an_answer_is_no_good_a_second_time(circle: Circle, laptop: Path) -> None:
    forgotten = Forgotten(laptop, profile=CHEAP)
    [me] = who_opens(laptop, CHEAP)
    asked = forgotten.ask(NEW, me.slot)
    copy = Folder(laptop).reset.read_bytes()
    answer = circle.office.resets.answer(asked.code).code
    forgotten.finish(answer, NEW).close()
    Folder(laptop).reset.write_bytes(copy)
    with pytest.raises(Problem, match="asked anew"):
        forgotten.finish(answer, NEW)
    second = forgotten.ask(OTHER, me.slot)
    with pytest.raises(Problem, match="another question"):
        forgotten.finish(answer, OTHER)
    forgotten.finish(circle.office.resets.answer(second.code).code, OTHER).close()


def test_the_office_answers_for_laptops_in_use_only(circle: Circle, laptop: Path) -> None:
    [me] = who_opens(laptop, CHEAP)
    asked = Forgotten(laptop, profile=CHEAP).ask(NEW, me.slot)
    with pytest.raises(NotFound):
        circle.office.resets.read(QuestionCode(9, bytes(31) + b"\x05").text)
    circle.office.devices.revoke(1)
    with pytest.raises(Denied, match="lost or stolen"):
        circle.office.resets.answer(asked.code)
    circle.office.devices.readmit(1)
    assert circle.office.resets.answer(asked.code).asking.laptop == 1
    worker = opened(laptop)
    with pytest.raises(Denied):
        worker.resets.answer(asked.code)
    worker.close()


@pytest.mark.parametrize("gone", [Denied, NotFound])
def test_who_left_gets_no_answer_for_the_laptop_they_had_alone(
    circle: Circle, laptop: Path, gone: type[Problem]
) -> None:
    [me] = who_opens(laptop, CHEAP)
    asked = Forgotten(laptop, profile=CHEAP).ask(NEW, me.slot)
    (device,) = circle.office.records.page("device", where={"number": 1})
    worker = int(str(device.values["staff_id"]))
    if gone is Denied:
        circle.office.records.save("staff", {"active": False}, worker)
    else:
        circle.office.records.remove("staff", worker)
    for way in (circle.office.resets.read, circle.office.resets.answer):
        with pytest.raises(gone):
            way(asked.code)
    assert not [detail for action, detail in actions(circle.office) if action == "key" and asked.mark in detail]


def test_an_answer_meant_for_another_laptop_lets_nobody_in(circle: Circle, laptop: Path) -> None:
    """A thief with laptop 1 rings the office as the worker of laptop 2: the question says 2, the answer is for 2."""
    circle.enrol("赵海", circle.office.devices.grids()[0][0])
    forgotten = Forgotten(laptop, profile=CHEAP)
    [me] = who_opens(laptop, CHEAP)
    question = QuestionCode.read(forgotten.ask(NEW, me.slot).code)
    lie = QuestionCode(2, question.point)
    answer = circle.office.resets.answer(lie.text)
    with pytest.raises(Problem, match="another question"):
        forgotten.finish(answer.code, NEW)
    with pytest.raises(WrongPassphrase):
        forgotten._reset().finish(NEW, _point(answer.code, lie))


def _point(code: str, question: QuestionCode) -> bytes:
    from gridworker.sync.enrolment.reset_code import AnswerCode

    return AnswerCode.read(code, question).point


def test_a_laptop_enrolled_before_gets_the_offices_key_with_a_reply(circle: Circle) -> None:
    office, grid = circle.office, circle.office.devices.add_grid("第一网格")
    made = circle.enrol("周敏", grid)
    with made.session.store.settings() as settings:
        settings.set("escrow", None)  # as if its kit had come from an office that had no such key
    folder = circle.folder / "laptop-1"
    circle.close("laptop-1")
    opened(folder).close()
    assert not Forgotten(folder, profile=CHEAP).office_can_help()
    with pytest.raises(Problem, match="cannot reset this from afar"):
        Forgotten(folder, profile=CHEAP).ask(NEW, who_opens(folder, CHEAP)[0].slot)
    made = circle.open("laptop-1")
    circle.hand_in(made)
    circle.reply(made)
    circle.close("laptop-1")
    assert not Forgotten(folder, profile=CHEAP).office_can_help(), "sealed at the next unlock"
    opened(folder).close()
    forgotten = Forgotten(folder, profile=CHEAP)
    asked = forgotten.ask(NEW, who_opens(folder, CHEAP)[0].slot)
    forgotten.finish(office.resets.answer(asked.code).code, NEW).close()


def test_the_offices_key_is_not_sealed_to_again_at_every_unlock(laptop: Path) -> None:
    before = Folder(laptop).keys.read_bytes()
    opened(laptop).close()
    assert Folder(laptop).keys.read_bytes() == before
    [slot] = read(before, CHEAP).of_type(ESCROW)
    assert slot.body["laptop"] == 1


def test_the_recovery_sheet_opens_office_and_laptops(circle: Circle, laptop: Path, tmp_path: Path) -> None:
    code, sheet = recovery_sheet(laptop, tmp_path)
    forgotten = Forgotten(laptop, profile=CHEAP)
    slot = who_opens(laptop, CHEAP)[0].slot
    for wrong in (Code.new().text, "7K2MX"):
        with pytest.raises(Problem):
            forgotten.recover(sheet, wrong, NEW, slot)
    with pytest.raises(Problem, match="stick"):
        forgotten.recover(tmp_path / "nowhere", code.text, NEW, slot)
    with pytest.raises(Problem, match="too short"):
        forgotten.recover(sheet, code.text, "short", slot)
    workspace = forgotten.recover(sheet, code.text, NEW, slot)
    assert ("key", "recovered") in actions(workspace)
    workspace.close()
    opened(laptop, NEW).close()


def test_while_another_window_writes_no_passphrase_is_replaced(circle: Circle, laptop: Path, tmp_path: Path) -> None:
    """It could not be put on record then."""
    code, sheet = recovery_sheet(laptop, tmp_path)
    forgotten, [me] = Forgotten(laptop, profile=CHEAP), who_opens(laptop, CHEAP)
    writing = opened(laptop)
    asked = forgotten.ask(NEW, me.slot)
    answer = circle.office.resets.answer(asked.code).code
    ways: list[Callable[[], Workspace]] = [
        lambda: forgotten.recover(sheet, code.text, NEW, me.slot),
        lambda: forgotten.finish(answer, NEW),
    ]
    for way in ways:
        with pytest.raises(StoreBusy, match="open in another window"):
            way()
    writing.close()
    with pytest.raises(WrongPassphrase):
        opened(laptop, NEW)
    forgotten.finish(answer, NEW).close()
    opened(laptop, NEW).close()


def test_a_passphrase_that_was_replaced_as_the_power_went_is_on_record(
    circle: Circle, laptop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, sheet = recovery_sheet(laptop, tmp_path)
    [me] = who_opens(laptop, CHEAP)
    changed = ("key", "key files changed")

    def cut(*_: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patch:
        patch.setattr(Forgotten, "_open", cut)
        with pytest.raises(ConnectionAbortedError):
            Forgotten(laptop, profile=CHEAP).recover(sheet, code.text, NEW, me.slot)
    for _ in range(2):
        workspace = opened(laptop, NEW)
        assert actions(workspace).count(changed) == 1
        workspace.close()
    workspace = Forgotten(laptop, profile=CHEAP).recover(sheet, code.text, OTHER, me.slot)
    told = actions(workspace)
    workspace.close()
    assert (told.count(changed), told.count(("key", "recovered"))) == (1, 1), "what is told by itself is told once"


def test_who_remembers_it_after_all_is_not_told_of_the_question_for_ever(circle: Circle, laptop: Path) -> None:
    """Nor can it be answered then: whoever began it, the passphrase is not forgotten."""
    shared_with(circle, laptop, "赵海", "grid_worker")
    slots = {one.name: one.slot for one in who_opens(laptop, CHEAP)}
    asking = Forgotten(laptop, profile=CHEAP)
    asked = asking.ask(NEW, slots["周敏"])
    answer = circle.office.resets.answer(asked.code).code
    opened(laptop, OTHER).close()
    assert asking.pending() == slots["周敏"], "a colleague takes nothing back"
    opened(laptop).close()
    assert (asking.pending(), Folder(laptop).reset.exists()) == ("", False)
    with pytest.raises(Problem, match="was not asked from this computer"):
        asking.finish(answer, NEW)
    opened(laptop).close()


def test_a_full_disk_after_the_passphrase_was_replaced_does_not_say_that_nothing_was_changed(
    circle: Circle, laptop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever believes that tries the old one, or the answer again, and neither opens it."""
    asking = Forgotten(laptop, profile=CHEAP)
    asked = asking.ask(NEW, who_opens(laptop, CHEAP)[0].slot)
    answer = circle.office.resets.answer(asked.code).code
    with monkeypatch.context() as full:
        full.setattr("gridworker.app.access.opening._log_in", Mock(side_effect=DiskFull("So nothing was changed.")))
        with pytest.raises(DiskFull, match=r"^The new passphrase counts from now on\. .* then unlock them\.$"):
            asking.finish(answer, NEW)
    opened(laptop, NEW).close()


def test_the_seed_of_the_office_goes_nowhere(circle: Circle, laptop: Path) -> None:
    with circle.office.session.store.cursor() as cursor:
        seed = Meta(cursor).secret("escrow_seed")
    assert seed
    made = circle.open("laptop-1")
    with made.session.store.cursor() as cursor:
        assert Meta(cursor).secret("escrow_seed") is None


def shared_with(circle: Circle, laptop: Path, name: str, role: str) -> int:
    """Somebody else opens the laptop too, with ``OTHER``. Returns who it is, on the books of the office."""
    staff = circle.office.devices.add_staff({"name": name, "role": role})
    worker = opened(laptop)
    circle.office.exchange.merge(worker.exchange.pack(circle.stick))
    worker.exchange.merge(circle.office.exchange.pack(circle.stick, 1))
    worker.people_here.add(worker.people_here.candidate(name), OTHER)
    worker.close()
    return staff


def test_on_a_shared_laptop_the_office_hears_whose_passphrase_it_is_about(circle: Circle, laptop: Path) -> None:
    """A colleague there would else be given the worker's, asking truthfully in their own name."""
    staff = shared_with(circle, laptop, "孙志", "volunteer")
    slots = {one.name: one.slot for one in who_opens(laptop, CHEAP)}
    forgotten = Forgotten(laptop, profile=CHEAP)
    asked = {name: forgotten.ask(NEW, slot) for name, slot in slots.items()}
    assert {name: circle.office.resets.read(one.code).worker for name, one in asked.items()} == {
        "周敏": "周敏", "孙志": "孙志",
    }  # fmt: skip
    answer = circle.office.resets.answer(asked["孙志"].code).code
    body = Folder(laptop).reset.read_text()
    Folder(laptop).reset.write_text(body.replace(slots["孙志"], slots["周敏"]))
    with pytest.raises(Problem, match="another question"):
        forgotten.finish(answer, NEW)
    Folder(laptop).reset.write_text(body)
    again = forgotten.finish(answer, NEW)
    assert again.session.role == "volunteer"
    again.close()
    asked["孙志"] = forgotten.ask(OTHER, slots["孙志"])
    circle.office.records.save("staff", {"active": False}, staff)
    with pytest.raises(Denied, match="孙志 is not at work"):
        circle.office.resets.answer(asked["孙志"].code)
    circle.office.records.remove("staff", staff)
    with pytest.raises(NotFound, match="not on the books"):
        circle.office.resets.read(asked["孙志"].file.decode())


def test_who_is_left_of_several_on_a_laptop_asks_in_their_own_name(circle: Circle, laptop: Path) -> None:
    """The office knows whom the laptop was made for, and would have taken them for that one."""
    staff = shared_with(circle, laptop, "赵海", "grid_worker")
    second = opened(laptop, OTHER)
    second.people_here.remove(second.people_here.named("周敏").slot)
    second.close()
    [left] = who_opens(laptop, CHEAP)
    forgotten = Forgotten(laptop, profile=CHEAP)
    asked = forgotten.ask(NEW, left.slot)
    assert circle.office.resets.read(asked.code).worker == "赵海"
    again = forgotten.finish(circle.office.resets.answer(asked.code).code, NEW)
    assert again.session.who == staff
    again.close()
    circle.office.records.save("staff", {"active": False}, staff)
    with pytest.raises(Denied, match="赵海 is not at work"):
        circle.office.resets.answer(forgotten.ask(OTHER, left.slot).code)

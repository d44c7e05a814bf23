"""Whoever has nothing but the manual of the format reads what is exchanged, and comes to the same digest."""

from pathlib import Path

from gridworker.sync.format.seal import unlock
from tests.circle import RECOVERY, Circle, delete, made_visit
from tests.sync.second_reader import Books, checks, opened, parsed


def test_a_second_reader_comes_to_the_digest_of_both_ends(
    circle: Circle, grids: tuple[int, int], tmp_path: Path
) -> None:
    family = circle.family(grids[0])
    kit = circle.stick / "kit.gwk"
    issued = circle.office.devices.issue_kit("周敏", grids[:1], kit)
    laptop = circle.set_up(kit, issued.code, "laptop-1")
    visits = [made_visit(laptop, family.household) for _ in range(3)]
    for device, phone in ((laptop, "13800000001"), (circle.office, "13800000002")):
        device.records.save("resident", {"phones": phone}, family.resident)
        circle.clock.move(minutes=1)
    delete(laptop, "visit", visits[0])
    handed = [circle.hand_in(laptop)]
    circle.office.records.save("visit", {"situation_note": "楼道"}, visits[1])
    delete(laptop, "visit", visits[1])
    handed.append(circle.hand_in(laptop))
    reply = circle.reply(laptop)
    key, pem = tmp_path / "key.txt", tmp_path / "signing.pem"
    key.write_text(f"{RECOVERY.secret}\n")
    pem.write_text(circle.office.keys.key("office").signing_pem)
    books = Books()
    books.take(parsed(unlock(kit.read_bytes(), issued.code)).ops)
    for file in handed:
        books.take(parsed(opened(file, key)).ops)
    inner = opened(reply, key)
    assert checks(inner, pem, tmp_path)
    assert not checks(inner[:-1] + bytes([inner[-1] ^ 1]), pem, tmp_path)
    answer = parsed(inner)
    books.take(answer.ops)
    assert books.digest(answer.leaves) == answer.header["digest"]["hash"]
    assert laptop.exchange.agreements()[0].agrees

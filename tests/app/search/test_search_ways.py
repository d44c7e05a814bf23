"""Every way in of the search box, through the Workspace: what is typed, who comes first, and why it is said to fit."""

from collections.abc import Iterator

import pytest

from gridworker.app.search.actions import named_like
from gridworker.app.search.view import HitView, SearchView
from gridworker.app.workspace import Workspace
from gridworker.paths import Folder
from tests.app.conftest import made
from tests.village import HandClock, Home, Village

PEOPLE = {
    "陈桂芳": ("3", "1", "202"), "张伟": ("3", "2", "501"), "曾国强": ("5", "1", "101"), "单雄": ("5", "1", "102"),
    "仇英": ("5", "1", "201"), "解珍": ("5", "1", "202"), "欧阳娜": ("6", "2", "301"), "吕布": ("6", "2", "302"),
    "阿不都·热合曼": ("6", "2", "401"), "王㐂": ("6", "2", "402"), "盖聂": ("综合楼", "1", "B01"),
    "翟天临": ("A", "1", "1203"),
}  # fmt: skip

WAYS = [
    ("陈桂芳", "陈桂芳", "chén guì fāng"),
    ("桂芳", "陈桂芳", "chén guì fāng"),
    ("chenguifang", "陈桂芳", "chén guì fāng"),
    ("chen gui fang", "陈桂芳", "chén guì fāng"),
    ("chen'gui'f", "陈桂芳", "chén guì fāng"),
    ("cgf", "陈桂芳", "chén guì fāng"),
    ("CGF", "陈桂芳", "chén guì fāng"),
    ("zhang w", "张伟", "zhāng wěi"),
    ("zhangw", "张伟", "zhāng wěi"),
    ("z wei", "张伟", "zhāng wěi"),
    ("张w", "张伟", "zhāng wěi"),
    ("张伟", "张伟", "zhāng wěi"),
    ("伟", "张伟", "zhāng wěi"),
    ("zeng", "曾国强", "zēng guó qiáng"),
    ("cgq", "曾国强", "ceng guó qiáng"),
    ("shanxiong", "单雄", "shàn xióng"),
    ("danxiong", "单雄", "dan xióng"),
    ("qiuying", "仇英", "qiú yīng"),
    ("xiezhen", "解珍", "xiè zhēn"),
    ("oyn", "欧阳娜", "ōu yáng nà"),
    ("lvbu", "吕布", "lǚ bù"),
    ("lyubu", "吕布", "lǚ bù"),
    ("阿不都热合曼", "阿不都·热合曼", "ā bù dū rè hé màn"),
    ("热合曼", "阿不都·热合曼", "ā bù dū rè hé màn"),
    ("王㐂", "王㐂", "wáng 㐂"),
    ("3-2-501", "张伟", "3栋2单元501"),
    ("3-501", "张伟", "3栋2单元501"),
    ("3栋501", "张伟", "3栋2单元501"),
    ("3栋2单元501室", "张伟", "3栋2单元501"),
    ("３－２－５０１", "张伟", "3栋2单元501"),
    ("三栋二单元501", "张伟", "3栋2单元501"),
    ("3/2/501", "张伟", "3栋2单元501"),
    ("b01", "盖聂", "综合楼1单元B01"),
    ("a1203", "翟天临", "A座1单元1203"),
    ("0142", "陈桂芳", "number ends in 0142"),
    ("00000142", "陈桂芳", "number ends in 00000142"),
    ("13800000142", "陈桂芳", "number ends in 13800000142"),
    ("+86 138-0000-0142", "陈桂芳", "number ends in 13800000142"),
    ("002x", "张伟", "number ends in 002x"),
    ("11010519491231002X", "张伟", "number ends in 11010519491231002x"),
    ("6688", "曾国强", "number ends in 6688"),
]

WRITTEN = [
    ("女儿周末", "陈桂芳·3栋1单元202", "女儿周末"),
    ("漏水", "厨房漏水", "厨房漏水"),
    ("燃气公司", "厨房漏水", "燃气公司"),
    ("养了狗", "张伟·3栋2单元501", "养了狗"),
    ("wifi", "陈桂芳·3栋1单元202", "WiFi"),
]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A small community, made once."""
    session = made(Folder(tmp_path_factory.mktemp("ways")), HandClock())
    village = Village(session)
    homes: dict[str, Home] = {name: village.household(name, *door) for name, door in PEOPLE.items()}
    chen, zhang, zeng = homes["陈桂芳"], homes["张伟"], homes["曾国强"]
    village.change("resident", chen.people["陈桂芳"], {"phones": "13800000142"})
    village.change("resident", zhang.people["张伟"], {"id_number": "11010519491231002X", "id_last4": "002X"})
    village.change("household", zeng.id, {"contact_phone": "13900006688"})
    village.change("household", zhang.id, {"household_no": "H01-260318-01", "remark": "家里养了狗，敲门小心"})
    village.change("resident", homes["仇英"].people["仇英"], {"status": "deceased"})
    village.change("resident", homes["解珍"].people["解珍"], {"status": "moved_out"})
    village.visit(chen, "2026-03-09", note="女儿周末才能来。WiFi 坏了。")
    issue = village.issue("厨房漏水", at="2026-03-10T02:00:00Z", home=chen)
    village.step(issue, "note", at="2026-03-11T02:00:00Z", note="约了燃气公司周四上门")
    yield Workspace(session, lambda: None)
    session.store.close()


def hits(view: SearchView) -> list[HitView]:
    return [hit for part in view.parts for hit in part.hits]


@pytest.mark.parametrize(("typed", "name", "why"), WAYS)
def test_who_is_found_first_and_why(books: Workspace, typed: str, name: str, why: str) -> None:
    first = hits(books.search.find(typed))[0]
    assert (first.title, first.reading) == (name, why)
    assert first.household is not None
    assert first.page == "household"


@pytest.mark.parametrize(("typed", "title"), [("3栋", "3栋"), ("三号楼", "3栋"), ("综合楼", "综合楼"), ("A座", "A座")])
def test_a_building_that_was_typed_is_what_enter_opens(books: Workspace, typed: str, title: str) -> None:
    first = hits(books.search.find(typed))[0]
    assert (first.kind, first.title, first.page, first.household) == ("building", title, "buildings", None)


@pytest.mark.parametrize(("typed", "sign"), [("仇英", "Deceased"), ("解珍", "Moved out"), ("吕布", None)])
def test_who_died_or_moved_out_is_marked_so(books: Workspace, typed: str, sign: str | None) -> None:
    first = hits(books.search.find(typed))[0]
    assert [one.text for one in first.signs if one.kind == "gone"] == ([sign] if sign else [])


def test_what_is_open_stands_under_the_name_of_whom_it_is_about(books: Workspace) -> None:
    parts = {
        part.title: [(hit.title, hit.subtitle, hit.right) for hit in part.hits]
        for part in books.search.find("cgf").parts
    }
    assert parts["Issues"] == [("厨房漏水", "陈桂芳·3栋1单元202", "Waiting for a first response")]
    assert "Issues" not in {part.title for part in books.search.find("cgf", sharing=True).parts}


@pytest.mark.parametrize(("typed", "title", "why"), WRITTEN)
def test_words_are_found_where_they_were_written(books: Workspace, typed: str, title: str, why: str) -> None:
    found = hits(books.search.find(typed))
    assert title in [hit.title for hit in found]
    hit = next(hit for hit in found if hit.title == title)
    said = hit.reading or hit.title
    assert why in said
    assert hit.reading == "" or any(typed in said[a:b].lower() for a, b in hit.spans)


def test_what_is_written_of_a_household_is_not_shown_to_people_looking_on(books: Workspace) -> None:
    assert hits(books.search.find("养了狗", sharing=True)) == []


@pytest.mark.parametrize(
    ("typed", "pages"),
    [("楼栋", ["buildings"]), ("ld", ["buildings"]), ("louD", ["buildings"]), ("tong", ["sync"]), ("x", []), ("", [])],
)
def test_pages_are_found_by_what_they_are_called(typed: str, pages: list[str]) -> None:
    assert named_like(typed, {"buildings": ["楼栋"], "sync": ["同步"], "issues": ["事件"]}) == pages


def test_pages_are_found_by_their_english_names() -> None:
    assert named_like("build", {"buildings": ["Buildings"], "sync": ["Sync"]}) == ["buildings"]
    assert named_like("rost", {"roster": ["Import a roster"], "sync": ["Sync"]}) == ["roster"], "a word in it"

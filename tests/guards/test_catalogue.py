"""The Chinese catalogue is whole: nothing missing, unused, broken, out of tone or stale."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gridworker import text

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", TOP / ".ci" / "catalogue.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogue"] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def used(catalogue: ModuleType) -> Any:
    """Every text the program asks for: all of its source is read for it, once."""
    return catalogue.uses()


@pytest.fixture(scope="module")
def entries(catalogue: ModuleType) -> dict[Path, Any]:
    """What each catalogue says."""
    return {folder: catalogue.entries(folder) for folder in catalogue.languages()}


def test_there_is_a_catalogue_for_every_language_but_english(catalogue: ModuleType) -> None:
    assert {folder.name for folder in catalogue.languages()} == set(text.LANGUAGES) - {"en"}


@pytest.mark.parametrize("check", ["faults", "unsuitable", "stale", "missing", "unused"])
def test_catalogue_has_no_faults(catalogue: ModuleType, used: Any, entries: dict[Path, Any], check: str) -> None:
    wrong: list[str] = []
    for folder, found in entries.items():
        arguments = {"stale": (folder, found), "missing": (found, used), "unused": (found, used)}.get(check, (found,))
        wrong += getattr(catalogue, check)(*arguments)
    assert not wrong, "\n".join(["", *wrong])


def test_the_same_parts_give_the_same_bytes(catalogue: ModuleType, entries: dict[Path, Any]) -> None:
    found = entries[TOP / "resources" / "locale" / "zh_CN"]
    assert catalogue.compiled(found) == catalogue.compiled(reversed(found))


def test_conflicts_and_lost_places_are_faults(catalogue: ModuleType) -> None:
    entry = catalogue.Entry
    good = [entry("Open {name}", "", "打开 {name}", "a:1"), entry("Open {name}", "", "打开 {name}", "b:1")]
    assert not list(catalogue.faults(good))
    assert len(list(catalogue.faults([*good, entry("Open {name}", "", "开 {name}", "c:1")]))) == 1
    assert len(list(catalogue.faults([entry("Open {name}", "", "打开", "a:1")]))) == 1
    assert len(list(catalogue.faults([entry("Open", "", "", "a:1")]))) == 1
    assert len(list(catalogue.faults([entry("{count} day", "{count} days", "{count} 天", "a:1")]))) == 0


def test_every_way_to_ask_for_a_text_is_found(
    catalogue: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "gridworker" / "page.py"
    source.parent.mkdir()
    source.write_text(
        "class Sheet(Problem):\n"
        "    def __init__(self, kind, message, **values): ...\n"
        "class Empty(Sheet): ...\n"
        'gettext("a" if x else "b"); text.ngettext("{n} c", "{n} cs", n); Label("d"); Empty("kind", "e")\n'
        'gettext(f"f{x}"); gettext("g" + x); gettext(variable); gettext("")\n'
    )
    monkeypatch.setattr(catalogue, "TOP", tmp_path)
    monkeypatch.setattr(catalogue, "SOURCES", source.parent)
    used = catalogue.uses()
    assert {use.id for use in used if not use.broken} == {"a", "b", "{n} c", "d", "e"}
    assert {use.plural for use in used} == {"", "{n} cs"}
    assert sum(use.broken for use in used) == 2


def test_a_moment_ends_in_digits_and_a_blank_parts_it_from_chinese(entries: dict[Path, Any]) -> None:
    run_on = re.compile(r"\{(?:moment|time)\}[\u4e00-\u9fff]")
    assert [one.text for found in entries.values() for one in found if run_on.search(one.text)] == []


def test_the_words_of_qt_are_those_of_their_source(tmp_path: Path) -> None:
    """``make text`` builds them in the same way."""
    words, built = TOP / "resources" / "locale" / "zh_CN", tmp_path / "qt.qm"
    lrelease = Path(sys.executable).parent / "pyside6-lrelease"
    subprocess.run([lrelease, "-silent", words / "qt.ts", "-qm", built], check=True)
    assert built.read_bytes() == (words / "qt.qm").read_bytes()


def test_what_stands_between_two_facts_is_of_the_language_too(catalogue: ModuleType) -> None:
    bare = [
        str(path.relative_to(catalogue.SOURCES))
        for path in catalogue.SOURCES.rglob("*.py")
        if re.search(r"""(?<!gettext\()" · "\.join""", path.read_text(encoding="utf-8"))
    ]
    assert bare == [], "Chinese has the dot without the blanks"


def test_the_dot_between_two_facts_is_one_sign_without_blanks(entries: dict[Path, Any]) -> None:
    wide = re.compile(r" · |[・•‧]")
    assert [one.text for found in entries.values() for one in found if wide.search(one.text)] == []


def test_a_laptop_has_one_name_each_time_it_is_spoken_of(entries: dict[Path, Any]) -> None:
    """With its number it is a device of the register (3 号设备); a worker's is a 笔记本; this machine is 这台电脑."""
    other = re.compile("号(?:笔记本|电脑)|网格员(?:在)?(?:自己)?的?(?:电脑|设备(?!包))|(?:笔记本|电脑)编号")
    said = {one.place: one.text for found in entries.values() for one in found}
    said |= {path.name: path.read_text(encoding="utf-8") for path in (TOP / "resources" / "help").glob("*.zh.md")}
    assert {place: found.group() for place, words in said.items() if (found := other.search(words))} == {}


def test_what_sets_a_laptop_up_has_one_name_in_english(entries: dict[Path, Any]) -> None:
    """The glossary (ui/ux.md 6) calls it a device bundle; half of the texts said kit."""
    ids = [words for found in entries.values() for one in found for words in (one.id, one.plural)]
    assert len(ids) > 1000
    assert [one for one in ids if re.search(r"\bkits?\b", one, re.IGNORECASE)] == []


ONE_WORD = {
    "抹除": "抹去",
    "包": "数据包|文件包|回复包",
    "钥匙": "密钥",
    "无人在家": "没人在家|没有人在家",
    "授权码": "办公室的码|(?<!，)给码|批准的码",
    "导入": "收进来的(?!包)|没收进来",
    "定下冲突": "(?:解决|处理)(?:了)?冲突|冲突解决",
    "搁下": "搁置(?!的那份)|放在一边",
    "照片和材料": "照片[和或](?:文件|纸面材料)",
    "先关掉程序": "先关(?:闭|上)程序",
    "锁上": "[后会刻]锁定|正在锁定|锁定时|锁定与",
}
"""What a thing is called, and what it was called too."""


@pytest.mark.parametrize("word", ONE_WORD)
def test_one_thing_has_one_word(entries: dict[Path, Any], word: str) -> None:
    """In the window, on the command line and in the help. The page 今日 is no other word for 今天: it is a name."""
    other = re.compile(ONE_WORD[word])
    said = {one.place: one.text for found in entries.values() for one in found}
    said |= {path.name: path.read_text(encoding="utf-8") for path in (TOP / "resources" / "help").glob("*.zh.md")}
    said["README.md"] = (TOP / "README.md").read_text(encoding="utf-8")
    assert {place: found.group() for place, words in said.items() if (found := other.search(words))} == {}


def test_a_number_of_a_laptop_is_written_in_one_way_in_sentences(entries: dict[Path, Any]) -> None:
    """Files begin with 01 so that they stand in order; what people say is 1."""
    texts = [words for found in entries.values() for one in found for words in (one.id, one.plural, one.text)]
    assert [one for one in texts if ":02d}" in one] == []


@pytest.mark.parametrize(
    ("word", "other"),
    [("Closed", r"^Settled$"), ("late, of an answer", r"^\{count\} overdue$")],
)
def test_one_thing_has_one_word_in_english_too(entries: dict[Path, Any], word: str, other: str) -> None:
    """As the glossary has them (ui/ux.md 6): an issue is closed, an answer is late, a visit is overdue.

    On a door, where a letter too many is cut, a visit is late too.
    """
    assert word
    assert [one.id for found in entries.values() for one in found if re.search(other, one.id)] == []


def test_only_the_page_is_called_today_in_the_stiff_word(entries: dict[Path, Any]) -> None:
    """What is due is due 今天, as people say it; 今日 is the name of a page."""
    assert [one.id for found in entries.values() for one in found if "今日" in one.text] == ["Today"]


def test_nothing_but_the_page_is_called_by_its_name(catalogue: ModuleType) -> None:
    """The same English word named what is due, which was 今日 too then."""
    named = [
        str(path.relative_to(catalogue.SOURCES))
        for path in catalogue.SOURCES.rglob("*.py")
        if re.search(r"""(?:gettext|Label)\("Today"\)""", path.read_text(encoding="utf-8"))
    ]
    assert sorted(named) == ["gui/entries.py", "gui/pages/today/page.py"]

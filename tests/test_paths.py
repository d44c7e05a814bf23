"""Where data live."""

from pathlib import Path

import appdirs
import pytest

from gridworker.paths import default_folder, settings_file


def test_an_empty_xdg_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(appdirs, "system", "linux2")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    assert default_folder() == tmp_path / ".local/share/Gridworker"
    assert settings_file().is_relative_to(tmp_path / ".config")

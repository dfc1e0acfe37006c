"""Settings are typed, versioned and told in words when they cannot be read."""

import json
from pathlib import Path

import pytest

from assessor_desk.environment.settings import Settings
from assessor_desk.errors import InputError, StoreTooNewError


def test_no_file_means_what_is_safe_on_a_shared_computer(tmp_path: Path) -> None:
    assert Settings.load(tmp_path / "settings.json") == Settings(
        data_key_in_system_store=False, default_store=None, signing_minutes=30
    )


def test_saved_settings_read_back(tmp_path: Path) -> None:
    settings = Settings(data_key_in_system_store=True, default_store="store-1", signing_minutes=5)
    settings.save(tmp_path / "settings.json")

    assert Settings.load(tmp_path / "settings.json") == settings
    assert json.loads((tmp_path / "settings.json").read_text())["version"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        ("\x00", "cannot be read"),
        ("[]", "not an object"),
        ('{"signing_minutes": "30"}', "fault in signing_minutes"),
        ('{"signing_minutes": 0}', "fault in signing_minutes"),
        ('{"signing_minutes": true}', "fault in signing_minutes"),
        ('{"data_key_in_system_store": 1}', "fault in data_key_in_system_store"),
        ('{"default_store": 1, "color": "red"}', "fault in color, default_store"),
    ],
)
def test_a_fault_is_named_with_the_file_and_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)

    with pytest.raises(InputError, match=said) as caught:
        Settings.load(path)
    assert str(path) in caught.value.detail
    assert caught.value.next


def test_settings_in_another_encoding_are_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes('{"default_store": "é"}'.encode("latin-1"))

    with pytest.raises(InputError, match="cannot be read"):
        Settings.load(path)


@pytest.mark.parametrize("version", [2, "1", None])
def test_settings_of_a_newer_desk_are_refused(tmp_path: Path, version: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"version": version}))

    with pytest.raises(StoreTooNewError, match="newer version"):
        Settings.load(path)

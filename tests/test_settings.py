"""The one table of settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from callboard.settings import BadSetting, Settings, read_settings, variables


def test_every_setting_has_a_default_and_a_sentence() -> None:
    """Nothing has to be set, and each field says what it is for."""
    assert read_settings({}) == Settings()
    assert all(field.description and field.description.endswith(".") for field in Settings.model_fields.values())


def test_variables_are_read() -> None:
    """A variable is a field's name in capitals; what is not ours is left alone."""
    found = read_settings({"CALLBOARD_PORT": "81", "CALLBOARD_DATA_DIR": "/x", "PORT": "82", "PATH": "/bin"})
    assert (found.port, found.data_dir) == (81, Path("/x"))


def test_options_are_stronger_than_variables() -> None:
    """An option that is given wins; one that is not leaves the variable."""
    assert read_settings({"CALLBOARD_PORT": "81", "CALLBOARD_HOST": "::"}, port=82, host=None).model_dump(
        include={"port", "host"}
    ) == {
        "port": 82,
        "host": "::",
    }


def test_retention_may_be_for_ever() -> None:
    """Days as a number, or `forever`."""
    found = read_settings({"CALLBOARD_RETENTION_QOS_DAYS": "forever", "CALLBOARD_RETENTION_EVENTS_DAYS": "7"})
    assert (found.retention_qos_days, found.retention_events_days, found.retention_meetings_days) == ("forever", 7, 183)


BAD = [
    ("PORT", "-1"),
    ("PORT", "65536"),
    ("PORT", ""),
    ("RATE_POLICY", "none"),
    ("PROFILE", "strict"),
    ("RETENTION_MEETINGS_DAYS", "never"),
    ("RETENTION_MEETINGS_DAYS", "-1"),
    ("RETENTION_QOS_DAYS", "0"),
    ("QUERY_SECONDS", "0"),
    ("WORKERS", "0"),
    ("WORKERS", "two"),
    ("COMMIT_MS", "1.5"),
    ("TOKEN_SECONDS", "0"),
    ("LOG_LEVEL", "loud"),
]


@pytest.mark.parametrize(("name", "text"), BAD)
def test_a_value_that_makes_no_sense_is_refused(name: str, text: str) -> None:
    """The error names the variable and the option."""
    with pytest.raises(BadSetting, match=f"CALLBOARD_{name} .*--{name.lower().replace('_', '-')}"):
        read_settings({f"CALLBOARD_{name}": text})


@pytest.mark.parametrize("variable", ["CALLBOARD_", "CALLBOARD_PROT", "CALLBOARD_port_", "CALLBOARD_MODEL_CONFIG"])
def test_an_unknown_variable_is_refused(variable: str) -> None:
    """The error names it, and lists those that are known."""
    with pytest.raises(BadSetting, match=rf"{variable} is not a setting\. Known: .*CALLBOARD_PORT"):
        read_settings({variable: "1"})


@pytest.mark.parametrize("given", [{"prot": 1}, {"port": "x"}])
def test_an_option_that_makes_no_sense_is_refused(given: dict[str, Any]) -> None:
    """An option is checked as a variable is."""
    with pytest.raises(BadSetting):
        read_settings({}, **given)


def test_settings_do_not_change() -> None:
    """They are read once."""
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


def test_no_secret_is_in_a_message() -> None:
    """An error about a setting does not repeat what it was set to."""
    with pytest.raises(BadSetting) as refused:
        read_settings({"CALLBOARD_PORT": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_variables_are_named_like_fields() -> None:
    """There is a variable for each field."""
    assert variables() == [f"CALLBOARD_{name.upper()}" for name in Settings.model_fields]

"""The list of commands that ``python -m core`` prints."""

from __future__ import annotations

import pytest

from core.__main__ import app


@pytest.mark.parametrize("command", app.registered_commands, ids=lambda command: command.callback.__name__)
def test_what_a_command_does_is_one_line(command) -> None:
    first, *rest = command.callback.__doc__.strip().splitlines()
    assert not rest or not rest[0].strip(), "the list keeps the line break of a docstring"

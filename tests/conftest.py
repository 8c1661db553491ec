"""The order of the tests: those that drive a browser first, so that their waiting and the others' computing go on side by side."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests first, the accessibility visits (the longest file) before all; the order within a file stays."""
    items.sort(key=lambda item: (item.path.parent.name != "e2e", item.path.stem != "test_accessibility"))

"""How a head is named on maps of layers and heads: said once, where they are drawn."""

from __future__ import annotations

from core.axes import head_name

from ..shell.locale import t


def head_notation() -> str:
    """``L4·5`` in words, and which layer stands on top."""
    return t(
        "Rows are layers, from the one nearest the words ({first}) downwards; {name} is head 5 of layer 4.",
        first=f"{t('L')}1",
        name=head_name(3, 4, t("L")),
    )

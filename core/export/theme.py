"""The app's two themes as CSS variables, for pages without Streamlit: the names that the explorer reads (skeleton.js).

The values are those of ``.streamlit/config.toml``, the only place where they are written.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from ..assets import ROOT

_CONFIG = ROOT / ".streamlit" / "config.toml"
_FONTS = {
    "--st-font": "'Source Sans 3', system-ui, sans-serif",
    "--st-code-font": "'Source Code Pro', ui-monospace, monospace",
}  # nothing is fetched: what the reader's machine has


@cache
def variables() -> str:
    """``:root {…}`` for light, then for dark where the reader's system asks for it; a print is light."""
    theme = tomllib.loads(_CONFIG.read_text(encoding="utf-8"))["theme"]
    light, dark = (_rule(_colours(theme[name])) for name in ("light", "dark"))
    return f"{_rule(_FONTS)}\n{light}\n@media screen and (prefers-color-scheme: dark) {{ {dark} }}"


def _colours(theme: dict) -> dict[str, str]:
    """backgroundColor → --st-background-color."""
    hyphens = {name: re.sub(r"([A-Z])", lambda letter: f"-{letter[0].lower()}", name) for name in theme}
    return {f"--st-{hyphens[name]}": value for name, value in theme.items() if isinstance(value, str)}


def _rule(values: dict[str, str]) -> str:
    return f":root {{ {' '.join(f'{name}: {value};' for name, value in values.items())} }}"

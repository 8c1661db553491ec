"""Where the files that core reads stand: in a checkout beside core/, in an installed package inside it."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
ROOT = _HERE if (_HERE / "assets").is_dir() else _HERE.parent
ASSETS = ROOT / "assets"

"""Imports go one way: app.py, pages → ui → core; training → core; nothing imports pages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = {"app", "pages", "ui", "core", "training", "benchmarks", "tools", "tests"}
ALLOWED = {  # which of our packages each may import
    "app.py": {"ui", "core"},
    "asgi.py": {"ui"},
    "pages": {"ui", "core"},
    "ui": {"ui", "core"},
    "core": {"core"},
    "training": {"training", "core"},
    "benchmarks": {"benchmarks", "core", "ui", "tools"},
}
FORBIDDEN = {  # packages of others
    "core": {"streamlit"},
    "training": {"streamlit"},
    "pages": {"torch", "transformers"},
    "app.py": {"torch", "transformers"},
    "asgi.py": {"torch", "transformers"},
}


def files(part: str) -> list[Path]:
    path = ROOT / part
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of everything a file imports, at any depth; relative imports count as their own package."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(path.relative_to(ROOT).parts[0] if node.level else (node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("part", ALLOWED)
def test_the_direction_of_imports(part: str) -> None:
    wrong = {
        str(path.relative_to(ROOT)): sorted(bad)
        for path in files(part)
        if (bad := (imported(path) & OURS - ALLOWED[part]) | imported(path) & FORBIDDEN.get(part, set()))
    }
    assert wrong == {}


def test_the_parser_sees_imports_of_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import a.b, c\nfrom d.e import f\ndef g():\n    import h\n"
    path = ROOT / "core" / "errors.py"
    monkeypatch.setattr(Path, "read_text", lambda self, encoding=None: code)
    assert imported(path) == {"a", "c", "d", "h"}


INSIDE_CORE = {  # file or folder of core → modules of core that it must not import, at any depth of the code
    "figures": {"models", "trace", "captures", "seam", "probe", "tape", "record"},
    "errors.py": {"axes", "models", "tokens", "trace", "captures"},
    "tokens.py": {"models", "trace", "captures", "record"},
    "record.py": {"models", "trace", "captures", "tape", "seam"},
    "trace.py": {"models", "captures", "seam", "probe", "view", "candidates", "difference", "export"},
    "models.py": {"captures", "trace", "view"},
}


def modules(path: Path) -> set[str]:
    """Modules of core that a file of core imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            found |= {(node.module or "").split(".")[0]} if node.module else {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("part", INSIDE_CORE)
def test_the_direction_inside_core(part: str) -> None:
    wrong = {path.name: sorted(bad) for path in files(f"core/{part}") if (bad := modules(path) & INSIDE_CORE[part])}
    assert wrong == {}
    if part == "figures":
        assert not any(imported(path) & {"torch", "transformers"} for path in files("core/figures"))

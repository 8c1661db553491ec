"""Imports go one way: between packages, between the rooms of core and of ui, between the models of training; nowhere
in a circle.
"""

from __future__ import annotations

import ast
from itertools import pairwise
from pathlib import Path

import pytest

from tools.structure import ROOT, circles, files_of, graph, imports, modules

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
    "core/figures": {"torch", "transformers"},
    "training": {"streamlit"},
    "pages": {"torch", "transformers"},
    "app.py": {"torch", "transformers"},
    "asgi.py": {"torch", "transformers"},
}
# The rooms, from the ground up: a file imports from its own room and from those above it in the list, also where it
# does so late.
CORE = [
    *(
        "version",
        "errors",
        "boundary",
        "digits",
        "written_numbers",
        "axes",
        "intervals",
        "rank_correlation",
        "progress",
        "assets",
    ),
    "languages",
    *("text", "files", "attention", "models", "tracing", "predictions", "analyses", "views", "figures"),
    *("coreference", "vision", "conv", "variants", "studies", "metrics", "corpus", "classroom", "sandbox", "fetching"),
    *("export", "storage", "cli"),
]
UI = ["shell", "serving", "components", "top_bar", "explorer", "pages"]
NOT_FOR_FIGURES = ("core.attention.", "core.models.loading", "core.tracing.", "core.predictions.")
TRAINING_SHARED = "common"


def imported(path: Path) -> set[str]:
    """Top-level names of everything a file imports, at any depth; relative imports count as their own package."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(path.relative_to(ROOT).parts[0] if node.level else (node.module or "").split(".")[0])
    return names


def rooms_of(part: str) -> dict[str, set[str]]:
    """``room: file`` → rooms of the same package that the file imports from, other than its own."""
    known, rooms = modules(part), {}
    for module, path in known.items():
        room = _room(module)
        if room is not None:
            rooms[f"{room}: {path.relative_to(ROOT)}"] = {_room(target) for target in imports(path, known)} - {
                None,
                room,
            }
    return rooms


def _room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and not parts[1].startswith("__") else None


@pytest.mark.parametrize("part", ALLOWED | FORBIDDEN)
def test_the_direction_of_imports(part: str) -> None:
    allowed = ALLOWED.get(part, OURS)
    wrong = {
        str(path.relative_to(ROOT)): sorted(bad)
        for path in files_of(part)
        if (bad := (imported(path) & OURS - allowed) | imported(path) & FORBIDDEN.get(part, set()))
    }
    assert wrong == {}


def test_the_parser_sees_imports_of_every_form(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import a.b, c\nfrom d.e import f\ndef g():\n    import h\n"
    path = ROOT / "core" / "errors.py"
    monkeypatch.setattr(Path, "read_text", lambda self, encoding=None: code)
    assert imported(path) == {"a", "c", "d", "h"}


@pytest.mark.parametrize(("part", "order"), [("core", CORE), ("ui", UI)])
def test_a_room_imports_only_from_the_rooms_before_it(part: str, order: list[str | tuple[str, ...]]) -> None:
    rank = {room: place for place, rooms in enumerate(order) for room in ([rooms] if isinstance(rooms, str) else rooms)}
    wrong = {}
    for place, targets in rooms_of(part).items():
        room = place.partition(":")[0]
        assert room in rank, f"{place}: {room} is no room of {part}; the list in this file names them all"
        if bad := {target for target in targets if rank[target] >= rank[room]}:
            wrong[place] = sorted(bad)
    assert wrong == {}


def test_figures_take_arrays_and_labels() -> None:
    known = modules("core")
    wrong = {
        module: sorted(bad)
        for module, path in known.items()
        if module.startswith("core.figures.")
        and (bad := {target for target in imports(path, known) if target.startswith(NOT_FOR_FIGURES)})
    }
    assert wrong == {}


def test_a_page_folder_imports_no_other_page_folder() -> None:
    known, wrong = modules("ui"), {}
    for module, path in known.items():
        page = _page(module)
        if page and (bad := {_page(target) for target in imports(path, known)} - {None, page}):
            wrong[module] = sorted(bad)
    assert wrong == {}


def _page(module: str) -> str | None:
    parts = module.split(".")
    return parts[2] if len(parts) > 2 and parts[1] == "pages" else None


def test_a_recipe_imports_what_it_shares_from_common() -> None:
    wrong = {
        place: sorted(bad)
        for place, rooms in rooms_of("training").items()
        if place.startswith(TRAINING_SHARED) and (bad := rooms)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "part",
    ["core", "ui", "training"],
)
def test_no_imports_go_in_a_circle(part: str) -> None:
    assert circles(graph(part)) == []


def test_circles_are_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert circles({name: {following} for name, following in pairwise("abcd")} | {"d": set()}) == []

"""The structure of the project, measured from its own code: ``python -m tools.structure`` prints the table of
docs/decisions/0014.

Rooms and who may import whom, circles, depth, names that are defined twice, names that say nothing, long lines. The
tests (tests/test_imports.py, tests/test_names.py) hold what this measures."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("core", "ui", "pages", "training", "benchmarks", "tools", "tests")
VAGUE = frozenset(
    "found one own place asked seen kept made read shown told given taken heard whole apart else_ rest what "
    "there here so".split()
)
"""Words that name nothing: a variable says what it holds."""


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def files_of(part: str) -> list[Path]:
    """Python files of a package, or the file itself."""
    path = ROOT / part
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def module_of(path: Path) -> str:
    """Dotted name of a file of the tree; a package's is that of its folder."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(part: str) -> dict[str, Path]:
    """Dotted name → file, for all of a package."""
    return {module_of(path): path for path in files_of(part)}


def imports(path: Path, known: Mapping[str, Path], *, late: bool = True) -> set[str]:
    """Modules of ``known`` that a file imports. ``late``: also inside functions and under ``TYPE_CHECKING``."""
    parts = module_of(path).split(".")
    package = parts if path.name == "__init__.py" else parts[:-1]
    targets: set[str] = set()
    for node in _statements(tree_of(path), late):
        if isinstance(node, ast.Import):
            targets |= {alias.name for alias in node.names}
        else:
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            targets |= {
                f"{module}.{alias.name}" if f"{module}.{alias.name}" in known else module for alias in node.names
            }
    return (targets & known.keys()) - {module_of(path)}


def _statements(tree: ast.AST, late: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif late or not (isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or _only_for_types(node)):
            yield from _statements(node, late)


def _only_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def graph(part: str, *, late: bool = True) -> dict[str, set[str]]:
    """Module → modules of the same package that it imports."""
    known = modules(part)
    return {name: imports(path, known, late=late) for name, path in known.items()}


def circles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, directly or around (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in edges[name]:
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for name in edges:
        if name not in index:
            visit(name)
    return sorted(groups)


def levels(edges: Mapping[str, set[str]]) -> int:
    """The longest chain of imports, in modules."""

    @cache
    def depth(name: str, above: frozenset[str] = frozenset()) -> int:
        return 1 + max((depth(target, above | {name}) for target in edges[name] if target not in above), default=0)

    return max(map(depth, edges))


def public_definitions(part: str) -> dict[str, list[str]]:
    """Public name → modules of a package that define it (functions, classes, constants at the top level)."""
    where = defaultdict(list)
    for module, path in modules(part).items():
        for node in tree_of(path).body:
            for name in _defined(node):
                if not name.startswith("_"):
                    where[name].append(module)
    return dict(where)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def bound_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """(name, line) of whatever the code binds: variables, parameters, functions, classes, attributes, ``as`` names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield (node.id if isinstance(node, ast.Name) else node.attr), node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, node.lineno
        elif isinstance(node, ast.ExceptHandler) and node.name:
            yield node.name, node.lineno


def vague_names(part: str) -> tuple[list[str], int]:
    """(``file:line name`` of each vague name, names bound in all) of a package."""
    vague, total = [], 0
    for path in files_of(part):
        for name, line in bound_names(tree_of(path)):
            total += 1
            if name in VAGUE or name.strip("_") in VAGUE:
                vague.append(f"{path.relative_to(ROOT)}:{line} {name}")
    return vague, total


def _fullest_folder(part: str) -> str:
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in files_of(part) if path.name != "__init__.py")
    folder, count = counts.most_common(1)[0]
    return f"{count} ({folder})"


def table() -> list[tuple[str, str]]:
    """(what, figure) for the whole tree."""
    texts = {path: path.read_text(encoding="utf-8") for part in PACKAGES for path in files_of(part)}
    rows = [
        (f"files in the fullest folder of {part}", _fullest_folder(part))
        for part in ("core", "ui", "training", "tests")
    ]
    rows += [
        (f"levels of imports in {part}", str(levels(graph(part, late=False)))) for part in ("core", "ui", "training")
    ]
    rows += [(f"circles of imports in {part}", str(len(circles(graph(part))))) for part in ("core", "ui", "training")]
    twice = {
        part: [name for name, where in public_definitions(part).items() if len(where) > 1] for part in ("core", "ui")
    }
    rows += [
        (f"public names defined in two modules or more of {part}", str(len(names))) for part, names in twice.items()
    ]
    for part in ("core", "ui"):
        vague, total = vague_names(part)
        rows.append(
            (f"vague names among those bound in {part}", f"{len(vague)} of {total} ({100 * len(vague) / total:.2f} %)")
        )
    lines = [line for text in texts.values() for line in text.splitlines()]
    rows.append(("fmt: skip", str(sum(bool(re.search(r"# fmt: (skip|off)", line)) for line in lines))))
    rows.append(("lines over 120 columns", str(sum(len(line) > 120 for line in lines))))
    rows.append(("lines of Python", str(len(lines))))
    return rows


def main() -> None:
    """Print the table as Markdown."""
    print("| measured | |\n|---|---|")
    for measure, figure in table():
        print(f"| {measure} | {figure} |")


if __name__ == "__main__":
    main()

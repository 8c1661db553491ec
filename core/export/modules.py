"""The explorer's JavaScript modules as one script and its styles as one sheet, for a page without a server: what the
modules import and export becomes names of one scope.

From ``file:`` a browser loads no module; and forty of them, each at a ``data:`` address of its own, took a page 170 ms
to join (measured). Our modules import only neighbours and what components share, by name and on one line, and export
only functions, classes and constants where they are declared; anything else is refused here, so that a new habit cannot
break saved pages silently. Inside: `bundle`, `style`. Not inside: how it travels (`html`,
assets/standalone/loader.js)."""

from __future__ import annotations

import re
from functools import cache

from ..assets import ASSETS

COMPONENTS = ASSETS / "components"
IMPORT = re.compile(r'^import \{ ([^}]+) \} from "(\./|\.\./shared/)([\w-]+)\.js";$', re.MULTILINE)
STYLE = re.compile(r'^@import url\("(\.\./shared/[\w-]+\.css)"\);$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


@cache
def bundle(entry: str = "attention/standalone") -> str:
    """A classic script that leaves what ``entry`` (folder/module in assets/components) exports in
    ``globalThis.mirante``; each part stands after all that it imports.

    Raises:
        ValueError: a module imports or exports in a way that is not known here, or two import each other.
    """
    parts: dict[str, str] = {}
    _add(entry, parts, ())
    return "\n".join(['"use strict";', *parts.values(), f"globalThis.mirante = {_variable(entry)};\n"])


def style() -> str:
    """The explorer's stylesheet, with what it imports in its place.

    Raises:
        ValueError: it imports in a way that is not known here.
    """
    sheet = COMPONENTS / "attention" / "attention.css"
    joined = STYLE.sub(
        lambda line: (sheet.parent / line[1]).read_text(encoding="utf-8"), sheet.read_text(encoding="utf-8")
    )
    if "@import" in joined:
        raise ValueError(f"{sheet.name}: an @import that cannot be joined into one sheet.")
    return joined


def _add(module: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    """Adds a module after those that it imports."""
    if module in above:
        raise ValueError(f"{' → '.join((*above, module))}: modules that import each other cannot be joined.")
    source = (COMPONENTS / f"{module}.js").read_text(encoding="utf-8")
    for _, folder, name in IMPORT.findall(source):
        imported = _imported(module, folder, name)
        if imported not in parts:
            _add(imported, parts, (*above, module))
    parts[module] = _part(module, source)


def _imported(module: str, folder: str, name: str) -> str:
    """What an import of ``module`` means: a neighbour, or a module that components share."""
    return f"{module.split('/')[0] if folder == './' else 'shared'}/{name}"


def _part(module: str, source: str) -> str:
    """A module as a function that is called once and returns what it exported."""
    exported = EXPORT.findall(source)
    body = IMPORT.sub(
        lambda line: f"const {{ {line[1].replace(' as ', ': ')} }} = {_variable(_imported(module, line[2], line[3]))};",
        EXPORT.sub("", source),
    )
    for line in body.splitlines():
        if line.startswith(("import", "export")) or re.search(r"\bimport\s*\(", line):
            raise ValueError(f"{module}.js: “{line}” imports or exports in a way that cannot be joined into one file.")
    return f"const {_variable(module)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _variable(module: str) -> str:
    return "module_" + re.sub(r"\W", "_", module)

"""The explorer's JavaScript modules as one script, for a page without a server: what they import and export becomes
names of one scope.

From ``file:`` a browser loads no module; and forty of them, each at a ``data:`` address of its own, took a page 170 ms
to join (measured). Our modules import only neighbours, by name and on one line, and export only functions, classes and
constants where they are declared; anything else is refused here, so that a new habit cannot break saved pages silently.
Inside: `bundle`. Not inside: how it travels (`html`, assets/standalone/loader.js)."""

from __future__ import annotations

import re
from functools import cache

from ..assets import ASSETS

FOLDER = ASSETS / "components" / "attention"
IMPORT = re.compile(r'^import \{ ([^}]+) \} from "\./([\w-]+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


@cache
def bundle(entry: str = "standalone") -> str:
    """A classic script that leaves what ``entry`` exports in ``globalThis.mirante``; each part stands after all that it
    imports.

    Raises:
        ValueError: a module imports or exports in a way that is not known here, or two import each other.
    """
    parts: dict[str, str] = {}
    _add(entry, parts, ())
    return "\n".join(['"use strict";', *parts.values(), f"globalThis.mirante = {_variable(entry)};\n"])


def _add(name: str, parts: dict[str, str], above: tuple[str, ...]) -> None:
    """Adds a module after those that it imports."""
    if name in above:
        raise ValueError(f"{' → '.join((*above, name))}: modules that import each other cannot be joined.")
    source = _source(name)
    for _, other in IMPORT.findall(source):
        if other not in parts:
            _add(other, parts, (*above, name))
    parts[name] = _part(name, source)


def _part(name: str, source: str) -> str:
    """A module as a function that is called once and returns what it exported."""
    exported = EXPORT.findall(source)
    body = IMPORT.sub(
        lambda found: f"const {{ {found[1].replace(' as ', ': ')} }} = {_variable(found[2])};", EXPORT.sub("", source)
    )
    for line in body.splitlines():
        if line.startswith(("import", "export")) or re.search(r"\bimport\s*\(", line):
            raise ValueError(f"{name}.js: “{line}” imports or exports in a way that cannot be joined into one file.")
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();"


def _source(name: str) -> str:
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8")


def _variable(name: str) -> str:
    return "module_" + name.replace("-", "_")

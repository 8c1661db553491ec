"""What `make locale` and tests/ui/test_locale.py call a msgid: a Babel extraction method for Python files.

Literal first arguments are found by Babel itself. Some files keep their messages in names or tables
(file signatures, refused families): in a file that hands a name to one of the keywords, every
sentence (a string with a space) that is assigned to a name, alone or as a value of a dict, is a msgid too.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.pofile import write_po

# Function names whose first argument is a msgid; tn has two, a Rejected line has its number before.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "t": None,
    "tn": (1, 2),
    "translate": None,
    "Message": None,
    "OutOfBounds": None,
    "Known": None,
    "MiranteError": None,
    "ModelNotFound": None,
    "ModelFailure": None,
    "UnsupportedModel": None,
    "TooLong": None,
    "BadInput": None,
    "BadFile": None,
    "Note": None,
    "LessonFault": None,
    "BadLesson": None,
    "NoSuchRoom": None,
    "CodeTaken": None,
    "VoteClosed": None,
    "NoPlace": None,
    "TooOften": None,
    "NotAllowed": None,
    "BodyTooLarge": None,
    "phone_text": None,
    "Rejected": (2,),
}

SPEAKING = ("ui", "pages", "core")
"""Folders whose code speaks to a person; app.py says nothing."""
METHOD = [("**.py", "tools.msgids:extract")]


def extract(file: IO[bytes], keywords: Any, comments: Any, options: dict) -> Iterator[tuple]:
    """Babel's interface: yields (line, function, messages, comments)."""
    source = file.read()
    file.seek(0)
    yield from extract_python(file, keywords, comments, options)
    tree = ast.parse(source)
    if any(hands_a_name(node, keywords) for node in ast.walk(tree)):
        yield from ((line, None, text, []) for line, text in sentences(tree))


def hands_a_name(node: ast.AST, keywords: Any) -> bool:
    """Whether a node is a call of a keyword whose msgid is kept in a name, an attribute or a table."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords):
        return False
    index = (KEYWORDS.get(node.func.id) or (1,))[0] - 1
    return len(node.args) > index and isinstance(node.args[index], ast.Name | ast.Attribute | ast.Subscript)


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of every string with a space that is assigned, alone or as a value of a dict."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        for value in node.value.values if isinstance(node.value, ast.Dict) else [node.value]:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and " " in value.value:
                yield value.lineno, value.value


def template() -> Catalog:
    """Every msgid of the application, without its place: what `make locale` merges into the catalogue of each
    language.
    """
    messages = Catalog(project="Mirante", fuzzy=False)
    for folder in SPEAKING:
        for _, _, message, comments, context in extract_from_dir(folder, METHOD, keywords=KEYWORDS):
            messages.add(message, auto_comments=comments, context=context)
    return messages


def main() -> None:
    """``python -m tools.msgids FILE.pot`` writes the template."""
    with Path(sys.argv[1]).open("wb") as file:
        write_po(file, template(), no_location=True, sort_output=True, width=0)


if __name__ == "__main__":
    main()

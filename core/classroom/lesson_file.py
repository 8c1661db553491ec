"""From the bytes of a lesson file to a lesson, or to every mistake in it with its line.

The file is YAML 1.2 with nothing that could surprise: mappings with different keys, lists, texts, numbers, true and
false; no tags, no merging, one document. Whatever would make the reading dear is bounded before it is read: bytes,
then depth and number of nodes while the parser goes along, then the nodes with every repetition that anchors make.
The nodes are turned into values here, never by a constructor of the library. Not here: what a lesson may hold
(lesson.py), the sentences for pydantic's faults (lesson_faults.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ..errors import BadInput, Message
from .lesson import Lesson, Parameters, lesson_of
from .lesson_faults import faults_of

MOST_BYTES, MOST_NODES, MOST_LEVELS, MOST_ALIASES = 100_000, 4_000, 12, 100
MOST_TOLD = 40  # mistakes in one answer
_TAG = "tag:yaml.org,2002:"
_WORDS = {"true": True, "false": False}
Document = TypeVar("Document")


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and in which line of the file (from 1)."""

    line: int
    reason: Message

    @property
    def message(self) -> Message:
        """Both as one sentence."""
        return Message("Line {line}: {reason}", line=self.line, reason=self.reason)


class BadLesson(BadInput):
    """A lesson file with mistakes; ``mistakes`` holds all of them in the order of the lines."""

    mistakes: tuple[Mistake, ...] = ()

    @staticmethod
    def of(name: str, mistakes: list[Mistake]) -> BadLesson:
        """The refusal of a file: its message names the first mistake."""
        ordered = tuple(sorted(mistakes, key=lambda mistake: mistake.line))[:MOST_TOLD]
        error = BadLesson(
            "The lesson “{name}” cannot be used. Mistakes: {n}. {first}",
            name=name,
            n=len(ordered),
            first=ordered[0].message,
        )
        error.mistakes = ordered
        return error


def read_lesson(data: bytes, name: str, pages: Parameters | None = None) -> Lesson:
    """The lesson in a file. name: of the file, for messages; pages: what its links are compared with (None: nothing).

    Raises:
        BadLesson: with every mistake that can be told at once (after a slip of the YAML itself, that one).
    """
    beginning = Message("A lesson begins with “lesson: 1”, then title, goal, minutes and cards.")
    return read_document(data, name, lambda written: lesson_of(written, pages), beginning)


def read_document(data: bytes, name: str, build: Callable[[dict[str, Any]], Document], beginning: Message) -> Document:
    """What ``build`` makes of the mapping in a file. beginning: what to say where there is no mapping.

    Raises:
        BadLesson: with every mistake that can be told at once.
    """
    mistakes: list[Mistake] = []
    root = _root(data, name)
    written = _Values(name, mistakes).value(root, MOST_LEVELS)
    if not isinstance(written, dict):
        mistakes.append(Mistake(1, beginning))
        raise BadLesson.of(name, mistakes)
    try:
        document = build(written)
    except ValidationError as error:
        lines = {mistake.line for mistake in mistakes}
        for path, reason in faults_of(error):
            line = _line_at(root, path)
            if line not in lines or not mistakes:
                mistakes.append(Mistake(line, reason))
        raise BadLesson.of(name, mistakes) from error
    if mistakes:
        raise BadLesson.of(name, mistakes)
    return document


def _root(data: bytes, name: str) -> Node:
    """The tree of a file that is small and shallow enough to be walked."""
    if len(data) > MOST_BYTES:
        reason = Message("The file has {n} bytes; a lesson has at most {most}.", n=len(data), most=MOST_BYTES)
        raise BadLesson.of(name, [Mistake(1, reason)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        reason = Message("The file is not UTF-8; save it again as UTF-8.")
        raise BadLesson.of(name, [Mistake(line, reason)]) from error
    try:
        _bounded(text, name)
        root = _parser().compose(text)
    except MarkedYAMLError as error:
        raise BadLesson.of(name, [_slip(error)]) from error
    except (YAMLError, ValueError, RecursionError) as error:
        reason = Message("This is not YAML: {detail}", detail=str(error).split("\n")[0])
        raise BadLesson.of(name, [Mistake(1, reason)]) from error
    if root is None:
        raise BadLesson.of(name, [Mistake(1, Message("The file is empty."))])
    return root


def _parser() -> YAML:
    """Each file has its own: a parser remembers the version and the tags of the file that it reads."""
    parser = YAML(typ="rt", pure=True)
    parser.version = "1.2"
    return parser


def _bounded(text: str, name: str) -> None:
    """Go through the file once without keeping anything.

    Raises:
        BadLesson: too deep, too many parts, a second document. YAMLError: no YAML.
    """
    depth = nodes = aliases = documents = 0
    for event in _parser().parse(text):
        nodes += 1
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        aliases += isinstance(event, AliasEvent)
        documents += isinstance(event, DocumentStartEvent)
        if depth > MOST_LEVELS or nodes > MOST_NODES or aliases > MOST_ALIASES or documents > 1:
            reason = Message(
                "Here the file goes beyond what a lesson may be: one document, {depth} levels, {nodes} parts, "
                "{aliases} repetitions by *name.",
                depth=MOST_LEVELS,
                nodes=MOST_NODES,
                aliases=MOST_ALIASES,
            )
            raise BadLesson.of(name, [Mistake(event.start_mark.line + 1, reason)])


def _slip(error: MarkedYAMLError) -> Mistake:
    """A mistake in the YAML itself. The library says it in English; what helps most is the line."""
    mark = error.problem_mark or error.context_mark
    reason = Message(
        "The YAML breaks off here ({detail}). Look at quotation marks, colons and the spaces at the beginning of the "
        "line; a text that holds “: ” or “#” stands in quotation marks.",
        detail=error.problem or error.context or "?",
    )
    return Mistake(1 if mark is None else mark.line + 1, reason)


class _Values:
    """Turns nodes into values, and counts them: a node that anchors repeat counts each time."""

    def __init__(self, name: str, mistakes: list[Mistake]) -> None:
        self.name, self.mistakes, self.left = name, mistakes, MOST_NODES

    def value(self, node: Node, depth: int) -> Any:
        """Texts, numbers, true, false, None, lists and mappings.

        Raises:
            BadLesson: more nodes or levels than a lesson has.
        """
        self.left -= 1
        if self.left < 0 or depth < 0:
            reason = Message("The repetitions by *name make this file too large; write the parts out.")
            raise BadLesson.of(self.name, [Mistake(_line(node), reason)])
        if isinstance(node, MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, SequenceNode):
            return [self.value(item, depth - 1) for item in node.value]
        assert isinstance(node, ScalarNode), "composed nodes are of three kinds"
        return self._scalar(node)

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, item in node.value:
            if not isinstance(key, ScalarNode):
                self._refuse(key, Message("The name of a field is a word."))
            elif key.value in values:
                self._refuse(key, Message("“{name}” stands twice; only one of them can count.", name=key.value))
            else:
                values[key.value] = self.value(item, depth - 1)
        return values

    def _scalar(self, node: ScalarNode) -> Any:
        kind = str(node.tag or "").removeprefix(_TAG)
        if kind == "str":
            return node.value
        if kind == "null":
            return None
        if kind == "bool" and node.value.lower() in _WORDS:
            return _WORDS[node.value.lower()]
        try:
            if kind == "int":
                return int(node.value)
            if kind == "float":
                return float(node.value)
        except ValueError:
            pass
        self._refuse(
            node, Message("“{text}” is no text, number, true or false. Put it in quotation marks.", text=node.value)
        )
        return None

    def _refuse(self, node: Node, reason: Message) -> None:
        self.mistakes.append(Mistake(_line(node), reason))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _line_at(root: Node, path: tuple[str | int, ...]) -> int:
    """The line of the part of the tree that a path names, or of the nearest around it; steps that are no part of the
    tree (pydantic names the kind of a question) are passed over.
    """
    node, line = root, _line(root)
    for step in path:
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = _line(node)
        elif isinstance(node, MappingNode):
            for key, item in node.value:
                if key.value == step:
                    node, line = item, _line(key)
                    break
    return line

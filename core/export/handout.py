"""A lesson on one sheet of A4: its questions, what they need to be understood, and room to write.

`handout_page` makes one HTML file that needs no network; a browser prints it. Answers, reveals and notes stay with the
teacher. A lesson of up to twelve cards fits on one page (tests/core/export/test_handout.py prints those that come with
Mirante); a longer one runs on. Not here: what a lesson may hold (core/classroom)."""

from __future__ import annotations

import re
from html import escape
from string import Template

from ..assets import ASSETS
from ..classroom.lesson import Lesson, LessonCard
from ..classroom.questions import ChoiceQuestion, HeadQuestion, NumberQuestion, Question, WordQuestion
from ..languages import Language, region_tag, translate
from ..text.words import segments

_FOLDER = ASSETS / "standalone"
_STRONG = re.compile(r"\*\*([^*]+)\*\*|\*([^*]+)\*")
_SQUARE, _RING = '<i class="box"></i>', '<i class="ring"></i>'
_WRITING = '<div class="room"></div>'
_LINE = 58  # characters of a line of a column, about
_DENSE = 92  # lines of a whole lesson from which the letters are smaller


def handout_page(lesson: Lesson, language: Language, *, file: str = "", address: str = "") -> str:
    """The page of a lesson. file: its name, for the footer; address: printed with a QR code, where one is given."""
    first, second = _columns(lesson, language)
    dense = sum(_lines(card, language) for card in lesson.cards) > _DENSE
    template = Template((_FOLDER / "handout.html").read_text(encoding="utf-8"))
    return template.substitute(
        region=region_tag(language),
        density="dense" if dense else "",
        style=(_FOLDER / "handout.css").read_text(encoding="utf-8"),
        title=_marked(lesson.title.of(language)),
        goal=_marked(lesson.goal.of(language)),
        name=escape(translate("Name", language)),
        date=escape(translate("Date", language)),
        votes=_votes(language),
        link=_link(address),
        first=first,
        second=second,
        file=escape(file),
        version=escape(translate("version {n} of the lesson", language, n=lesson.version)),
    )


def _columns(lesson: Lesson, language: Language) -> tuple[str, str]:
    """The cards in two columns that are about as long."""
    lines = [_lines(card, language) for card in lesson.cards]
    split = min(range(len(lines) + 1), key=lambda count: abs(sum(lines[:count]) - sum(lines[count:])))
    cards = [_card(number, card, language) for number, card in enumerate(lesson.cards, 1)]
    return "\n".join(cards[:split]), "\n".join(cards[split:])


def _lines(card: LessonCard, language: Language) -> int:
    """How many lines a card takes, about."""
    question = card.question
    texts = [card.text.of(language), *([] if question is None else [question.ask.of(language)])]
    if isinstance(question, ChoiceQuestion):
        texts += [option.of(language) for option in question.options]
    pointed_at = (_sentence(question, card),) * 2 if isinstance(question, WordQuestion) else ()  # widely spaced
    return 4 + sum(1 + len(text) // _LINE for text in (*texts, *pointed_at))


def _card(number: int, card: LessonCard, language: Language) -> str:
    parts = [f"<h2>{number} · {_marked(_without_number(card.title.of(language)))}</h2>"]
    parts.append(f'<p class="told">{_marked(card.text.of(language))}</p>')
    if card.question is not None:
        parts.append(f'<p class="ask">{_marked(card.question.ask.of(language))}</p>')
        parts.append(_answering(card.question, card, language))
    return "<section>" + "".join(parts) + _WRITING + "</section>"


def _without_number(title: str) -> str:
    """A title that counts itself, counted once."""
    return re.sub(r"^\d+\.\s+", "", title)


def _answering(question: Question, card: LessonCard, language: Language) -> str:
    """Where the answer is marked or written, by the kind of question."""
    if isinstance(question, ChoiceQuestion):
        options = (
            f"<li>{_SQUARE}{_RING}<span>{_marked(option.of(language))}</span></li>" for option in question.options
        )
        return f"<ul>{''.join(options)}</ul>"
    if isinstance(question, WordQuestion):
        return _words(_sentence(question, card))
    if isinstance(question, NumberQuestion):
        ends = translate("from {least} to {most}", language, least=f"{question.least:g}", most=f"{question.most:g}")
        blanks = (f'<span class="fill">{box}<u></u> {escape(question.unit)}</span>' for box in (_SQUARE, _RING))
        return f"<p>{' '.join(blanks)} ({escape(ends.replace('-', '−'))})</p>"
    if isinstance(question, HeadQuestion):
        layer, head = escape(translate("layer", language)), escape(translate("head", language))
        lines = (f'<p class="fill">{box}{layer} <u></u> {head} <u></u></p>' for box in (_SQUARE, _RING))
        return "".join(lines)
    return ""


def _sentence(question: WordQuestion, card: LessonCard) -> str:
    """The sentence that is pointed at, without the mark that asks a translator for a language."""
    return re.sub(r"^>>\w+<<\s*", "", question.sentence or card.state.first("sentence"))


def _words(sentence: str) -> str:
    """A sentence whose words stand far enough apart to draw a ring around one."""
    return f'<p class="words">{" ".join(f"<b>{escape(sentence[slice(*span)])}</b>" for span in segments(sentence))}</p>'


def _votes(language: Language) -> str:
    legend = translate("your first answer, {square}; after talking with a neighbour, {ring}", language)
    return escape(legend).replace("{square}", _SQUARE).replace("{ring}", _RING)


def _link(address: str) -> str:
    """An address as a QR code with its text under it; nothing without one."""
    if not address:
        return ""
    import segno

    code = segno.make(address, error="m").svg_inline(border=0, omitsize=True)
    return f'<div class="link">{code}{escape(address)}</div>'


def _marked(text: str) -> str:
    """A text as HTML: ``*emphasis*`` and ``**strong**`` stay, every other sign is shown as it is written."""
    parts, end = [], 0
    for match in _STRONG.finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(f"<strong>{escape(match[1])}</strong>" if match[1] else f"<em>{escape(match[2])}</em>")
        end = match.end()
    return "".join([*parts, escape(text[end:])])

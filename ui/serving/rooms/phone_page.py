"""The phones' page: one HTML page, one script, one style (assets/phone), 30 kB at most, in the phone's language.

No framework, no cookie, no outside address; everything that the page says comes with it, as JSON in an attribute that
the script reads. Its policy allows the two files and requests to this server, nothing else. Not here: what it asks for
(phone_routes.py)."""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from html import escape

from starlette.responses import HTMLResponse

from core.assets import ASSETS
from core.languages import LANGUAGES, Language, decimal_sign, region_tag, translate

from ..headers import VARIABLE

FOLDER = ASSETS / "phone"
FILES = {
    name: ((FOLDER / name).read_text(encoding="utf-8"), kind)
    for name, kind in (("phone.js", "text/javascript"), ("phone.css", "text/css"))
}


@cache
def phone_page(language: Language) -> HTMLResponse:
    """The page in a language."""
    fields = {
        "tag": region_tag(language),
        "texts": json.dumps(_texts(language), ensure_ascii=False),
        "noscript": translate("This page needs JavaScript, which is switched off in this browser.", language),
        "kept": translate("What is kept", language),
        **{name.replace(".", "_"): f"{name}?v={_digest(text)}" for name, (text, _) in FILES.items()},
    }
    page = (FOLDER / "phone.html").read_text(encoding="utf-8")
    for name, text in fields.items():
        page = page.replace("{{" + name + "}}", escape(text))
    headers = {"Content-Security-Policy": _policy(), "Cache-Control": "no-store"}
    return HTMLResponse(page, headers=headers)


def _policy() -> str:
    ancestors = os.environ.get(VARIABLE, "'self'")
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _texts(language: Language) -> dict[str, object]:
    """Every sentence of the page, by the name that the script has for it."""

    def phone_text(msgid: str) -> str:  # tools/msgids.py knows it by this name
        return translate(msgid, language)

    return {
        "language": language,
        "languages": [name for name in LANGUAGES],
        "decimal": decimal_sign(language),
        "code": phone_text("Code of the room"),
        "codeHelp": phone_text("Four letters, on the wall or on the teacher's screen."),
        "enter": phone_text("Enter"),
        "noRoom": phone_text("There is no room with this code. Look at the letters again."),
        "connecting": phone_text("Connecting…"),
        "offline": phone_text("No connection. Your answer stays on this phone and is sent when there is one."),
        "lost": phone_text("No connection. This page tries again by itself."),
        "full": phone_text("The room or the server is full. This page tries again by itself."),
        "gone": phone_text("This room has been deleted, with all its answers."),
        "notice": phone_text(
            "Your answers are kept with a random number, {seat}: no name, no address, no cookie. The teacher can save "
            "them as a file; the room is deleted by {date}. This phone remembers the number, to find its answers again."
        ),
        "waiting": phone_text("The question opens soon."),
        "reading": phone_text("Look at the projector."),
        "first": phone_text("First vote: answer on your own."),
        "discussing": phone_text("Discuss with your neighbours. Then you vote again."),
        "second": phone_text("Second vote: has your answer changed?"),
        "closed": phone_text("The vote is closed."),
        "revealed": phone_text("The answer"),
        "send": phone_text("Send my answer"),
        "change": phone_text("Change my answer"),
        "sending": phone_text("Sending…"),
        "saved": phone_text("Saved."),
        "late": phone_text("The vote closed before this answer arrived. What was saved before counts."),
        "often": phone_text("Too many answers in a row. This one is sent in a moment."),
        "choose": phone_text("Choose an answer first."),
        "number": phone_text("Write a number from {least} to {most}."),
        "from": phone_text("From {least} to {most}"),
        "fewWords": phone_text("A few words, {n} characters at most"),
        "layer": phone_text("Layer"),
        "head": phone_text("Head"),
        "headName": phone_text("L{layer}.{head}"),
        "yourFirst": phone_text("Your first answer: {answer}"),
        "yourSecond": phone_text("Your second answer: {answer}"),
        "right": phone_text("Right: {answer}"),
        "card": phone_text("Card {n} of {cards}"),
        "follow": phone_text("See in Mirante what the teacher shows"),
    }

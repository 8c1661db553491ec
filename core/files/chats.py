"""A chat that WhatsApp exported: one text per message, without the sender and the time.

Inside: the lines that begin a message (Android and iPhone, in the order of day and month and with the marks of any
language), messages of several lines, and what is no message of a person (media, deleted messages, notices of the
program), left out and counted. Not inside: who wrote what, which is nobody's business here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .cell_kinds import folded
from .records import too_long
from .uploads import Note, Rejected

_DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_HOUR = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?\s?[Mm]\.?)?"
_THEN = r"(?:\s+[-–—]\s|:\s(?=[^:\r\n]{1,80}:\s))"  # a colon in exports of before 2016
_BEGIN = re.compile(
    rf"[\u200e\u200f\ufeff]*(?:\[{_DATE},?\s+{_HOUR}\]\s?|{_DATE},?\s+(?:às\s+|at\s+)?{_HOUR}{_THEN})(.*)",
    re.DOTALL,
)
_SENDER = re.compile(r"([^:\r\n]{1,80}):(?!//)\s?(.*)", re.DOTALL)
_HIDDEN = "\u200e\u200f\u202a\u202c\u2068\u2069\ufeff"
_EDITED = re.compile(
    r"(?<!\s)\s*<\s*(?:mensagem editada|editada|this message was edited|edited)\s*>\s*$", re.IGNORECASE
)
_TAIL = 80
"""Characters at the end of a message in which the program says that it was edited."""

_MEDIA = re.compile(
    r"<\s*(?:midia oculta|arquivo de midia oculto|ficheiro omitido|media omitted|media oculta|multimedia omitido)\s*>"
    r"|<\s*(?:anexado|attached|anexo)\s*:[^<>]*>"
    r"|\S.{0,120}\((?:arquivo anexado|ficheiro anexado|file attached)\)"
    r"|(?:imagem|image|foto|photo|video|audio|figurinha|sticker|gif|documento|document|contato|contact card|cartao do "
    r"contato|midia|media|nota de video|video note)s? (?:ocultad[ao]|omitid[ao]|omitted)"
    r"|localizacao em tempo real compartilhada|live location shared"
    r"|\S.{0,120} \S{0,12}(?:document|documento) (?:omitted|omitido|ocultado)"
)
_DELETED = re.compile(
    r"(?:esta |essa )?mensagem (?:foi )?apagada\.?|voce apagou (?:esta|essa) mensagem\.?|esta mensagem foi apagada\.?|"
    r"this message was deleted\.?|you deleted this message\.?|mensagem apagada por .{1,80}|"
    r"this message was deleted by admin .{1,80}|null"
)
_NOTICE = re.compile(
    r"criptografia de ponta a ponta|end-to-end encrypted|criou (?:o|este) grupo|created (?:this )?group|adicionou |"
    r" added |removeu | removed |entrou usando|joined using|(?:^|\s)saiu$| left$|mudou (?:o|a|as|para|de)\b|alterou |"
    r"changed (?:the|this|to|their)|ativou as mensagens|mensagens temporarias|disappearing messages|"
    r"chamada de (?:voz|video) perdida|missed (?:voice|video) call|codigo de seguranca|security code|"
    r"fixou uma mensagem|pinned a message|agora e admin|now an admin|this business|esta empresa|"
    r"turned (?:on|off) |desativou "
)

_REMARKS = {
    "media": "Messages that were a picture, a sound, a video or a file, left out: {n}.",
    "deleted": "Messages that had been deleted, left out: {n}.",
    "notices": "Notices of the program (who joined, calls, encryption), left out: {n}.",
}


class Chat:
    """The messages of an exported chat, and what was left out of it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.left_out = dict.fromkeys(_REMARKS, 0)

    def texts(self) -> Iterator[tuple[int, str | Rejected]]:
        """(line where it begins, text of one message), or a refused line; lines before the first message are refused,
        as there is no message that they could belong to."""
        begun: tuple[int, list[str]] | None = None
        for number, line in enumerate(self.lines, 1):
            if refused := too_long(number, line):
                yield number, refused
                continue
            begins = _BEGIN.match(line)
            if begins:
                yield from self._message(begun)
                begun = (number, [begins.group(1)])
            elif begun:
                begun[1].append(line)
            elif line.strip():
                yield number, Rejected(number, "it stands before the first message of the chat")
        yield from self._message(begun)

    def remarks(self) -> list[Note]:
        """What a person should know; complete after the last message."""
        return [Note(_REMARKS[name], {"n": n}) for name, n in self.left_out.items() if n]

    def _message(self, begun: tuple[int, list[str]] | None) -> Iterator[tuple[int, str]]:
        if begun is None:
            return
        line, parts = begun
        text = "".join(parts)
        sender = _SENDER.match(text)
        if sender is None or _NOTICE.search(_folded(sender.group(1))):
            self.left_out["notices"] += 1
            return
        hidden = sender.group(2).startswith(tuple(_HIDDEN))
        body = sender.group(2).strip().strip(_HIDDEN)
        body = (body[:-_TAIL] + _EDITED.sub("", body[-_TAIL:])).rstrip()
        first, _, rest = body.partition("\n")
        plain = _folded(first)
        if hidden and _NOTICE.search(plain):  # an iPhone names the group before its notices, and marks them
            self.left_out["notices"] += 1
        elif _DELETED.fullmatch(plain):
            self.left_out["deleted"] += 1
        elif _MEDIA.fullmatch(plain):
            if rest.strip():  # what was written below a picture
                yield line, rest
            else:
                self.left_out["media"] += 1
        elif body.strip():
            yield line, body
        else:
            self.left_out["media"] += 1


def _folded(text: str) -> str:
    return folded(" ".join(text[:400].translate(dict.fromkeys(map(ord, _HIDDEN))).split()))


def is_chat(lines: Sequence[str]) -> bool:
    """Whether a text begins as WhatsApp's exports do: a message first, and another one or a notice with it."""
    top = [line for line in lines[:60] if line.strip()][:30]
    begins = [match for line in top if len(line) < 2000 and (match := _BEGIN.match(line))]
    if not begins or not _BEGIN.match(top[0]):
        return False
    return len(begins) > 1 or _SENDER.match(begins[0].group(1)) is not None

"""The explorer as one HTML file: it opens from a disk, with no network, and stays interactive.

Inside: `html_page`. The file carries a packet (core/views/attention_packet.py says what is in it), the modules of
assets/components/attention and shared, their style, the colours and the provenance. One head is exact, the others as
fine as the size allows, which the page says. Why modules travel deflated and as one script:
docs/decisions/0010-standalone-html.md."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Sequence
from functools import cache
from html import escape
from string import Template
from typing import TYPE_CHECKING, Any

from ..assets import ASSETS
from ..axes import head_name
from ..errors import BadInput
from ..languages import DEFAULT, Language, decimal_sign, region_tag, translate
from ..views.attention_packet import overview, pack_attention, unpack_attention
from ..views.difference import Difference
from .modules import COMPONENTS, bundle, style
from .provenance import citation
from .theme import variables

if TYPE_CHECKING:
    from ..views.view import View

STANDALONE = ASSETS / "standalone"
MAX_PAGE = 1_000_000  # bytes of a page
_ZLIB_LEVEL = 7  # zlib: 9 saves 5 % more and takes six times as long (3 s for 144 heads of 128 tokens)
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def html_page(
    view: View,
    heads: Sequence[tuple[int, int]],
    record: dict[str, Any],
    *,
    language: Language = DEFAULT,
    texts: dict[str, str] | None = None,
    start: tuple[int, int] = (0, 0),
    limit: int = MAX_PAGE,
) -> str:
    """The page of ``view`` with the first of ``heads`` ((layer, head) from 0) exact, and open; the others are held
    beside it.

    texts: the explorer's words (ui/components/texts.py); None: those of ``language``. start: first (query, key) of the
    window beyond 512 positions. limit: bytes of the file; the coarsest encoding may exceed it.

    Raises:
        BadInput: no head, or one that the view does not have.
    """
    if not heads:
        raise BadInput("Nothing was exported, because no head was chosen. Choose at least one.")
    fields = _frame(heads[0], record, language)
    room = (limit - sum(len(text.encode("utf-8", "replace")) for text in fields.values())) * 3 // 4
    packet = _packet(
        view,
        heads,
        _texts(view, language) if texts is None else texts,
        _options(view, heads, record, language),
        start,
        room,
    )
    page = Template((STANDALONE / "page.html").read_text(encoding="utf-8"))
    return page.substitute(fields, packet=_base64(packet), precision=escape(_precision(packet, heads[0], language)))


def _frame(head: tuple[int, int], record: dict[str, Any], language: Language) -> dict[str, str]:
    """Every part of the page but the packet; a person's text is escaped here."""
    sentence = " ".join(record["sentence"].split())
    title = translate(
        "{head} of {model}: {sentence}",
        language,
        head=head_name(*head, translate("L", language)),
        model=record["model"],
        sentence=sentence if len(sentence) <= 60 else sentence[:59] + "…",
    )
    lead = translate(
        "Hover over a word to see where it looks; click to hold it. Arrow keys: another head, another "
        "layer. This page works without the internet.",
        language,
    )
    failure = translate(
        "This browser could not open the maps. Use a recent version of Firefox, Chrome, Edge or Safari.", language
    )
    return {
        "lead": escape(lead),
        "noscript": escape(translate("This page needs JavaScript to show the maps.", language)),
        "failure": escape(failure),
        "language": region_tag(language),
        "policy": _POLICY,
        "generator": f"Mirante {record['versions']['mirante']}",
        "title": escape(title),
        "heading": escape(translate("Attention in {model}", language, model=record["model"])),
        "citation": _linked(citation(record, language), record.get("link", "")),
        "record": _json(record),
        **_fixed(),
    }


@cache
def _fixed() -> dict[str, str]:
    """What is the same in every page: styles, colours, modules and the script that opens them."""
    return {
        "style": "\n".join([variables(), style(), (STANDALONE / "page.css").read_text(encoding="utf-8")]),
        "ramps": _json(json.loads((COMPONENTS / "shared" / "ramps.json").read_text(encoding="utf-8"))),
        "modules": _base64(zlib.compress(bundle().encode(), _ZLIB_LEVEL)),
        "loader": (STANDALONE / "loader.js").read_text(encoding="utf-8"),
    }


def _packet(
    view: View,
    heads: Sequence[tuple[int, int]],
    texts: dict[str, str],
    options: dict[str, Any],
    start: tuple[int, int],
    room: int,
) -> bytes:
    (layer, head), *beside = heads
    all_heads = (
        overview(view, limit=room, level=_ZLIB_LEVEL)
        if options["mode"] == "explore" and len(view.query) and len(view.key)
        else None
    )
    return pack_attention(
        view, layer=layer, head=head, texts=texts, options=options, heads=all_heads, start=start, beside=beside
    )


def _options(
    view: View, heads: Sequence[tuple[int, int]], record: dict[str, Any], language: Language
) -> dict[str, Any]:
    """The explorer's options; a difference is one picture, on a scale that all its heads share."""
    signed = isinstance(view, Difference)
    largest = view.largest() if isinstance(view, Difference) else 1.0
    (layer, head), *beside = heads
    return {
        "mode": "matrix" if signed else "explore",
        "ramp": "difference" if signed else "attention",
        "vmax": largest or 1.0,
        "names": ["/".join(record["options"].get(name, [])) for name in ("special_names", "hidden_names")],
        "files": True,
        "record": record,
        "note": citation(record, language),
        "selection": {
            "layer": layer,
            "head": head,
            "query": None,
            "key": None,
            "direction": "query",
            "heads": [list(other) for other in beside],
        },
    }


def _texts(view: View, language: Language) -> dict[str, str]:
    """The explorer's words without a page and its translator (tools/standalone_texts.py writes them from
    ui/components/texts.py).
    """
    texts = json.loads((STANDALONE / "texts.json").read_text(encoding="utf-8"))[language]
    others = {
        "difference": isinstance(view, Difference),
        "written": view.rows == "written",
        "value_norm": view.weight == "value_norm",
    }
    return texts["attention"] | {
        key: text for name, is_so in others.items() if is_so for key, text in texts[name].items()
    }


def _precision(packet: bytes, head: tuple[int, int], language: Language) -> str:
    """Which weights are exact and how far off the others may be."""
    detail, heads = unpack_attention(packet)
    if heads is None or (detail["layers"], detail["heads"]) == (1, 1):
        return translate("The weights are exact.", language)
    name = head_name(*head, translate("L", language))
    if heads["pooled"]:
        return translate(
            "Exact weights in head {head}; of the others this page carries thumbnails only.", language, head=name
        )
    decimals = 3 if heads["tops"]["heads"] < 256 else 5
    error = f"{math.ceil(0.5 / heads['tops']['heads'] * 10**decimals) / 10**decimals:.{decimals}f}"
    return translate(
        "Exact weights in head {head}; in the others within {error} (sign ≈).",
        language,
        head=name,
        error=error.replace(".", decimal_sign(language)),
    )


def _linked(text: str, link: str) -> str:
    """A citation whose link, if it is one of the web, can be followed."""
    if not link.startswith(("https://", "http://")):
        return escape(text)
    address = escape(link)
    return escape(text).replace(address, f'<a href="{address}" rel="noreferrer noopener">{address}</a>')


def _json(value: object) -> str:
    """JSON inside a script element: nothing in it ends the element."""
    return json.dumps(value, ensure_ascii=False).replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

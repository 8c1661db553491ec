"""Links that nobody would write: random and hostile values in every parameter of every page, in each mode of serving.

    python -m benchmarks links

A visitor of Streamlit's own protocol opens each link in a session of its own. A refusal with a message of ours is an
answer; unexpected are the message with a reference (what no code foresaw), Streamlit's own box, a run that does not
end, and a page without its frame. Reported: the unexpected ones, with their links, and the seconds of a run.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

import websockets
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.coreference.pair_examples import EXAMPLE
from core.coreference.pair_files import pack_rows
from core.models.sources import bundled_names
from tools.served import Mode, running
from ui.shell.page_registry import REGISTRY

from .machine import bar, spread, write

LINKS, AT_ONCE = 1000, 3
LONGEST = 120.0
"""Seconds after which a page that has not ended is unexpected."""
MODES: tuple[Mode, ...] = ("asgi", "streamlit", "uvicorn")
UNEXPECTED = ("Something went wrong", "Algo deu errado")
NAMES = (
    *(
        "sentence",
        "text",
        "target",
        "device",
        "precision",
        "lang",
        "projector",
        "embed",
        "layer",
        "head",
        "token",
        "to",
    ),
    *("side", "heads", "picture", "metric", "cut", "share", "syntax", "kind", "stack", "unit", "rows", "specials"),
    *("first", "rescale", "weight", "mask", "word", "answer", "against", "change", "off", "acts", "instead", "in"),
    *(
        "without",
        "arrived",
        "seen",
        "mode",
        "b_layer",
        "b_head",
        "b_sentence",
        "b_model",
        "variant",
        "width",
        "globals",
    ),
    *(
        "lots",
        "columns",
        "fold",
        "features",
        "groups",
        "draw",
        "tile_side",
        "tile",
        "anatomy",
        "stage",
        "silent",
        "ffn",
    ),
    *("what", "piece", "first_token", "flow", "least", "review", "at", "looks", "wrote", "temperature", "topk", "topp"),
    *("seed", "items", "probe", "conditions", "pairs", "source", "lines", "drawing", "others", "clutter", "panel"),
    *("patch", "step", "key", "show", "behaviour", "measured", "search", "beam", "method", "overlay", "stay", "upload"),
    *("level", "measure", "kinds", "example", "card", "film_step", "receptive", "direction", "__class__", "a" * 300),
)
"""Parameters of the pages (those of the links in the registry join them), and two that no page has."""
VALUES = (
    *(
        "",
        " ",
        "-1",
        "0",
        "1",
        "2",
        "3",
        "17",
        "999999999",
        "9" * 5000,
        "1e400",
        "nan",
        "-inf",
        "٣",
        "²",
        "0x10",
        "1_0",
    ),
    *("true", "false", "null", "None", "all", "none", "{}", "[]", "{0}", "{name}", "%s%n", "../../etc/passwd", "a:b"),
    *("0:", ":", "12:cheio", "-1:cheio", "99999999999999999999:cheio", "0:[CLS]", "4.7", "0.0", "-1.-1", "4.3,2.1"),
    *("1.1," * 3000, "99.99", "12.", "3fa9:12.55.9", "3fa9:" + "7." * 3000 + "7", "1,2,3", "own", "words", "lens"),
    *("decoder", "cross", "lines", "least", "flash", "river", "words,parts", "http://evil.pt", "www.evil.pt", "$x$"),
    *(
        "<script>alert(1)</script>",
        "'\"><img src=x>",
        "*a* _b_ `c`",
        ":red[x]",
        "\u202e\u200b",
        "\0",
        "a\nb\tc",
        "😀🇧🇷",
    ),
    *("é" * 5000, "a " * 3000, "(" * 4000, "\ufffd", "o\u0301" * 500, "=1+1", pack_rows(EXAMPLE), "eJw=", "A" * 3000),
    *("mirante-encoder-pt", "mirante-translator", "no/such-model", "../../../../etc", "/etc", "C:\\", "cuda:9", "mps"),
)


@dataclass
class Opened:
    """One link, seconds of its run, and what went wrong that nobody foresaw."""

    page: str
    query: str
    seconds: float = 0.0
    framed: bool = False
    refusals: int = 0
    problems: list[str] = field(default_factory=list)


def measure(links: int = LINKS) -> None:
    """Open the links in each mode and write results/links.json."""
    rows, bars = [], []
    for mode in MODES:
        chance = random.Random(f"{mode} links")
        asked = [random_link(chance) for _ in range(links)]
        with running(mode=mode) as address:
            opened = asyncio.run(open_links(address, asked))
        bad = [one for one in opened if one.problems]
        for one in bad:
            print(f"{mode} {one.page}?{one.query[:300]}", *one.problems, sep="\n  ", flush=True)
        row = {"server": mode, "links": len(opened), "refusals": sum(one.refusals > 0 for one in opened)}
        unexpected = [{"page": one.page, "query": one.query[:600], "problems": one.problems} for one in bad]
        rows.append(row | {"unexpected": unexpected, "seconds": spread([one.seconds for one in opened], 2)})
        bars.append(bar(f"{links} random links, {mode}: no unexpected error", len(bad), at_most=0))
    write("links", f"python -m benchmarks links --links {links}", rows, bars)


def random_link(chance: random.Random) -> Opened:
    """A page with up to eight parameters: hostile ones, and those of a real link with some values exchanged."""
    entry = chance.choice(REGISTRY)
    real = parse_qsl(chance.choice(entry.views).query)
    pairs = [(name, value if chance.random() < 0.5 else chance.choice(VALUES)) for name, value in real]
    pairs += [(chance.choice(NAMES), _value(chance)) for _ in range(chance.randint(1, 6))]
    if chance.random() < 0.3:
        pairs.append(("model", chance.choice([*bundled_names(), *VALUES])))
    chance.shuffle(pairs)
    return Opened(entry.slug, urlencode(pairs, errors="replace"))


def _value(chance: random.Random) -> str:
    """One of the values, two glued together, or noise."""
    kind = chance.random()
    if kind < 0.7:
        return chance.choice(VALUES)
    if kind < 0.85:
        return chance.choice(VALUES)[:50] + chance.choice(":.,-= ") + chance.choice(VALUES)[:50]
    return "".join(chr(chance.choice((chance.randint(1, 127), chance.randint(160, 0xD7FF)))) for _ in range(20))


async def open_links(address: str, links: list[Opened]) -> list[Opened]:
    """Every link at a server, a few at once, each in a session that is closed afterwards."""
    places, url = asyncio.Semaphore(AT_ONCE), address.replace("http", "ws", 1) + "/_stcore/stream"

    async def open_one(one: Opened) -> None:
        async with places:
            await _open(url, one)

    await asyncio.gather(*map(open_one, links))
    return links


async def _open(url: str, one: Opened) -> None:
    start = time.perf_counter()
    try:
        async with (
            asyncio.timeout(LONGEST),
            websockets.connect(url, subprotocols=["streamlit"], max_size=None, open_timeout=60) as socket,
        ):
            await _run(socket, one)
        if not one.framed:
            one.problems.append("the page stood without its frame")
    except TimeoutError:
        one.problems.append(f"not ended after {LONGEST:.0f} s")
    except (OSError, websockets.WebSocketException) as error:
        one.problems.append(f"connection: {error}")
    one.seconds = time.perf_counter() - start


async def _run(socket: websockets.ClientConnection, one: Opened) -> None:
    message = BackMsg()
    message.rerun_script.query_string, message.rerun_script.page_name = one.query, one.page
    await socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg.FromString(await socket.recv())
        kind = answer.WhichOneof("type")
        one.framed |= kind == "navigation"
        if kind == "delta":
            _see(answer.delta.new_element, one)
        elif kind == "script_finished" and answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                one.problems.append("compile error")
            return


def _see(element: Element, one: Opened) -> None:
    kind = element.WhichOneof("type")
    if kind == "exception":
        one.problems.append(f"exception: {element.exception.type} {element.exception.message[:300]}")
    elif kind == "alert" and element.alert.format == Alert.ERROR:
        one.refusals += 1
        if any(text in element.alert.body for text in UNEXPECTED):
            one.problems.append(element.alert.body[:300])

"""Hostile text files, by reader: tables and lists, treebanks, own pairs, Winograd schemas, items."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
import zlib

TWO_MB = 2 * 2**20 - 64


def filled(unit: str, size: int = TWO_MB) -> bytes:
    raw = unit.encode("utf-8", "surrogatepass")
    return raw * (size // len(raw))


def row(place: str, form: str = "a", head: str = "0") -> str:
    """One line of a treebank."""
    return "\t".join((place, form, "_", "_", "_", "_", head, "root", "_", "_"))


def zipped(member: str, unpacked: int) -> bytes:
    """A workbook's archive whose one member unpacks to so many zeros."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(member, "w") as file:
        for _ in range(unpacked // 2**20):
            file.write(bytes(2**20))
    return packed.getvalue()


def bomb(unit: bytes = b"\0", unpacked: int = 2**27) -> bytes:
    """A gzip file that unpacks to so many bytes, far more than may be held."""
    packer, piece = zlib.compressobj(6, zlib.DEFLATED, 31), unit * (2**20 // len(unit))
    return b"".join([*(packer.compress(piece) for _ in range(unpacked // 2**20)), packer.flush()])


def odd_lines() -> dict[str, bytes]:
    """Little that is no ASCII, beside a line without end that is: where encodings are guessed."""
    return {
        "one odd byte before a long line": b"\xe9\n" + filled("a ", TWO_MB - 2),
        "one odd byte after a long line": filled("a ", TWO_MB - 2) + b"\n\xe9",
        "an odd letter and a byte around a long line": b"\xc3\xa9\n" + filled("a ", TWO_MB - 5) + b"\n\xe9",
        "spaces before an odd byte": filled(" ", TWO_MB - 2) + b"a\xe9",
    }


def treebanks() -> dict[str, bytes]:
    sentence = "\n".join(["# text = " + "a " * 20, *(row(str(i), head=str(i - 1)) for i in range(1, 21))]) + "\n\n"
    endless = f"# text = {'ab ' * 158_000}\n"
    long = "\n".join(["# text = " + "a " * 9000, *(row(str(i), head="1") for i in range(1, 9001))])
    return {
        "one odd byte before a long line": b"\xe9\n" + b"a " * (10 * 2**20 - 8),
        "a range of sixty million": f"# text = a\n{row('1-60000000', head='_')}\n{row('1')}\n".encode(),
        "an id of five thousand digits": f"# text = a\n{row('9' * 5000)}\n".encode(),
        "a head of a million digits": f"# text = a\n{row('1', head='9' * 10**6)}\n".encode(),
        "an empty node of five thousand digits": f"# text = a\n{row('1.' + '9' * 5000)}\n".encode(),
        "ranges inside ranges": "\n".join(
            ["# text = " + "a" * 9000, *(row(f"1-{i}", head="_") for i in range(2, 9000)), row("1")]
        ).encode(),
        "ranges over the whole sentence": "\n".join(
            ["# text = " + "a" * 12_000]
            + [row("1-6000", head="_") for _ in range(6000)]
            + [row(str(i), head="1") for i in range(1, 6001)]
        ).encode(),
        "one sentence of nine thousand words": long.encode(),
        "a text without end and one word": (endless + row("1") + "\n\n").encode() * 43,
        "a text without end, packed": gzip.compress((endless + row("1", "zz") + "\n\n").encode() * 43),
        "as many sentences as fit": (sentence * (20 * 2**20 // len(sentence))).encode(),
        "twenty MB of empty lines": b"\n" * (20 * 2**20),
        "twenty MB of comments": b"#\n\n" * (20 * 2**20 // 3),
        "twenty MB in one line": b"a" * (20 * 2**20),
        "a comment of twenty MB": b"# text = " + b"a" * (20 * 2**20),
        "a million columns": b"# text = a\n1\ta" + b"\t_" * 10**6 + b"\n",
        "a bomb of zeros": bomb(),
        "a bomb of empty lines": bomb(b"\n"),
        "a bomb of one sentence": bomb((row("1") + "\n").encode()),
        "half a gzip file": bomb()[:200],
        "a million empty parts": gzip.compress(b"", mtime=0) * (20 * 2**20 // 20 - 1),
        "gzip in gzip": gzip.compress(bomb()),
        "bytes that are no text": bytes(range(256)) * 4000,
        "sentences of one word": (f"# text = a\n{row('1')}\n\n" * 600_000).encode()[: 20 * 2**20 - 8],
        "every other sentence without its text": (
            f"# text = a\n{row('1')}\n\n# text = b\n{row('1')}\n\n" * 300_000
        ).encode()[: 20 * 2**20 - 8],
        "twenty MB of what is no sentence": b"a\n\n" * (20 * 2**20 // 3),
        "separators of other programs": ("# text = a\u2028b\x0bc\n" + row("1", "a\u2028b")).encode(),
    }


CHAT = b"02/11/2026 09:15 - a: \n"
TIMES = b"00:00:01,000 --> 00:00:02,000\n"


def lists() -> dict[str, tuple[str, bytes]]:
    """name → (file name, bytes)."""
    units = {
        "commas": ",",
        "quotes": '"',
        "open quotes": '"a,',
        "empty lines": "\n",
        "returns": "\r",
        "tabs": "\t",
        "a combining mark": "\u0301",
        "zero width": "\u200b",
        "right to left": "\u202e",
        "one letter": "a",
        "letters in lines": "a\n",
        "numbers": "1e999999999,",
        "formulas": "=1+1\n",
        "brackets": "[",
        "braces": '{"a":',
        "keys": '{"a":1,',
        "numbers in lines": '{"text":' + "9" * 4000 + "}\n",
        "deep lines": "[" * 9000 + "\n",
        "surrogates": '{"text":"\\ud800"}\n',
        "the same key": '{"text":"a","text":"b"}\n',
        "wide lines": "a;" * 9000 + "\n",
        "accents": "é",
    }
    made = {
        f"{name} as {ending}": (f"x.{ending}", filled(unit))
        for name, unit in units.items()
        for ending in ("txt", "csv", "tsv", "jsonl")
    }
    keys = "{" + ",".join(f'"k{i}":""' for i in range(1500)) + "}\n"
    return made | {
        **{name: ("x.txt", data) for name, data in odd_lines().items()},
        "a message of empty lines": ("x.txt", CHAT * 2 + b"\n" * 49_000 + CHAT),
        "a message of spaces": ("x.txt", CHAT * 2 + (b" " * 19_000 + b"\n") * 100),
        "empty messages": ("x.txt", CHAT * 80_000),
        "times alone": ("x.srt", TIMES * 60_000),
        "a subtitle of many lines": ("x.srt", TIMES + b"a\n" * 49_000),
        "open marks": ("x.vtt", b"WEBVTT\n\n" + TIMES + (b"<i{\\<i" * 2500 + b"\n") * 100),
        "arrows": ("x.srt", b"-->" * 600_000),
        "a cell of two MB": ("x.csv", b'text,n\n"' + b"a" * 2_000_000 + b'",1\n'),
        "a million columns": ("x.csv", b",".join([b"a"] * 10**6) + b"\nx\n"),
        "columns of one name": ("x.csv", b"a," * 9_000 + b"\n" + b"b," * 9_000),
        "a thousand keys": ("x.jsonl", keys.encode() * 90),
        "a byte of every kind": ("x.txt", bytes(range(256)) * 8000),
        "high bytes": ("x.txt", bytes(range(128, 256)) * 16000),
        "half characters": ("x.txt", b"\xff\xfe" + b"\x00\xd8" * 900_000),
        "UTF-32": ("x.txt", ("a\n" * 200_000).encode("utf-32")),
        "a workbook": ("x.xlsx", zipped("xl/worksheets/sheet1.xml", 2**27)),
        "a workbook called CSV": ("x.csv", zipped("xl/worksheets/sheet1.xml", 2**27)),
        "a bomb called a text": ("x.txt", bomb()),
    }


PAIR_HEADER = "sentence_a,sentence_b,probe_a,probe_b,candidates,gold_a,gold_b\n"


def pairs() -> dict[str, bytes]:
    names = ";".join(["a"] * 240)
    return {
        **odd_lines(),
        "a million columns": b"a," * 10**6,
        "a million columns below a header": (PAIR_HEADER + "a," * 900_000).encode(),
        "a cell of two MB": (PAIR_HEADER + '"' + "a" * 2_000_000 + '",b').encode(),
        "two MB of empty lines": PAIR_HEADER.encode() + filled("\n"),
        "two MB of empty rows": PAIR_HEADER.encode() + filled(",,,\n"),
        "two MB of rows": PAIR_HEADER.encode() + filled("a b,a c,b,c,a;b,a,b\n"),
        "two MB of quotes": PAIR_HEADER.encode() + filled('"'),
        "candidates": (PAIR_HEADER + f"{'a ' * 240}b,{'a ' * 240}c,b,c,{names},a,a\n" * 480).encode(),
        "marks": (PAIR_HEADER + f"{'# ' * 240}b,{'#' * 400}c,{'# ' * 240},{'#' * 400},a;b,a,b\n" * 480).encode(),
    }


def schemas() -> dict[str, bytes]:
    good = {
        "id": "1",
        "names": "pt",
        "sentence": "O copo está na mesa porque ele é leve.",
        "pronoun": "ele",
        "pronoun_start": 27,
        "candidates": ["O copo", "A mesa"],
        "answer": 0,
    }
    line = json.dumps(good, ensure_ascii=False)

    def changed(**fields: object) -> bytes:
        return json.dumps(good | fields).encode()

    return {
        "two MB of brackets": filled("["),
        "lists of lists": b'{"a":[' + b"[]," * 600_000 + b"[]]}",
        "lists in lines": filled('{"a":[' + "[]," * 5000 + "[]]}\n"),
        "two MB of lines": filled("a\n"),
        "two MB of empty lines": filled("\n"),
        "two MB of schemas": filled(line + "\n"),
        "a start of five thousand digits": line.replace("27", "9" * 5000).encode(),
        "a start of four thousand digits": line.replace("27", "9" * 4000).encode(),
        "a sentence of one word": changed(sentence="a" * 19_000),
        "a sentence of words": changed(sentence="copo mesa " * 1800),
        "a sentence of spaces": changed(sentence="O copo" + " " * 18_000 + "x"),
        "a bomb": bomb(),
        "half a gzip file": bomb()[:100],
    }


def items() -> dict[str, bytes]:
    return {
        "two MB of brackets": filled("["),
        "deep": b'{"items":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "digits": b'{"items":[{"probe":[' + b"9" * 5000 + b",1]}]}",
        "a float as a place": b'{"items":[{"candidates":[],"probe":[1e400,1],"options":[],"right":[]}]}',
        "no list": b'{"items":7}',
        "strings": b'{"items":["a"]}',
        "keys": b'{"items":[{"candidates":[{"span":[0,1],"a":1}],"probe":[0,1],"options":[],"right":[]}]}',
    }


def links() -> dict[str, str]:
    """Own pairs as a link carries them."""
    import base64

    def packed(raw: bytes) -> str:
        return base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")

    return {
        "a bomb": packed(bytes(2**27)),
        "deep": packed(b"[" * 60_000),
        "digits": packed(b"[" + b"9" * 60_000 + b"]"),
        "lists": packed(b"[" + b"[]," * 20_000 + b"[]]"),
        "no base64": "ç" * 60_000,
        "padding": "=" * 60_000,
        "half": packed(b"[]")[:3],
    }

"""A reverse proxy of a few lines, as nginx or Caddy stand before a school's server: one path of it leads to Mirante.

HTTP/1.1, one request per connection, web sockets passed through; ``strip`` takes the path away before it passes a
request on.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tools.served import ROOT

NOTHING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

MOVED = b"HTTP/1.1 301 Moved\r\nLocation: %s/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@contextmanager
def proxy(server: str, path: str, *, strip: bool) -> Iterator[str]:
    """Address of a host of which ``path`` ("/mirante") is what ``server`` answers; in a process of its own."""
    command = [sys.executable, "-m", "tests.e2e.reverse_proxy", server, path, str(int(strip))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        port = process.stdout.readline().strip()
        yield f"http://127.0.0.1:{port}{path}"
        process.terminate()


async def _serve(server: str, path: str, strip: bool) -> None:
    """Print the port and answer until the process ends."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _pass_on(reader, writer, server, path, strip)

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: str, path: str, strip: bool
) -> None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, rest = head.split(" ", 2)
        if not (target == path or target.startswith((path + "/", path + "?"))):
            writer.write(NOTHING)
            return
        if strip and target == path:  # as docs/deploy.md says: a page at /mirante would look for its parts beside it
            writer.write(MOVED % path.encode())
            return
        target = target[len(path) :] if strip else target
        if "upgrade: websocket" not in rest.lower():
            rest = rest.replace("Connection: keep-alive", "Connection: close")
        upstream = urlsplit(server)
        inner, outer = await asyncio.open_connection(upstream.hostname, upstream.port)
        outer.write(f"{method} {target} {rest}".encode("latin-1"))
        await asyncio.gather(_copy(reader, outer), _copy(inner, writer))
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # a browser that goes away
    finally:
        writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        target.write(data)
        await target.drain()
    target.close()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], sys.argv[2], sys.argv[3] == "1"))

"""A bad network between clients and server: an own HTTP proxy with seeded faults.

What happens to the n-th send of a command is drawn from (seed, device, step, n), so a seed gives
the same faults in every run, whatever the timing. Faults:

``drop_request``  the server never sees it          ``drop_answer``  done, but nobody is told
``duplicate``     the server gets it twice at once  ``late``         the client gives up, the
``delay``         up to a second on the way                          server gets it seconds later
``cut_request``   half of the body arrives          ``cut_answer``   half of the answer arrives
``reset``         TCP reset after the answer        ``gateway``      502 HTML instead of the answer
``not_found``     404 HTML instead of the answer

``late`` and ``delay`` of several devices together also reorder what arrives.
"""

import asyncio
import collections
import contextlib
import json
import random
import socket
import struct
import threading

FAULTS = {
    "drop_request": 0.07,
    "drop_answer": 0.10,
    "duplicate": 0.08,
    "late": 0.05,
    "delay": 0.06,
    "cut_request": 0.03,
    "cut_answer": 0.04,
    "reset": 0.03,
    "gateway": 0.03,
    "not_found": 0.02,
}
_PAGES = {
    "gateway": b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    b"<html><body><h1>502 Bad Gateway</h1></body></html>",
    "not_found": b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n"
    b"<html><body>No database is selected.</body></html>",
}


class BadNetwork:
    """The proxy in a thread of its own; use as a context manager, then ask ``url``.

    ``faults`` counts what was done to the requests. Only ``path`` is disturbed.
    """

    def __init__(self, port: int, seed: int, path: str = "/wms/command"):
        self.faults = collections.Counter()
        self._port = port
        self._seed = seed
        self._path = path.encode()
        self._sends = collections.Counter()
        self._names: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._late: set[asyncio.Task] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def know(self, device_uids: list[str]) -> None:
        """Name the devices 0, 1, 2 ... so that the same seed meets the same device."""
        self._names = {uid: index for index, uid in enumerate(device_uids)}

    def __enter__(self) -> "BadNetwork":
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result(10)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_error) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def drain(self) -> None:
        """Wait until the late requests have arrived too."""
        asyncio.run_coroutine_threadsafe(self._await_late(), self._loop).result(60)

    async def _await_late(self):
        while self._late:
            await asyncio.wait(self._late)

    async def _close(self):
        await self._await_late()
        self._server.close()

    async def _serve(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            request = head + await reader.readexactly(_length(head))
            await self._treat(head, request, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            with contextlib.suppress(OSError, RuntimeError):
                writer.close()

    def _draw(self, head: bytes, request: bytes) -> tuple[str, random.Random]:
        if head.split(b" ", 2)[1] != self._path:
            return "", random.Random()
        # A naive client (the reference) has no device; its requests are counted instead.
        params = json.loads(request[len(head) :]).get("params", {})
        device = self._names.get(params.get("device_id"), -1)
        key = (device, params.get("seq", 0))
        self._sends[key] += 1
        dice = random.Random(f"{self._seed}/{key}/{self._sends[key]}")
        point = dice.random()
        for fault, share in FAULTS.items():
            point -= share
            if point < 0:
                self.faults[fault] += 1
                return fault, dice
        return "", dice

    async def _treat(self, head, request, writer):
        fault, dice = self._draw(head, request)
        if fault == "drop_request":
            return
        if fault == "late":
            task = asyncio.create_task(self._forward_later(request, dice.uniform(0.3, 3.0)))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
            return
        if fault == "delay":
            await asyncio.sleep(dice.uniform(0.05, 1.0))
        if fault == "cut_request":
            await self._forward(request[: len(head) + (len(request) - len(head)) // 2], cut=True)
            return
        sends = [self._forward(request) for _copy in range(2 if fault == "duplicate" else 1)]
        answer = (await asyncio.gather(*sends))[0]
        await self._give(fault, answer, writer)

    async def _give(self, fault, answer, writer):
        """Hand the answer over, or what the fault makes of it."""
        if fault == "drop_answer":
            return
        if fault == "reset":
            link = writer.get_extra_info("socket")
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        if fault == "cut_answer":
            answer = answer[: max(1, len(answer) - len(answer) // 3)]
        writer.write(_PAGES.get(fault, answer))
        await writer.drain()

    async def _forward_later(self, request, seconds):
        await asyncio.sleep(seconds)
        with contextlib.suppress(OSError):
            await self._forward(request)

    async def _forward(self, request: bytes, cut: bool = False) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(request)
            await writer.drain()
            if cut:
                return b""
            return await reader.read()
        finally:
            writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0

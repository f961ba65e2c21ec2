"""The proxy of the attacks: seeded, and each fault does what its name says."""

import collections
import http.client
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import pytest

from tools.attacks import proxy


class _Counting(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        data = b'{"result": "done, and this answer is long enough to be cut"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args):
        """Silence."""


@pytest.fixture
def server():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Counting)
    httpd.bodies = []
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd
    httpd.shutdown()
    httpd.server_close()


def _post(url, seq, device="d"):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
    body = json.dumps({"params": {"device_id": device, "seq": seq}})
    try:
        connection.request("POST", "/wms/command", body, {"Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__, b""
    finally:
        connection.close()


def _only(fault):
    return patch.dict(proxy.FAULTS, {fault: 1.0}, clear=True)


EFFECTS = {
    "drop_request": (0, False),
    "drop_answer": (1, False),
    "duplicate": (2, True),
    "late": (1, False),
    "delay": (1, True),
    "cut_answer": (1, False),
    "reset": (1, False),
    "gateway": (1, False),
    "not_found": (1, False),
}


@pytest.mark.parametrize("fault", EFFECTS)
def test_fault(server, fault):
    arrivals, answered = EFFECTS[fault]
    with _only(fault), proxy.BadNetwork(server.server_port, seed=1) as network:
        network.know(["d"])
        status, body = _post(network.url, 1)
        network.drain()
        assert network.faults == {fault: 1}
    assert len(server.bodies) == arrivals
    assert (status == 200 and body.endswith(b"}")) is answered


def test_cut_request_never_arrives_whole(server):
    with _only("cut_request"), proxy.BadNetwork(server.server_port, seed=1) as network:
        network.know(["d"])
        assert _post(network.url, 1)[0] != 200
    time.sleep(0.1)
    whole = json.dumps({"params": {"device_id": "d", "seq": 1}}).encode()
    assert whole not in server.bodies


def test_same_seed_same_faults(server):
    def run(seed):
        with proxy.BadNetwork(server.server_port, seed) as network:
            network.know(["d"])
            told = [_post(network.url, seq)[0] for seq in range(40)]
            return told, collections.Counter(network.faults)

    with patch.object(proxy.BadNetwork, "_forward_later", _at_once):
        first, again, other = run(3), run(3), run(4)
    assert first == again
    assert first[1] != other[1]


async def _at_once(self, request, _seconds):
    await self._forward(request)

"""The device's half of the protocol against a server that answers as scripted."""

import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.device_client import Device, Patience, Refused, Session, Unknown, new_id

FAST = Patience(first=0.001, longest=0.002, budget=5)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        server = self.server
        if self.path == "/web/session/authenticate":
            server.sign_ins += 1
            return self._json({"result": {"uid": 7}}, cookie="session_id=good; Path=/")
        server.got.append(body["params"])
        script = server.script.pop(0) if server.script else "applied"
        return getattr(self, f"_{script}", self._status)(body["params"], script)

    def _json(self, payload, cookie=None):
        self._bytes(json.dumps({"jsonrpc": "2.0", **payload}).encode(), cookie)

    def _bytes(self, data, cookie=None, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(data)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def _status(self, params, status):
        answer = {"cmd_id": params["cmd_id"], "status": status, "code": status, "message": status}
        self._json({"result": answer | {"result": {}}})

    def _gap(self, params, _script):
        answer = {"cmd_id": params["cmd_id"], "status": "gap", "code": "gap", "message": ""}
        self._json({"result": answer | {"result": {"last_seq": self.server.last_seq}}})

    def _not_found(self, _params, _script):
        self._bytes(b"<html>No database is selected.</html>", status=404)

    def _html(self, _params, _script):
        self._bytes(b"<html>fine</html>")

    def _cut(self, params, _script):
        self._bytes(b'{"jsonrpc": "2.0", "resul', length=500)

    def _accident(self, _params, _script):
        self._json({"error": {"code": 0, "data": {"name": "KeyError", "message": "boom"}}})

    def _expired(self, _params, _script):
        self._json({"error": {"code": 100, "message": "Odoo Session Expired"}})

    def _other(self, _params, _script):
        self._status({"cmd_id": "somebody else's"}, "applied")

    def _nothing(self, _params, _script):
        self.close_connection = True

    def log_message(self, *_args):
        """Silence."""


@pytest.fixture
def server():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    httpd.got, httpd.script, httpd.sign_ins, httpd.last_seq = [], [], 0, 0
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def device(server):
    session = Session(f"http://127.0.0.1:{server.server_port}", "db", "ana", "ana", timeout=5)
    return Device(session, "dev", patience=FAST, dice=random.Random(1))


UNKNOWN = ["not_found", "html", "cut", "accident", "other", "nothing"]


@pytest.mark.parametrize("fault", UNKNOWN)
def test_unknown_sends_the_same_command_again(server, device, fault):
    server.script = [fault, fault, "replayed"]
    answer = device.command("pick.done", task_id=1)
    assert answer["status"] == "replayed"
    assert len(server.got) == 3
    assert server.got[0] == server.got[1] == server.got[2]
    assert (device.unknown, device.replayed, device.seq) == (2, 1, 1)


def test_busy_is_sent_again_and_steps_count_up(server, device):
    server.script = ["busy", "applied", "applied"]
    device.command("pick.done", task_id=1)
    device.command("pick.done", task_id=2)
    assert [sent["seq"] for sent in server.got] == [1, 1, 2]
    assert server.got[0]["cmd_id"] == server.got[1]["cmd_id"] != server.got[2]["cmd_id"]


def test_gap_is_filled_with_the_own_missing_steps(server, device):
    first, second = device.envelope("a"), device.envelope("b")
    third = device.envelope("c")
    server.script, server.last_seq = ["gap", "applied", "applied", "applied"], 0
    assert device.send(third)["status"] == "applied"
    assert [sent["cmd_id"] for sent in server.got] == [
        envelope["cmd_id"] for envelope in (third, first, second, third)
    ]


def test_expired_session_signs_in_and_goes_on(server, device):
    server.script = ["expired", "applied"]
    assert device.command("pick.done", task_id=1)["status"] == "applied"
    assert (server.sign_ins, device.expired) == (2, 1)
    assert server.got[0] == server.got[1]


def test_refusal_is_final(server, device):
    server.script = ["rejected"]
    with pytest.raises(Refused) as caught:
        device.command("pick.done", task_id=1)
    assert caught.value.code == "rejected"
    assert len(server.got) == 1


def test_patience_ends(server, device):
    device.patience = Patience(first=0.001, longest=0.002, budget=0.05)
    server.script = ["busy"] * 10_000
    with pytest.raises(Unknown, match="call the lead"):
        device.command("pick.done", task_id=1)
    assert len({sent["cmd_id"] for sent in server.got}) == 1


def test_ids_are_version_7_and_in_order():
    ids = [new_id() for _number in range(200)]
    assert len(set(ids)) == 200
    assert all(text[14] == "7" and text[19] in "89ab" for text in ids)
    assert [text[:13] for text in ids] == sorted(text[:13] for text in ids)

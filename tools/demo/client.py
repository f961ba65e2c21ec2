"""What a browser or a scanner would send: a signed-in session, and a device whose commands count.

Standard library only. A `Session` speaks JSON-RPC over one kept connection; a `Device` numbers its
commands and sends one again, under the same id, whenever the answer did not arrive or was `busy`.
"""

import http.client
import json
import os
import time
import urllib.parse
from dataclasses import dataclass, field

TIMEOUT = 120
PATIENCE = 60


class Refused(Exception):
    """The server answered, and the answer is no; `code` names the sentence."""

    def __init__(self, code: str, message: str):
        self.code = code
        super().__init__(f"{code}: {message}")


class Unknown(Exception):
    """No usable answer arrived: what was asked may or may not have happened."""


class Session:
    """One person signed in over HTTP."""

    def __init__(self, base_url: str, database: str, login: str, password: str):
        self.login = login
        self._url = urllib.parse.urlsplit(base_url)
        self._connection: http.client.HTTPConnection | None = None
        self._cookie = ""
        answer = self.rpc(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        self.uid = answer["uid"]

    def rpc(self, path: str, params: dict) -> object:
        """Call a JSON route; :raises Refused: on an Odoo error, Unknown: on anything else."""
        status, body = self._post(path, {"jsonrpc": "2.0", "method": "call", "params": params})
        try:
            answer = json.loads(body)
        except ValueError as error:
            raise Unknown(f"{path}: HTTP {status}, no JSON") from error
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise Refused(data.get("name", "error"), data.get("message", str(answer["error"])))
        return answer.get("result")

    def call(self, model: str, method: str, *args, **kwargs) -> object:
        """Call a public method of a model as the web client does."""
        params = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        return self.rpc(f"/web/dataset/call_kw/{model}/{method}", params)

    def search(self, model: str, domain: list, fields: list[str], **options) -> list[dict]:
        """`search_read` with the given fields."""
        return self.call(model, "search_read", domain, fields, **options)

    def _post(self, path: str, payload: dict) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        if self._cookie:
            headers["Cookie"] = self._cookie
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(self._url.netloc, timeout=TIMEOUT)
            self._connection.request("POST", path, json.dumps(payload), headers)
            response = self._connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection = None
            raise Unknown(f"{path}: {type(error).__name__} {error}") from error
        for cookie in response.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("session_id="):
                self._cookie = cookie.split(";")[0]
        return response.status, body


@dataclass
class Device:
    """A scanner in somebody's hand: every command is sent until its answer is known."""

    session: Session
    uid: str
    seq: int = 0
    sent: int = 0
    replayed: int = 0
    seconds: list[float] = field(default_factory=list)
    _last: dict = field(default_factory=dict)

    def command(self, op: str, expect: dict | None = None, **args) -> dict:
        """Send a new command; return its answer.

        :raises Refused: when the answer is a refusal or a conflict (both are final)
        """
        self.seq += 1
        self._last = {
            "cmd_id": new_id(),
            "device_id": self.uid,
            "seq": self.seq,
            "op": op,
            "args": args,
            "expect": expect or {},
            "client_ts": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        answer = self._until_known(self._last)
        if answer["status"] not in ("applied", "replayed"):
            raise Refused(answer["code"], answer["message"])
        return answer

    def repeat(self) -> dict:
        """Send the last command once more, as a device does that lost the answer."""
        answer = self._until_known(self._last)
        self.replayed += answer["status"] == "replayed"
        return answer

    def _until_known(self, envelope: dict) -> dict:
        give_up = time.monotonic() + PATIENCE
        pause = 0.05
        while True:
            started = time.monotonic()
            try:
                self.sent += 1
                answer = self.session.rpc("/wms/command", envelope)
                if answer["status"] not in ("busy", "gap"):
                    self.seconds.append(time.monotonic() - started)
                    return answer
                problem = answer["message"]
            except (Unknown, Refused) as error:
                problem = str(error)
            if time.monotonic() > give_up:
                raise Unknown(f"{envelope['op']}: no answer in {PATIENCE} s, last: {problem}")
            time.sleep(pause)
            pause = min(pause * 2, 1.0)


def new_id() -> str:
    """A UUIDv7: 48 bits of Unix milliseconds, then chance."""
    millis = time.time_ns() // 1_000_000
    number = (millis << 80) | int.from_bytes(os.urandom(10))
    number = number & ~(0xF << 76) | (0x7 << 76)
    number = number & ~(0x3 << 62) | (0x2 << 62)
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

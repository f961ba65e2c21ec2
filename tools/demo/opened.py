"""`./wms demo`: the demo's server, its addresses, its logins, and the way to stop it."""

import signal
import socket

from tools import serving
from tools.demo import logins
from tools.store import STATE


def serve(env, database: str, port: int, local: bool = False) -> int:
    """Serve the demo until it is stopped; print what a person needs to enter it."""
    if port == 8069 and not serving.port_is_free(port):
        port = env.free_port()
    host = "127.0.0.1" if local else "0.0.0.0"
    with env.step("demo: starting the server"):
        server = env.start_server(
            database, 2, port, (f"--http-interface={host}", "--max-cron-threads=1")
        )
    with server:
        print(welcome(port, None if local else _address()), flush=True)
        signal.signal(signal.SIGTERM, lambda *_: server.process.terminate())
        try:
            return 0 if server.process.wait() in (0, -signal.SIGTERM) else 1
        except KeyboardInterrupt:
            return 0


def welcome(port: int, address: str | None) -> str:
    """The text below the start: addresses, logins, how to stop; a QR code when phones may come."""
    here = f"http://127.0.0.1:{port}"
    lines = [
        "",
        f"  Back office   {here}/odoo",
        f"  Scanner       {here}/wms/scan",
        "",
        "  Log in as   role              to see",
        *(f"  {login:<10}  {one.role:<16}  {one.purpose}" for login, one in logins.STAFF.items()),
        "  admin       administrator     everything",
        f"  Password: the login and -demo, as in {logins.password('ana')}; admin's is admin.",
        "",
        "  Twelve orders are released: sign in to the scanner as ana and pick them.",
        "  More orders wait: release them as lena under Warehouse.",
        "  A day worked by itself:  ./wms demo --play",
        "  Stop: Ctrl-C here, or  ./wms stop  in another terminal.",
    ]
    if address:
        link = f"http://{address}:{port}/wms/scan"
        lines += [
            "",
            f"  On a phone in the same network: {link}",
            "  Everybody in this network can reach the demo and its passwords are public;",
            "  `./wms demo --local` keeps it on this machine.",
            "",
            _qr(link),
        ]
    lines.append(f"  Logs: {STATE / 'logs'}")
    return "\n".join(lines)


def _address() -> str | None:
    """This machine's address towards its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def _qr(text: str) -> str:
    """The text as a QR code of half blocks, dark on light in any terminal."""
    import qrcode

    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text)
    rows = code.get_matrix()
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    glyph = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}
    drawn = (
        "".join(glyph[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
    return "\n".join(f"  \x1b[97;40m{row}\x1b[0m" for row in drawn) + "\n"

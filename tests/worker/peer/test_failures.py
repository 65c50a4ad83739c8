"""Recorded failures of a connection fail again with the words that Python had for them."""

import ssl

from tests.case_tables import each_case
from workbench.domain import ExchangeError, FailureKind
from workbench.worker.peer.failures import connect_error

EXPIRED = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1020)"
PLAIN = "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1020)"
CALL = "Connect call failed ('127.0.0.1', 1)"
AROUND = "Cannot connect to host h.example:443 ssl:True [{}]"
NO_TUNNEL = "Tunnel connection failed: 407 Proxy Authentication Required"


@each_case(
    "kind, message, address, made, text",
    [
        (FailureKind.TLS, AROUND.format(PLAIN), None, ssl.SSLError, PLAIN),
        (FailureKind.TLS, PLAIN, None, ssl.SSLError, PLAIN),
        (FailureKind.TLS, "", None, ssl.SSLError, "[SSL] record layer failure (_ssl.c:1032)"),
        (FailureKind.CERTIFICATE, AROUND.format(f"SSLCertVerificationError: (1, '{EXPIRED}')"), None,
         ssl.SSLCertVerificationError, EXPIRED),
        (FailureKind.REFUSED, AROUND.format(CALL), None, ConnectionRefusedError, f"[Errno 111] {CALL}"),
        (FailureKind.REFUSED, "", None, ConnectionRefusedError, "[Errno 111] Connection refused"),
        (FailureKind.REFUSED, "", ("127.0.0.1", 1), ConnectionRefusedError, f"[Errno 111] {CALL}"),
        (FailureKind.PROXY, NO_TUNNEL, None, OSError, NO_TUNNEL),
    ],
)  # fmt: skip
def test_the_words(kind: FailureKind, message: str, address: tuple[str, int] | None, made: type, text: str) -> None:
    error = connect_error(ExchangeError("SSLError", message, "connect", kind), address)
    assert (type(error), str(error)) == (made, text)

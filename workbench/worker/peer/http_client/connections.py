"""A connection of ``http.client`` to us: a thread reads its requests and answers them.

It is imported before the integration: gevent replaces threads.
"""

import socket
from _thread import start_new_thread
from collections.abc import Callable
from typing import Any

from workbench.worker.capture.attempt import Attempt
from workbench.worker.peer.engine import AnswerEngine
from workbench.worker.peer.http_client.connection_peer import ConnectionPeer
from workbench.worker.peer.http_client.sockets import Ending, OwnEnd, PeerSocket, made_up_certificate
from workbench.worker.peer.http_client.trust import trust_of


def connect_to_peer(connection: Any, engine: AnswerEngine, attempt_of: Callable[[], Attempt | None]) -> None:
    """Give an ``http.client`` connection a socket of ours; ``attempt_of`` is the request under way on it.

    Where the connection has one, it is what requests that the network answers go on to.
    """
    upstream = connection.sock
    left, right = socket.socketpair()
    own = PeerSocket(left.family, left.type, left.proto, left.detach())
    own.ending = ending = Ending()
    own.settimeout(timeout_of(connection))
    end = OwnEnd(right.family, right.type, right.proto, right.detach())
    end.settimeout(None)  # the descriptor of one of gevent's does not block
    if connection.default_port == 443:  # a socket without TLS has no such method, which libraries (NTLM) ask for
        vars(own)["getpeercert"] = getattr(upstream, "getpeercert", made_up_certificate)
    connection.sock = own
    for name in ("is_verified", "proxy_is_verified") if upstream is None else ():
        if hasattr(connection, name):
            setattr(connection, name, True)
    # not one of threading's: the integration counts and joins those
    start_new_thread(ConnectionPeer(own, ending, end, engine, attempt_of, upstream, trust_of(connection)).serve, ())


def timeout_of(connection: Any) -> float | None:
    """The seconds that such a connection waits."""
    limited = isinstance(connection.timeout, int | float)
    return connection.timeout if limited else socket.getdefaulttimeout()

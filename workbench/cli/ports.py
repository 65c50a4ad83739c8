"""Addresses to listen on."""

import errno
import socket

import click

from workbench.cli.failure import CannotRun

_TRIES = 50


def free_port(host: str, first: int) -> int:
    """``first``, or the next free port; 0 where none of the next 50 is."""
    for port in range(first, first + _TRIES):
        try:
            bind(host, port).close()
        except CannotRun:
            continue
        return port
    return 0


def listen(host: str, port: int | None, default: int) -> socket.socket:
    """A socket that listens: on ``port``, or without one on the default or the next free. Raises :class:`CannotRun`."""
    if port is not None:
        return bind(host, port)
    for candidate in (*range(default, default + _TRIES), 0):
        try:
            return bind(host, candidate)
        except PortInUse:
            continue
    raise CannotRun(f"No port is free on {host}.")


def say_moved(what: str, usual: int, port: int) -> None:
    """Say on stderr that ``what`` listens on another port than the usual one; nothing where it is that one."""
    if port != usual:
        click.echo(f"Port {usual} is in use. {what} listens on port {port} instead.", err=True)


class PortInUse(CannotRun):
    """Another program listens there."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket. Raises :class:`CannotRun`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotRun(f"{host!r} is not an address of this machine ({error}). Choose another --host.") from error
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(256)
    except OSError as error:
        made.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"Port {port} on {host} is in use. Stop the program that listens there, or choose another --port."
            ) from error
        raise CannotRun(
            f"Cannot listen on {host}:{port} ({error.strerror}). Choose another --host or --port."
        ) from error
    return made

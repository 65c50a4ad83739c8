"""A process of Linux, and all that it starts, cut off from the network: C code and child processes included."""

import ctypes
import os
from typing import Final

_CREATE_RULESET: Final = 444
_RESTRICT_SELF: Final = 446
_CONNECT_TCP: Final = 1 << 1
_VERSION: Final = 1 << 0
_WITH_NETWORK: Final = 4
"""The first version of Landlock that knows of connections."""
_NO_NEW_PRIVILEGES: Final = 38


class _Ruleset(ctypes.Structure):
    """``struct landlock_ruleset_attr`` of that version."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


def close_network() -> bool:
    """Cut off this thread and whatever it starts from now on; whether the system did it.

    A network namespace without interfaces where we may make one (as root), which stops UDP too; else Landlock, which
    any process may ask for since Linux 6.7, and which stops connections of TCP.
    """
    return _without_interfaces() or _without_tcp()


def _without_interfaces() -> bool:
    try:
        os.unshare(os.CLONE_NEWNET)
    except (OSError, AttributeError):
        return False
    return True


def _without_tcp() -> bool:
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        none = ctypes.c_void_p(None)
        if libc.syscall(_CREATE_RULESET, none, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION)) < _WITH_NETWORK:
            return False
        wanted = _Ruleset(0, _CONNECT_TCP)
        size = ctypes.c_size_t(ctypes.sizeof(wanted))
        rules = libc.syscall(_CREATE_RULESET, ctypes.byref(wanted), size, ctypes.c_uint32(0))
        if rules < 0:
            return False
        try:
            if libc.prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))):
                return False
            return bool(libc.syscall(_RESTRICT_SELF, ctypes.c_int(rules), ctypes.c_uint32(0)) == 0)
        finally:
            os.close(rules)
    except (OSError, AttributeError):
        return False

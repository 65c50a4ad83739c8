"""Whether who reads a body gets an error where it is not as its ``Content-Encoding`` says.

That depends on the library, on what is installed for it, and on how it is read, which the stack tells. It is looked up
only for such a body.
"""

import sys
from collections.abc import Container, Iterator
from types import FrameType
from typing import Any

_HTTPX = ("httpx", "httpx2")
_RAW = ("iter_raw", "aiter_raw")
_OF_URLLIB3 = ("urllib3", "requests")
_BY_THEMSELVES = ("httplib2", "googleapiclient", "feedparser")
_OPTION = "decode_content"
_MOST = 50


def fails_for_reader(library: str, encoding: str, frame: FrameType, *, at_end: bool = False) -> bool:
    """Whether ``library`` raises for the reader on the stack of ``frame``; ``at_end``: of a body that ends early."""
    known = _decoded_by(library)
    if not any(name.strip() in known for name in encoding.split(",")):
        return False
    if library in _HTTPX:
        return not _is_raw_in_httpx(frame, f"{library}._models")
    return library not in _OF_URLLIB3 or _decodes_in_urllib3(frame, at_end=at_end)


def _decoded_by(library: str) -> Container[str]:
    """The encodings that the library decodes as it is installed."""
    if library in _HTTPX:
        return getattr(sys.modules.get(f"{library}._decoders"), "SUPPORTED_DECODERS", ())
    if library in _OF_URLLIB3:
        response: Any = getattr(sys.modules.get("urllib3.response"), "HTTPResponse", None)
        return getattr(response, "CONTENT_DECODERS", ())
    return ("gzip", "deflate") if library in _BY_THEMSELVES else ()


def _is_raw_in_httpx(frame: FrameType, models: str) -> bool:
    """Whether its user iterates over the bytes as they came: else its own generator does."""
    for one in _callers(frame, models):
        if one.f_code.co_name in _RAW:
            return one.f_back is None or one.f_back.f_globals.get("__name__") != models
    return False


def _decodes_in_urllib3(frame: FrameType, *, at_end: bool) -> bool:
    """What ``decode_content`` says. It asks whether the body is whole where it reads all at once, or chunks."""
    for one in _callers(frame, "urllib3.response"):
        if _OPTION in one.f_code.co_varnames:
            given, is_chunked = one.f_locals, one.f_code.co_name == "read_chunked"
            decodes = given.get(_OPTION)
            if decodes is None:
                decodes = getattr(given.get("self"), _OPTION, True)
            return bool(decodes) and (not at_end or is_chunked or given.get("amt") is None)
    return True


def _callers(frame: FrameType | None, module: str) -> Iterator[FrameType]:
    """The frames of the module, from the innermost."""
    for _ in range(_MOST):
        if frame is None:
            return
        if frame.f_globals.get("__name__") == module:
            yield frame
        frame = frame.f_back

"""A request put together from the bytes that a library writes to its connection."""

from workbench.domain import Request
from workbench.events import http_heads
from workbench.worker.capture.bodies.chunked_body import ChunkedBody
from workbench.worker.capture.bodies.content_decoder import ContentDecoder


class RequestReader:
    """Takes bytes as they come; :attr:`is_complete` once a whole request is there, which :meth:`take` gives."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._taken = bytearray()
        self.raw = b""
        self._start()

    def _start(self) -> None:
        self.head: http_heads.RequestHead | None = None
        self._body = bytearray()
        self._chunks: ChunkedBody | None = None
        self._length = 0
        self.is_complete = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing of a request is there."""
        return not self._taken

    @property
    def expects_continue(self) -> bool:
        """Whether the library waits for a word before it sends the body."""
        return self.head is not None and http_heads.value_of(self.head.headers, "expect") == "100-continue"

    def feed(self, data: bytes | bytearray | memoryview) -> bool:
        """More bytes; returns whether they have completed the head."""
        self._data += data
        self._taken += data
        had_head = self.head is not None
        if not had_head and b"\r\n\r\n" in self._data:
            self.head = http_heads.request_head(bytes(self._data))
            del self._data[: self.head.size]
            self._chunks = ChunkedBody() if http_heads.is_chunked(self.head.headers) else None
            self._length = 0 if self._chunks else http_heads.length_of(self.head.headers) or 0
        if self.head is not None and not self.is_complete:
            self._read_body()
        return not had_head and self.head is not None

    def take(self, url: str) -> Request:
        """The request that is complete, its body decoded; :attr:`raw` are its bytes. The next one begins."""
        head, body = self.head, bytes(self._body)
        if head is None:
            raise ValueError("No request is complete.")
        decoder = ContentDecoder(http_heads.value_of(head.headers, "content-encoding"))
        if decoder.knows:
            try:
                body = decoder.whole(body)
            except Exception:  # it is compared as it is
                body = bytes(self._body)
        self.raw = bytes(self._taken[: len(self._taken) - len(self._data)])
        self._taken = bytearray(self._data)
        self._start()
        self.feed(b"")
        return Request(head.method, url, "1.1", head.headers, body, len(body))

    def _read_body(self) -> None:
        if self._chunks is not None:
            for piece in self._chunks.feed(bytes(self._data)):
                self._body += piece
            self._data.clear()  # no library sends its next request before this one's answer
            self.is_complete = self._chunks.over
            return
        missing = self._length - len(self._body)
        self._body += self._data[:missing]
        del self._data[:missing]
        self.is_complete = len(self._body) == self._length

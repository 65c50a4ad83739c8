"""The answer of a live server on its way to a library, byte for byte, unless a rule cuts it or changes its body."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.answers.answer import Answer, answer_bytes
from workbench.domain import ExchangeError, FailureKind, Headers, Response, Rule, RuleAction
from workbench.events import http_heads
from workbench.worker.capture.bodies.chunked_body import ChunkedBody, ChunkError
from workbench.worker.capture.bodies.content_decoder import BodyTooLong, ContentDecoder

LARGEST_CHANGE = 32 * 1024 * 1024
"""Bytes of a body that a rule can change."""

_CUT = ExchangeError("", "", "receive", FailureKind.CUT)
_END_OF_HEAD = b"\r\n\r\n"
_LONGEST_HEAD = 1024 * 1024
_SWITCHED = 101
_FRAMES = (b"content-length", b"transfer-encoding")


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule does to answers: ``changed`` gives the whole answer as it makes it, ``too_long`` notes a body."""

    rule: Rule | None = None
    changed: Callable[[Answer], Answer] = lambda answer: answer
    too_long: Callable[[], None] = lambda: None

    @property
    def is_whole(self) -> bool:
        """Whether the body has to be there as a whole."""
        return self.rule is not None and self.rule.action is RuleAction.REPLACE

    @property
    def most(self) -> int | None:
        """Bytes of a body after which it is cut; None where it is not."""
        return self.rule.length if self.rule is not None and self.rule.action is RuleAction.TRUNCATE else None


class LiveAnswer:
    """Takes the bytes of one answer as they come and gives those for the library.

    :attr:`is_over` once it has ended: whole, or by :attr:`failure`. ``drops_continue``: the request waited for
    "100 Continue" and has had it. ``closes``: its head says that no other answer follows on its connection.
    """

    def __init__(self, method: str, change: Change, *, drops_continue: bool = False, closes: bool = False) -> None:
        self._method = method
        self._change = change
        self._drops_continue = drops_continue
        self._closes = closes
        self._head = bytearray()
        self._body = bytearray()
        self._headers: Headers = ()
        self._response = Response(0)
        self._chunks: ChunkedBody | None = None
        self._left: int | None = None
        self._reads: Callable[[bytes], bytes] = self._read_head
        self._passed = 0
        self.is_over = False
        self.keeps_open = False
        self.failure: ExchangeError | None = None

    def feed(self, data: bytes) -> bytes:
        """The bytes for the library, once these have come."""
        if self.is_over:
            return b""
        try:
            return self._reads(data)
        except ChunkError:  # the library finds the same
            return self._stop_reading(data)

    def end(self) -> bytes:
        """The last bytes for the library, as the server has closed the connection."""
        if self.is_over:
            return b""
        is_whole = self._reads != self._read_head and self._chunks is None and self._left is None
        self.keeps_open = False
        if self._reads == self._gather:
            return self._whole() if is_whole else self._as_it_came()
        if self._reads == self._cut and is_whole:
            self.failure = _CUT
        self.is_over = True
        return b""

    def _read_head(self, data: bytes) -> bytes:
        self._head += data
        passed = b""
        while (end := self._head.find(_END_OF_HEAD)) >= 0:
            text = bytes(self._head[: end + len(_END_OF_HEAD)])
            del self._head[: len(text)]
            head = http_heads.response_head(text.split(b"\r\n"))
            if head is None:
                return passed + self._give_up(text)
            if 100 <= head.status < 200 and head.status != _SWITCHED:
                passed += b"" if head.status == 100 and self._drops_continue else text
                continue
            rest, self._head = bytes(self._head), bytearray()
            return passed + self._begin(head, text) + (self.feed(rest) if rest else b"")
        return passed + self._give_up(b"") if len(self._head) > _LONGEST_HEAD else passed

    def _begin(self, head: http_heads.ResponseHead, text: bytes) -> bytes:
        """The head for the library; what follows is read by what is set here."""
        self._headers = head.headers
        connection = http_heads.value_of(head.headers, "connection")
        self.keeps_open = connection != "close" and (head.version != "1.0" or connection == "keep-alive")
        if self._closes and head.status != _SWITCHED:
            text, self.keeps_open = _with_header(text, (b"connection",), b"Connection: close"), False
        self._response = Response(head.status, head.reason, head.version, head.headers, latin=head.latin)
        is_tunnel = self._method == "CONNECT" and 200 <= head.status < 300
        if self._method == "HEAD" or head.status in (204, 304) or is_tunnel:
            self.is_over, self.keeps_open = True, self.keeps_open or is_tunnel
            return text
        if head.status == _SWITCHED:
            self._reads = lambda data: data
            return text
        if http_heads.is_chunked(head.headers):
            self._chunks = ChunkedBody()
        else:
            self._left = http_heads.length_of(head.headers)
        self.keeps_open = self.keeps_open and (self._chunks is not None or self._left is not None)
        if self._change.is_whole and (self._left or 0) <= LARGEST_CHANGE:
            self._head += text
            self._reads = self._gather
            return self._whole() if self._left == 0 else b""
        if self._change.is_whole:
            self._change.too_long()
        if self._change.most is not None:
            self._reads = self._cut
            return self._cut_head(text) + (self._cut(b"") if not self._change.most else b"")
        self._reads = self._pass
        self.is_over = self._left == 0
        return text

    def _give_up(self, text: bytes) -> bytes:
        """All as it comes: it is no HTTP."""
        passed, self._head = text + bytes(self._head), bytearray()
        self._reads = lambda data: data
        return passed

    def _stop_reading(self, data: bytes) -> bytes:
        """From ``data`` on all as it comes: what follows the head is no body. One that is cut ends here."""
        was, self._reads, self.keeps_open = self._reads, lambda data: data, False
        if was == self._cut:
            self.is_over, self.failure = True, _CUT
            return b""
        return self._as_it_came(is_over=False) if was == self._gather else data

    def _pieces(self, data: bytes) -> list[bytes]:
        """What ``data`` has of the body; :attr:`is_over` is set with its last byte."""
        if self._chunks is not None:
            found = [bytes(piece) for piece in self._chunks.feed(data)]
            self.is_over = self._chunks.over
            return found
        if self._left is None:
            return [data]
        taken = data[: self._left]
        self._left -= len(taken)
        self.is_over = self._left == 0
        return [taken]

    def _pass(self, data: bytes) -> bytes:
        self._pieces(data)
        return data

    def _cut(self, data: bytes) -> bytes:
        most, passed = self._change.most or 0, []
        for piece in self._pieces(data):
            part = piece[: most - self._passed]
            self._passed += len(part)
            if part:
                passed.append(b"%x\r\n%b\r\n" % (len(part), part) if self._chunks is not None else part)
        if self._passed >= most or self.is_over:
            self.is_over, self.keeps_open, self.failure = True, False, _CUT
        return b"".join(passed)

    def _cut_head(self, text: bytes) -> bytes:
        """The head with a length that the cut body does not reach; chunks miss their last."""
        if self._chunks is not None or (self._left or 0) > (self._change.most or 0):
            return text
        length = max(self._left or 0, self._change.most or 0) + 1
        return _with_header(text, _FRAMES, b"Content-Length: %d" % length)

    def _gather(self, data: bytes) -> bytes:
        self._head += data
        for piece in self._pieces(data):
            self._body += piece
        if self.is_over:
            return self._whole()
        if len(self._body) > LARGEST_CHANGE:
            self._change.too_long()
            self._reads = self._pass
            return self._as_it_came(is_over=False)
        return b""

    def _as_it_came(self, *, is_over: bool = True) -> bytes:
        passed, self._head = bytes(self._head), bytearray()
        self.is_over = is_over
        self._body.clear()
        return passed

    def _whole(self) -> bytes:
        """The answer as the rule changes it; as it came where it finds nothing to change."""
        self.is_over = True
        body, packed = bytes(self._body), None
        decoder = ContentDecoder(http_heads.value_of(self._headers, "content-encoding"))
        if decoder.knows:
            try:
                body, packed = decoder.whole(body), len(body)
            except BodyTooLong:
                self._change.too_long()
                return self._as_it_came()
            except Exception:  # the library finds the same
                return self._as_it_came()
        answer = Answer(replace(self._response, body=body, size=len(body), raw_size=packed))
        changed = self._change.changed(answer)
        return self._as_it_came() if changed is answer else answer_bytes(changed, self._method)


def _with_header(head: bytes, without: tuple[bytes, ...], added: bytes) -> bytes:
    """A head with a header in the place of others, all else in its very bytes."""
    lines = head.removesuffix(_END_OF_HEAD).split(b"\r\n")
    rest = [line for line in lines if line.partition(b":")[0].strip().lower() not in without]
    return b"\r\n".join((*rest, added, b"", b""))

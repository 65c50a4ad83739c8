"""A response's body, piece by piece, as it reads once its ``Content-Encoding`` is undone."""

import sys

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.content_decoder import ContentDecoder
from workbench.worker.capture.bodies.decoding_readers import fails_for_reader

_HELD = 256 * 1024
"""Bytes that are held while nothing of them could be decoded: a decoder may need a whole block."""


class DecodedBody:
    """Counts what came and passes it on decoded; what cannot be decoded is an error where ``library`` raises one."""

    def __init__(self, attempt: Attempt, encoding: str, library: str) -> None:
        self.size = 0
        self._attempt = attempt
        self._encoding = encoding
        self._library = library
        self._held: bytearray | None = bytearray()
        decoder = ContentDecoder(encoding)
        self._decoder = decoder if decoder.knows else None

    def add(self, data: bytes) -> None:
        """A piece as it came, chunks already put together."""
        self.size += len(data)
        if self._decoder is not None:
            self._attempt.raw_size = self.size
            self._add_decoded(self._decoder, data)
        elif data:
            self._attempt.body_received(data)

    def end(self) -> None:
        """All of it came."""
        if self._decoder is not None and self.size:
            try:
                self._decoder.end()
            except Exception as error:
                if fails_for_reader(self._library, self._encoding, sys._getframe(), at_end=True):
                    self._attempt.fail(error)
            if self._held and not fails_for_reader(self._library, self._encoding, sys._getframe()):
                self._pass_on_held()
        self._attempt.complete()

    def _add_decoded(self, decoder: ContentDecoder, data: bytes) -> None:
        if self._held is not None:
            self._held += data
        try:
            for piece in decoder.feed(data):
                if piece:
                    self._held = None
                    self._attempt.body_received(piece)
        except Exception as error:
            self._decoder = None
            if fails_for_reader(self._library, self._encoding, sys._getframe()):
                self._attempt.fail(error)
            if self._held is None:
                self._attempt.body_received(data)
            else:
                self._pass_on_held()
        if self._held is not None and len(self._held) > _HELD:
            self._held = None

    def _pass_on_held(self) -> None:
        """Nothing could be decoded: it is stored as it came."""
        held, self._held = self._held, None
        if held is not None and len(held) == self.size:
            self._attempt.raw_size = None
        self._attempt.body_received(bytes(held or b""))

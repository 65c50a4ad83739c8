"""A response's body, piece by piece, as it reads once its ``Content-Encoding`` is undone."""

from workbench.worker.capture.attempt import Attempt
from workbench.worker.capture.bodies.content_decoder import ContentDecoder


class DecodedBody:
    """Counts what came and passes it on decoded. ``decodes``: the library decodes too, and fails where this fails."""

    def __init__(self, attempt: Attempt, encoding: str, *, decodes: bool) -> None:
        self.size = 0
        self._attempt = attempt
        self._decodes = decodes
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

    def _add_decoded(self, decoder: ContentDecoder, data: bytes) -> None:
        has_decoded = False
        try:
            for piece in decoder.feed(data):
                has_decoded = True
                if piece:
                    self._attempt.body_received(piece)
        except Exception as error:
            self._decoder = None
            if self._decodes:
                self._attempt.fail(error)
            if not has_decoded:
                if self.size == len(data):  # all of it is stored as it came
                    self._attempt.raw_size = None
                self._attempt.body_received(data)

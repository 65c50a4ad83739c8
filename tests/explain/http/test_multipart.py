"""Parts of a multipart body as they are written and read again."""

from workbench.domain.multipart import BodyPart, read_parts
from workbench.explain.http.multipart import write_parts

HEADERS = (("Content-Type", "multipart/form-data; boundary=B"),)


def test_a_name_cannot_end_its_header() -> None:
    parts = [BodyPart('a"\r\nX-Other: 1', "", "", b"one"), BodyPart("é", "b\r\nc.txt", "text/plain", b"--\r\n")]
    body = write_parts(parts, "B")
    assert b'name="a%22%0D%0AX-Other: 1"\r\n\r\none\r\n' in body
    again = read_parts(HEADERS, body)
    assert [(one.name, one.filename, one.media, one.body) for one in again] == [
        ("a%22%0D%0AX-Other: 1", "", "", b"one"),
        ("é", "b%0D%0Ac.txt", "text/plain", b"--\r\n"),
    ]

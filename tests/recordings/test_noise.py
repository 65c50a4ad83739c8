"""The kinds of noise, and the values that stand in for secrets."""

import re
from pathlib import Path
from typing import Any

from tests.case_tables import each_case
from tests.recordings.conftest import exchange, masked_run
from workbench.domain import (
    AnswerOrigin,
    AnswerSource,
    ContractVersion,
    Kind,
    Noise,
    NoiseKind,
    NoisePlace,
    Request,
    Status,
    Unmatched,
)
from workbench.recordings.from_run import recording_of
from workbench.recordings.made_up_secrets import fill_masks, fill_text
from workbench.recordings.noise import find_noise, kind_of, with_noise
from workbench.recordings.recording import Expected, Given, Recording
from workbench.schema import is_valid


@each_case(
    ("values", "kind", "pattern"),
    [
        (("2026-11-26T10:00:00Z", "2027-01-02T03:04:05.5+00:00"), NoiseKind.DATE_TIME, ""),
        (("Thu, 26 Nov 2026 22:20:01 GMT", "Sat, 02 Jan 2027 01:02:03 GMT"), NoiseKind.DATE_TIME, ""),
        (("123e4567-e89b-12d3-a456-426614174000", "00000000-0000-4000-8000-000000000001"), NoiseKind.UUID, ""),
        ((1732658400.25, 1732658401), NoiseKind.NUMBER, ""),
        (("1732658400", "1732658455"), NoiseKind.NUMBER, ""),
        (("n-0a1b2c3d", "n-ffee0011"), NoiseKind.TEXT, r"n\-[0-9a-f]{8}"),
        (("a 12 ms", "a 7 ms"), NoiseKind.TEXT, r"a\ [0-9]+\ ms"),
        (("req.A", "req.B.C"), NoiseKind.TEXT, r"req\.[\s\S]*"),
        (("November", "June"), NoiseKind.TEXT, "[A-Za-z]+"),
        ((True, False), NoiseKind.ANY, ""),
        ((None, "x"), NoiseKind.ANY, ""),
        (({"a": 1}, [1]), NoiseKind.ANY, ""),
    ],
)
def test_noise_has_the_narrowest_kind_that_all_values_have(values: tuple[Any, ...], kind: str, pattern: str) -> None:
    assert kind_of(values) == (kind, pattern)
    if pattern:
        assert all(re.fullmatch(pattern, value) for value in values)


@each_case(
    ("recorded", "sent", "pointers"),
    [
        (b'{"a": 1}', b'{"a": 2}', ["/a"]),
        (b'{"a": 1}', b"[1]", [""]),
        (b"", b'{"a": 2}', []),
        (b"text", b'{"a": 2}', []),
    ],
)
def test_a_body_of_another_form_is_no_noise(folder: Path, recorded: bytes, sent: bytes, pointers: list[str]) -> None:
    """No noise excuses it: each replay would find it again."""
    headers = (("Content-Type", "application/json"),)
    asked, asks = (Request("POST", "https://api.example.com/", headers=headers, body=body) for body in (recorded, sent))
    recording = recording_of(masked_run(folder, exchange(request=asked)))
    unmatched = AnswerOrigin(AnswerSource.RECORDING, unmatched=Unmatched("POST", 1))
    run = masked_run(folder, exchange(request=asks, origin=unmatched))
    assert [one.pointer for one in find_noise(recording, run)] == pointers


def test_what_is_seen_again_in_one_place_becomes_more_general() -> None:
    def noise(kind: NoiseKind, pattern: str = "") -> Noise:
        return Noise(NoisePlace.RESULT, "/a", kind, None, pattern)

    recording = Recording(Kind.ACTION, "read", ContractVersion.V2, Given(), Expected(Status.SUCCEEDED))
    steps = [
        (noise(NoiseKind.TEXT, "a[0-9]{4}"), noise(NoiseKind.TEXT, "a[0-9]{4}")),
        (noise(NoiseKind.TEXT, "a[0-9]+"), noise(NoiseKind.TEXT, "a[0-9]{4}|a[0-9]+")),
        (noise(NoiseKind.UUID), noise(NoiseKind.TEXT)),
        (noise(NoiseKind.NUMBER), noise(NoiseKind.ANY)),
    ]
    for found, expected in steps:
        recording = Recording(*_members(recording), noise=with_noise(recording, [found]))
        assert recording.noise == (expected,)


def _members(recording: Recording) -> tuple[Any, ...]:
    return recording.kind, recording.handler, recording.contract, recording.given, recording.expected


@each_case(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "minLength": 40, "maxLength": 64},
        {"type": "string", "maxLength": 5},
        {"type": "string", "pattern": "^sk-[0-9]{6}$"},
        {"type": "string", "format": "uri", "pattern": "^https://"},
        {"enum": ["red", "green"]},
        {"const": "fixed"},
        {"type": "integer", "minimum": 1000, "maximum": 9999},
        {"type": "number", "exclusiveMaximum": 1},
    ],
)
def test_a_made_up_secret_is_valid(schema: dict[str, Any]) -> None:
    whole = {"type": "object", "properties": {"key": schema, "items": {"type": "array", "items": schema}}}
    filled = fill_masks({"key": "‹key›", "items": ["‹key›"], "other": "x ‹key› y"}, whole)
    assert is_valid(whole, filled), filled
    assert "‹" not in str(filled)
    assert fill_text("Bearer ‹my key›") == "Bearer made-up-my-key"

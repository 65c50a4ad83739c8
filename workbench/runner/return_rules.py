"""Rules of the platform that no schema has and that the SDK does not check, as warnings about what a handler returned.

A record's ``id`` is unique and a string (a UUID, a hash), since the platform knows by it what is new. An account has
at least one field, and its fields are strings.
"""

import json
from collections.abc import Iterator

from workbench.domain import ABSENT, JSON, ErrorCode, Side, ValidationError
from workbench.schema import excerpt, with_message

ACCOUNT_FIELDS = ("email", "username", "first_name", "last_name", "user_id", "organization", "avatar_url")


def record_warnings(records: JSON) -> Iterator[ValidationError]:
    """The warnings about the ids of what a poll returned, each at its record."""
    seen: dict[str, int] = {}
    for number, record in enumerate(records if isinstance(records, list) else ()):
        given = record.get("id", ABSENT) if isinstance(record, dict) else ABSENT
        if given is ABSENT:
            continue  # an error of the SDK
        if given is None or given == "":
            yield _warning(ErrorCode.RECORD_ID_EMPTY, f"/{number}/id", given, str(number))
            continue
        if not isinstance(given, str):
            yield _warning(ErrorCode.RECORD_ID_TYPE, f"/{number}/id", given, str(number))
        first = seen.setdefault(json.dumps(given, sort_keys=True, default=repr), number)
        if first != number:
            yield _warning(ErrorCode.RECORD_ID_REPEATED, f"/{number}/id", given, str(number), str(first))


def account_warnings(account: JSON) -> Iterator[ValidationError]:
    """The warnings about a connected account: fields of other types, or none at all."""
    if not isinstance(account, dict):
        return
    given = {name: value for name in ACCOUNT_FIELDS if (value := account.get(name)) not in (None, "")}
    if not given:
        yield _warning(ErrorCode.ACCOUNT_EMPTY, "", account, *ACCOUNT_FIELDS[:3])
    for name, value in given.items():
        if not isinstance(value, str):
            yield _warning(ErrorCode.ACCOUNT_FIELD_TYPE, f"/{name}", value, name)


def _warning(code: ErrorCode, pointer: str, value: JSON, *details: str) -> ValidationError:
    return with_message(
        ValidationError(Side.OUTPUT, pointer, "", code.value, code=code, details=details, value=excerpt(value))
    )

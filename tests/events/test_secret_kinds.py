"""What is masked by its kind and place, and what looks like it and stays: each in one row beside the other."""

import json

from tests.case_tables import each_case
from workbench.events.secret_places import header_places, text_places, text_secrets
from workbench.events.secret_shapes import is_random

R = "q7Zx5bd0c1a9e3f74D2kM8wLp6tYh3Vb1nRs"
"""A value that looks random."""
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLW9mLWl0"
JWE = "eyJhbGciOiJSU0EtT0FFUCJ9.OKOawDo13gRp.48V1_ALb6US0.5eym8TW_c8SuK0.XFBoMYUZodetZ"
UUID = "3f2a1b4c-5d6e-4f70-8192-a3b4c5d6e7f8"
OBJECT_ID = "507f1f77bcf86cd799439011"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7bq\nxQ==\n-----END RSA PRIVATE KEY-----\n"
SLACK = "T01AB2CD3/B01AB2CD3"


def shown(text: str) -> str:
    """``text`` with ``<name>`` in place of what is masked in its place."""
    for start, end, name in sorted(text_places(text), reverse=True):
        text = f"{text[:start]}<{name}>{text[end:]}"
    return text


@each_case(
    ("secret", "lookalike"),
    [
        # OAuth
        (f"grant_type=authorization_code&code={R[:12]}1", "country=x&code=NZ&state=CA&zip=94110"),
        (f"https://app.example/cb?code={R}&state=xyz", "https://app.example/shop?code=SUMMER25&state=CA"),
        (f'{{"grant_type": "authorization_code", "code": "{R}"}}', '{"code": "invalid_grant_type_2", "message": "x"}'),
        (f"grant_type=x&code_verifier={R}&a=1", "code_challenge=abcdefghijklmnop&code_challenge_method=S256"),
        (f"https://h/logout?id_token_hint={R}", "https://h/items?page_token=CAoQAA1234567890"),
        (f"subject_token={R}&subject_token_type=urn:x", '{"max_tokens": "1000", "total_tokens": "24681357"}'),
        (f'{{"reset_token": "{R}"}}', f'{{"next_page_token": "{R}", "nextSyncToken": "{R}", "NextToken": "{R}"}}'),
        (f"/login?next=https%3A%2F%2Fh%2F%3Faccess_token%3D{R}%26a%3D1", "/login?next=%2Fitems%3Fpage_token%3DCAoQ"),
        (f"https://h/api/fn?code={R}==", f"https://h/fn?code={OBJECT_ID}"),
        (f'{{"bot_access_token": "{R}"}}', '{"access_tokens_left": "12345678", "token_type": "bot_access"}'),
        (f'{{"verify_token": "{R}", "privateKeyData": "{R}"}}', f'{{"device_token": "{R}", "public_key_data": "{R}"}}'),
        # sessions
        (f"<r><ns1:sessionId>{R}</ns1:sessionId></r>", "<r><sessionId>20</sessionId></r>"),
        (f'{{"session_id": "{R}"}}', f'{{"session_id": "{UUID}", "sessionId": "{OBJECT_ID}", "sid": "keynote-2026"}}'),
        (f"https://h/webapi?_sid={R}", f'{{"sid": "SM{OBJECT_ID}abcdef01", "account_sid": "AC{OBJECT_ID}abcdef01"}}'),
        (f"https://h/a;jsessionid={R}?x=1", "https://h/a;version=1?x=1"),
        (f'<script>document.cookie = "a={R}; path=/"</script>', "<p>Accept our cookie: yes</p>"),
        (f"<Cookie>a={R}; b={R}x</Cookie>", '{"cookie": "chocolate", "cookies": "2"}'),
        # keys
        (f"https://h/maps?key=AIzaSy{R}", "https://h/rest?key=PROJ-1&key2=a"),
        (f"key={R}&token={R}", "https://h/b?key=reports%2F2026%2Fquarterly-report-of-the-year-2026.pdf"),
        (f"https://h/api/2/?sentry_key={R}", f'{{"key": "{R}", "keys": ["PROJ-1"]}}'),
        (f"https://{R}@o1.ingest.example/2", "https://git@h.example/a.git ssh://ada@h mailto:x://y"),
        (f"https://h/trigger/x/with/key/{R}", "https://h/dictionary/key/internationalization"),
        (f"<credentials token='{R}'/>", "<tokens><token>internationalization</token></tokens>"),
        # addresses that let in whoever has them
        (f"https://h/upload?uploadType=resumable&upload_id={R}", "https://h/b/k?upload_id=12345&partNumber=1"),
        (f'{{"upload_url": "https://f.example/upload/v1/{R}"}}', '{"upload_url": "https://h/repos/o/r/releases/1/a{?name}"}'),
        (f"https://hooks.slack.com/services/{SLACK}/{R[:24]}", "https://api.slack.com/docs/hooks/incoming"),
        (f'"https:\\/\\/hooks.slack.com\\/services\\/{SLACK}\\/{R[:24]}"', f"https://h/v1/webhook_endpoints/we_1{R[:24]}"),
        (f"https://discord.com/api/webhooks/123456789012345678/{R}", "https://h/repos/o/r/hooks/12345678"),
        (f"https://a.webhook.office.com/webhookb2/{UUID}@{UUID}/IncomingWebhook/{R}", f"https://h/v2/webhooks/{UUID}"),
        ("https://hooks.zapier.com/hooks/catch/1234567/abc12de/", "https://webhooks.example.com/docs/best-practices-of-today"),
        (f"https://api.telegram.org/bot123456789:{R}/send", "https://h/bots/123456789/bot12"),
        # tokens and keys, whatever their name is
        (f'{{"anything": "{JWT}"}}', f'{{"nextPageToken": "{JWT}", "next": "https://h/?cursor={JWT}"}}'),
        (f"<script>var t='{JWE}'</script>", "https://h/?filter=eyJpZCI6MSwibmFtZSI6ImFkYSJ9"),
        (json.dumps({"content": PEM}), json.dumps({"content": PEM.replace("RSA PRIVATE", "PUBLIC")})),
        # codes that are typed
        ('{"otp": "482913"}', '{"otp": "sent to your phone"}'),
        ('{"verificationCode": "a8-291"}', '{"verification_code": "invalid"}'),
        ("pin=7829&user=a", '{"pin": "red", "pins": "12", "pin_code_of_map": "x"}'),
        (f'{{"api_keys": ["{R}", "{R}x"], "recovery_codes": ["A-QWERTY"]}}',
            '{"tokens": ["internationalization", "of"], "pins": ["red"]}'),
        ('{"h323_password": "482913"}', '{"password_policy": "482913", "has_password": "yes"}'),
        ("https://h/j/123?pwd=QWERTY", '{"pwd": "/home/ada/work", "cwd": "/"}'),
        (f'"Endpoint=sb://h/;SharedAccessKeyName=a;SharedAccessKey={R}"', '"Endpoint=sb://h/;SharedAccessKeyName=a"'),
        # headers and forms within bodies
        (f'{{"headers": {{"Authorization": "Bearer {R}"}}}}', '{"authorization": "required"}'),
        (f"--b\r\n\r\nGET /x HTTP/1.1\r\nAuthorization: Bearer {R}\r\n\r\n--b--", "The authorization: none of it."),
        (f'<input name="csrf" value="{R}">', '{"csrf": true, "csrf_field": "csrfmiddleware"}'),
    ],
)  # fmt: skip
def test_a_secret_and_what_looks_like_it(secret: str, lookalike: str) -> None:
    masked = shown(secret)
    assert masked != secret
    assert not any(
        piece in masked for piece in (R[:20], JWT, JWE[:30], "MIIE", "482913", "291", "7829", "abc12de", "QWERTY")
    ), masked
    assert shown(lookalike) == lookalike


@each_case(
    ("header", "value", "shown_value"),
    [
        ("X-Sentry-Auth", f"Sentry sentry_version=7, sentry_key={R}", "Sentry <X-Sentry-Auth>"),
        ("Mcp-Session-Id", UUID, "<Mcp-Session-Id>"),
        ("x-secret-bin", "cTdaeDViZDBjMWE5ZTNmNw==", "<x-secret-bin>"),
        ("X-Anything", JWT, "<JSON Web Token>"),
        ("X-Goog-Upload-URL", f"https://h/?upload_id={R}", "https://h/?upload_id=<upload_id>"),
        ("Location", f"/cb?code={R}&state=1", "/cb?code=<code>&state=1"),
        ("ETag", f'"{R}"', f'"{R}"'),
        ("X-Request-Id", R, R),
        ("Link", "<https://h/?cursor=eyJpZCI6MX0>; rel=next", "<https://h/?cursor=eyJpZCI6MX0>; rel=next"),
    ],
)  # fmt: skip
def test_headers(header: str, value: str, shown_value: str) -> None:
    for start, end, name in header_places(header, value):
        value = f"{value[:start]}<{name}>{value[end:]}"
    assert value == shown_value


def test_a_parameter_within_a_parameter_is_known_without_both_encodings() -> None:
    ((name, value),) = text_secrets("/login?next=%2F%3Fa%3D1%26password%3Da%2526b%2520c%26d%3D2")
    assert (name, value) == ("password", "a&b c")


def test_a_private_key_is_known_without_the_escapes_of_json() -> None:
    ((name, value),) = text_secrets(json.dumps({"content": PEM}))
    assert (name, value) == ("private key", "MIIEowIBAAKCAQEA7bq\nxQ==\n")


@each_case(
    ("value", "random"),
    [
        (R, True),
        ("9b2f04d7c1e85a3360f7d48e2ab91c05", True),
        ("AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY", True),
        (UUID, False),
        ("SM" + "0123456789abcdef" * 2, False),
        ("ConfigurationReport2024FinalVersion2ForAll", False),
        ("my-long-object-name-2024-report-of-the-year", False),
        ("20260101T000000Z-20260202T000000Z-x", False),
        ("1234567890" * 4, False),
    ],
)
def test_what_looks_random(value: str, random: bool) -> None:
    assert is_random(value) is random

"""Why a certificate was not accepted, as each library writes it, in words."""

from tests.case_tables import each_case
from workbench.domain import Exchange, ExchangeError, FailureKind, Request
from workbench.explain.http import certificates

OPENSSL = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {} (_ssl.c:1032)"
BORING = "SSL_ERROR_SSL: error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED: {}: OK"
UNTRUSTED = "it is signed by an authority that is not trusted here"
OTHER = "it is for another host"
ITSELF = "it is signed by itself, not by an authority"

CASES = [
    ("aiohttp", OPENSSL.format("certificate has expired"), "it has expired", ""),
    ("aiohttp", OPENSSL.format("certificate is not yet valid"), "it is not valid yet", ""),
    ("requests", OPENSSL.format("unable to get local issuer certificate"), UNTRUSTED, "REQUESTS_CA_BUNDLE"),
    ("boto3", OPENSSL.format("self-signed certificate in certificate chain"), UNTRUSTED, "AWS_CA_BUNDLE"),
    ("httpx", OPENSSL.format("self-signed certificate"), ITSELF, "SSL_CERT_FILE"),
    ("httplib2", OPENSSL.format("self-signed certificate"), ITSELF, "HTTPLIB2_CA_CERTS"),
    ("aiohttp", OPENSSL.format("Hostname mismatch, certificate is not valid for 'a.example'."), OTHER, ""),
    ("boto3", "hostname '127.0.0.1' doesn't match 'other.example.com'", OTHER, ""),
    ("grpc", "Custom verification check failed with error: UNAUTHENTICATED: Hostname Verification Check failed.",
     OTHER, ""),
    ("grpc", BORING.format("self signed certificate"), ITSELF, "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"),
    ("grpc", BORING.format("certificate has expired"), "it has expired", ""),
    ("grpc", BORING.format("path length constraint exceeded"), "path length constraint exceeded", ""),
    ("httpx", OPENSSL.format("CA cert does not include key usage extension"),
     "CA cert does not include key usage extension", ""),
    ("aiohttp", "Cannot connect to host h.example:99 ssl:default [something new]", "something new", ""),
]  # fmt: skip


@each_case("library, message, reason, variable", CASES)
def test_the_reason_and_the_variable_that_helps(library: str, message: str, reason: str, variable: str) -> None:
    error = ExchangeError("SSLError", message, "tls", FailureKind.CERTIFICATE)
    exchange = Exchange(1, 1, 1, library, Request("GET", "https://h.example"), 0.0, error=error)
    assert (certificates.reason(message), certificates.variable(exchange)) == (reason, variable)

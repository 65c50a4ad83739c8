"""Why a library did not accept a server's certificate, in words, and what makes it trust one."""

import re

from workbench.domain import Exchange
from workbench.explain.text import shorten

_REASONS = (
    ("self-signed certificate in certificate chain", "it is signed by an authority that is not trusted here"),
    ("self-signed certificate", "it is signed by itself, not by an authority"),
    ("unable to get local issuer certificate", "it is signed by an authority that is not trusted here"),
    ("unable to get issuer certificate", "it is signed by an authority that is not trusted here"),
    ("unable to verify the first certificate", "the server does not send the certificate of its authority"),
    ("certificate has expired", "it has expired"),
    ("certificate is not yet valid", "it is not valid yet"),
    ("certificate revoked", "it was revoked"),
    ("hostname verification", "it is for another host"),
    ("mismatch, certificate is not valid for", "it is for another host"),
    ("doesn't match", "it is for another host"),
)
"""What OpenSSL, urllib3 and grpc write, the more exact first, and the same in words."""

_UNTRUSTED = ("is not trusted here", "not by an authority", "of its authority")

_VARIABLES = {
    "requests": "REQUESTS_CA_BUNDLE",
    "boto3": "AWS_CA_BUNDLE",
    "httplib2": "HTTPLIB2_CA_CERTS",
    "googleapiclient": "HTTPLIB2_CA_CERTS",
    "grpc": "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
}
"""The variable from which a library takes a file of certificates; ``SSL_CERT_FILE`` for all others."""


def reason(message: str) -> str:
    """Why it was not accepted, by the text of the exception."""
    text = message.lower().replace("self signed", "self-signed")  # as grpc writes it
    known = next((words for found, words in _REASONS if found in text), "")
    return known or shorten(_technical(message), 120)


def variable(exchange: Exchange) -> str:
    """The variable of the environment that makes the library trust it; empty where trust is not what it lacks."""
    message = exchange.error.message if exchange.error else ""
    return _VARIABLES.get(exchange.library, "SSL_CERT_FILE") if reason(message).endswith(_UNTRUSTED) else ""


def trusted_by(exchange: Exchange) -> str:
    """What has to be in that file."""
    is_own = "by itself" in reason(exchange.error.message if exchange.error else "")
    return "its certificate" if is_own else "the certificate of its authority"


def _technical(message: str) -> str:
    """The reason as OpenSSL words it, without what libraries write around it."""
    found = re.search(r"certificate verify failed: (.*?)\.?(?: \(_ssl|\Z)|CERTIFICATE_VERIFY_FAILED: ([^:]*)", message)
    if found is not None:
        return next(group for group in found.groups() if group is not None)
    _, bracket, inner = message.partition(" [")
    return (inner.removesuffix("]") if bracket else message).removesuffix(".")

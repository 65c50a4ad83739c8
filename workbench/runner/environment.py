"""The environment of a worker: what programs need, and nothing that may be a secret."""

import re
from collections.abc import Mapping

MARK = "AUTOHIVE_RUN_MARK"
"""Its value differs in every worker and is inherited, so that processes which outlive a run can be found."""

_PASSED = re.compile(
    "HOME|LANG|LANGUAGE|LC_.*|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|LOGNAME|PATH|PYTHONHOME|PYTHONPATH|SHELL|TERM|TMP|TEMP"
    "|TMPDIR|TZ|USER|XDG_.*|SSL_CERT_DIR|SSL_CERT_FILE|(REQUESTS|CURL|AWS)_CA_BUNDLE|GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"
    "|(ALL|HTTP|HTTPS|NO)_PROXY|(all|http|https|no)_proxy"
)


def worker_environment(environ: Mapping[str, str], mark: str) -> dict[str, str]:
    """The part of ``environ`` that a worker gets: an allow-list, so that no token is passed on unnoticed."""
    passed = {name: value for name, value in environ.items() if _PASSED.fullmatch(name)}
    return passed | {MARK: mark}

"""The functions with which an integration calls libraries that send through ``http.client``."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import quote

from workbench.worker.capture.calls.grouped_calls import Asked, Calls, of_request, reject
from workbench.worker.capture.http_client.urls import pool_url_of, url_of
from workbench.worker.capture.patches import Patches
from workbench.worker.capture.recorder import Recorder

_PARAMETER = re.compile(r"\{(\w+)\+?\}")
"""In the path of an operation of AWS."""


def _of_opener(_: Any, fullurl: Any, data: Any = None, *args: Any, **options: Any) -> tuple[object, object]:
    if isinstance(fullurl, str):
        return "GET" if data is None else "POST", fullurl
    return fullurl.get_method(), fullurl.full_url


def _of_pool(pool: Any, method: Any, url: Any, *args: Any, **options: Any) -> tuple[object, object]:
    return method, pool_url_of(pool, url)


def _by_name(_: Any, method: Any, url: Any, *args: Any, **options: Any) -> tuple[object, object]:
    return method, url


def _of_methods(owner: Any, method: Any, url: Any, *args: Any, **options: Any) -> tuple[object, object]:
    """A request of a pool of urllib3, or of a manager of pools."""
    return method, pool_url_of(owner, url) if hasattr(owner, "host") else url


def _of_connection(connection: Any, method: Any, url: Any, *args: Any, **options: Any) -> tuple[object, object]:
    return method, url_of(connection, str(url))


def _of_httplib2(_: Any, uri: Any, method: Any = "GET", *args: Any, **options: Any) -> tuple[object, object]:
    return method, uri


def _of_operation(client: Any, operation_name: Any, api_params: Any) -> tuple[object, object]:
    """An operation of AWS. Its URL is that of its model, whose parameters stay in braces where they are not given."""
    http = client.meta.service_model.operation_model(operation_name).http
    given = api_params if isinstance(api_params, Mapping) else {}
    path, mark, query = http["requestUri"].partition("?")
    path = http.get("authPath", path) + mark + query  # with the bucket, which botocore takes out of the other
    path = _PARAMETER.sub(lambda found: quote(str(given.get(found[1], f"{{{found[1]}}}")), "/{}"), path)
    return http["method"], f"{client.meta.endpoint_url}/{path.removeprefix('/')}"


BLOCKING_CALLS: Final[Mapping[str, Calls]] = {
    "urllib.request": ("urllib.request", {"OpenerDirector.open": _of_opener}),
    "urllib3.connectionpool": ("urllib3", {"HTTPConnectionPool.urlopen": _of_pool}),
    "urllib3.poolmanager": ("urllib3", {"PoolManager.urlopen": _by_name}),
    "urllib3._request_methods": ("urllib3", {"RequestMethods.request": _of_methods}),
    "requests.sessions": ("requests", {"Session.send": of_request}),
    "httplib2": ("httplib2", {"Http.request": _of_httplib2}),
    "googleapiclient.http": ("googleapiclient", {"HttpRequest.execute": None}),
    "botocore.client": ("boto3", {"BaseClient._make_api_call": _of_operation}),
    "feedparser.api": ("feedparser", {"parse": None}),
}
"""By module."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """What makes a request of arguments, which a library may reject.

    ``is_unsent`` says of an object whose function has failed that it did not send anything of it.
    """

    library: str
    function: str
    request_of: Asked
    is_unsent: Callable[[Any], bool] = lambda maker: True


def _is_begun_only(connection: Any) -> bool:
    """Whether ``http.client`` has not sent the head that it was given a part of."""
    return bool(connection._HTTPConnection__state == "Request-started")


PREPARATIONS: Final[Mapping[str, Preparation]] = {
    "requests.sessions": Preparation("requests", "Session.prepare_request", of_request),
    "http.client": Preparation("http.client", "HTTPConnection.request", _of_connection, _is_begun_only),
}
"""By module: what is prepared before those calls, or without any."""


def hook_preparation(recorder: Recorder, preparation: Preparation, patches: Patches, module: Any) -> None:
    """Replace this function of the module. Raises :class:`HookMissing`."""
    owner, _, function = preparation.function.partition(".")
    library, asked, is_unsent = preparation.library, preparation.request_of, preparation.is_unsent

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def prepare(maker: Any, *args: Any, **options: Any) -> Any:
            try:
                return original(maker, *args, **options)
            except Exception as error:
                if is_unsent(maker):
                    reject(recorder, library, asked, (maker, *args), options, error)
                raise

        return prepare

    patches.replace(getattr(module, owner), function, wrap)

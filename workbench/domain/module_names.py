"""Which package brings a module: the names that differ, and the namespaces that many packages share."""

import re
from collections.abc import Iterable, Set

_PACKAGES = {
    "apiclient": ("google-api-python-client",),
    "attr": ("attrs",),
    "bs4": ("beautifulsoup4",),
    "crypto": ("pycryptodome",),
    "cryptodome": ("pycryptodomex",),
    "cv2": ("opencv-python", "opencv-python-headless"),
    "dateutil": ("python-dateutil",),
    "discord": ("discord-py",),
    "docx": ("python-docx",),
    "dotenv": ("python-dotenv",),
    "fitz": ("pymupdf",),
    "github": ("pygithub",),
    "google.auth": ("google-auth",),
    "google.oauth2": ("google-auth",),
    "google.protobuf": ("protobuf",),
    "googleapiclient": ("google-api-python-client",),
    "grpc": ("grpcio",),
    "icalendar": ("icalendar",),
    "jose": ("python-jose",),
    "jwt": ("pyjwt",),
    "magic": ("python-magic",),
    "mysqldb": ("mysqlclient",),
    "nacl": ("pynacl",),
    "openssl": ("pyopenssl",),
    "pil": ("pillow",),
    "pkg_resources": ("setuptools",),
    "pptx": ("python-pptx",),
    "psycopg2": ("psycopg2-binary", "psycopg2"),
    "serial": ("pyserial",),
    "sklearn": ("scikit-learn",),
    "slugify": ("python-slugify",),
    "telegram": ("python-telegram-bot",),
    "yaml": ("pyyaml",),
    "zmq": ("pyzmq",),
}
"""Packages whose name on the index is not the one that they are imported by; the keys are in lower case."""

_SPELLED = {"pyyaml": "PyYAML", "pillow": "Pillow", "pyjwt": "PyJWT", "pygithub": "PyGithub", "pynacl": "PyNaCl"}
"""Names as their authors write them."""

_FAMILIES = {"google": ("google-", "grpc", "protobuf"), "googleapiclient": ("google-",), "azure": ("azure-",)}
"""Namespaces that many distributions share: one of them in the file is taken to be the right one."""


_INFO = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*?)-(?P<version>\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info")


def canonical_name(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def distribution_of(entry: str) -> tuple[str, str] | None:
    """The canonical name and the release that an entry of a folder such as ``site-packages`` stands for, if any."""
    match = _INFO.fullmatch(entry)
    return (canonical_name(match["name"]), match["version"]) if match else None


def package_of(module: str) -> str:
    """The package on the index that brings ``module`` (dotted), as far as it is known; else the module's top name."""
    known = next((_PACKAGES[name] for name in _prefixes(module.lower()) if name in _PACKAGES), None)
    return _SPELLED.get(known[0], known[0]) if known else module.partition(".")[0]


def bringing(module: str, required: Iterable[str]) -> str:
    """The one of the ``required`` packages (canonical names) that brings ``module``; empty where none is known to."""
    names = [name for name in required if name]
    for prefix in _prefixes(module.lower()):
        called = {canonical_name(prefix), *_PACKAGES.get(prefix, ())}
        if found := next((name for name in names if name in called), ""):
            return found
    top = module.partition(".")[0]
    return next((name for name in names if name.startswith(_family(top))), "")


def is_required(name: str, required: Set[str]) -> bool:
    """Whether one of the required packages is, or may be, the one that a top-level name is imported from."""
    return bool(bringing(name, required))


def _family(top: str) -> tuple[str, ...]:
    return _FAMILIES.get(top.lower(), (f"{canonical_name(top)}-",))


def _prefixes(module: str) -> list[str]:
    """``a.b.c``, ``a.b``, ``a``."""
    steps = module.split(".")
    return [".".join(steps[:count]) for count in range(len(steps), 0, -1)]

"""The keys that code reads of the auth, the metadata, the environment and the inputs, in many spellings."""

import ast
import gc
from textwrap import dedent, indent

import pytest

from tests.case_tables import each_case
from tests.catalog.conftest import Make, write
from workbench.catalog import Catalog, read_code
from workbench.catalog.code.module_facts import CodeReads
from workbench.catalog.code.module_walk import module_facts
from workbench.catalog.code.python_source import ModuleCache
from workbench.catalog.code.reads import code_reads


def reads(**modules: str) -> CodeReads:
    """The reads of modules by their names: ``main`` is ``main.py``, ``actions_users`` is ``actions/users.py``."""
    return code_reads(
        [module_facts(f"{name.replace('__', '/')}.py", ast.parse(dedent(text))) for name, text in modules.items()]
    )


def names(found: CodeReads) -> list[str]:
    """``source name`` of each read, with a question mark where it is optional."""
    return [f"{one.source} {one.name}{'' if one.required else '?'}" for one in found.names]


def shapes(found: CodeReads) -> list[str]:
    """The shapes with the line of each."""
    return [f"{one.shape}:{one.line}" for one in found.shapes]


HANDLER = "class Handler(ActionHandler):\n    async def execute(self, inputs, context):\n"

IN_A_HANDLER = [
    ('context.auth["api_key"]', ["auth api_key"]),
    ('context.auth.get("api_key")', ["auth api_key?"]),
    ('context.auth["credentials"]["access_token"]', ["credentials access_token"]),
    ('context.auth.get("credentials", {}).get("api_token")', ["credentials api_token?"]),
    ('(context.auth.get("credentials") or {})["api_token"]', ["credentials api_token"]),
    ('creds = context.auth.get("credentials") or {}\ncreds["shop_url"]', ["credentials shop_url"]),
    ('auth = context.auth\nauth["a"]\nauth.get("b", "")', ["auth a", "auth b?"]),
    ('auth = context.auth or {}\nauth["a"]', ["auth a"]),
    ('auth = getattr(context, "auth", {})\nauth["a"]', ["auth a"]),
    ('auth = getattr(context, "auth", None) or {}\nc = auth.get("credentials", {})\nc.get("t")', ["credentials t?"]),
    ('auth = {**context.auth}\nauth["a"]', ["auth a"]),
    ('auth = {**context.auth, "x": 1}\nauth["a"]', ["auth a"]),
    ('auth = dict(context.auth)\nauth["a"]', ["auth a"]),
    ('auth = context.auth.copy()\nauth["a"]', ["auth a"]),
    ('auth = cast(dict[str, str], context.auth)\nauth["a"]', ["auth a"]),
    ('auth: dict = context.auth\nauth["a"]', ["auth a"]),
    ('auth, x = context.auth, 1\nauth["a"]', ["auth a"]),
    ("url = f\"https://{context.auth['shop']}.example\"", ["auth shop"]),
    ('headers = {"X-Key": context.auth["key"]}', ["auth key"]),
    ('await context.fetch("u", headers={"A": context.auth["key"]})', ["auth key"]),
    ('if (token := context.auth.get("token")):\n    pass', ["auth token?"]),
    ('if not (c := context.auth.get("credentials")):\n    return 1\nc["t"]', ["credentials t"]),
    ('[context.auth[name] for name in ("a", "b")]', ["auth a", "auth b"]),
    ('{name: context.auth.get(name) for name in ["a", "b"]}', ["auth a?", "auth b?"]),
    ('for name in {"a", "b"}:\n    context.auth[name]', ["auth a", "auth b"]),
    ('key = "a"\ncontext.auth[key]', ["auth a"]),
    ('if "a" in context.auth:\n    context.auth["a"]', ["auth a?", "auth a?"]),
    ('context.auth["a"] if context.auth.get("a") else None', ["auth a?"]),
    ('try:\n    context.auth["a"]\nexcept KeyError:\n    pass', ["auth a?"]),
    ('try:\n    context.auth["a"]\nexcept (ValueError, LookupError):\n    pass', ["auth a?"]),
    ('try:\n    context.auth["a"]\nexcept Exception:\n    pass', ["auth a"]),
    ('context.auth.pop("a")\ncontext.auth.pop("b", None)', ["auth a", "auth b?"]),
    (
        'match context.auth:\n    case {"credentials": {"token": t}}:\n        t\n    case {"key": str()}:\n        t',
        ["auth key?", "credentials token?"],
    ),
    (
        'match context.auth:\n    case {"credentials": c, **rest}:\n        c["t"]\n        rest["k"]',
        ["credentials t", "auth k"],
    ),
    ('read = lambda: context.auth["a"]', ["auth a"]),
    ('async def inner():\n    return context.auth["a"]\nawait inner()', ["auth a"]),
    ('context.metadata["team"]\ncontext.metadata.get("org")', ["metadata team", "metadata org?"]),
    ('meta = getattr(context, "metadata", {}) or {}\nmeta.get("org")', ["metadata org?"]),
    ('inputs["city"]\ninputs.get("day", 1)', ["inputs city", "inputs day?"]),
    ('city, day = inputs["city"], inputs.get("day")', ["inputs city", "inputs day?"]),
    # Nothing is claimed of these
    ("context.auth[name]", []),
    ('context.auth["auth_type"]\ncontext.auth.get("auth_type") == "Custom"', []),
    ('context.auth["a"] = 1\ndel context.auth["b"]', []),
    ('auth = context.auth\nauth = load()\nauth["a"]', []),
    ('data = await context.fetch("u")\ndata["a"]', []),
    ('context.auth["a"]["b"]', ["auth a"]),
    ('inputs["filter"]["x"]', ["inputs filter"]),
    ('json.dumps(context.auth)["a"]', []),
    ("for name in context.auth:\n    context.auth[name]", []),
    ('for auth in [1, 2]:\n    auth["a"]', []),
    ('context.authentication["a"]', []),
]


@each_case(("code", "expected"), IN_A_HANDLER)
def test_reads_in_a_handler(code: str, expected: list[str]) -> None:
    """What a handler's body reads; nothing is claimed of what is not understood."""
    found = reads(main=HANDLER + indent(code, " " * 8))
    assert sorted(names(found)) == sorted(expected)


IN_A_MODULE = [
    (
        "from context to auth",
        """
        def token(context):
            return context.auth["token"]
        """,
        ["auth token"],
    ),
    (
        "annotated",
        """
        def token(run: ExecutionContext, other: "ExecutionContext"):
            return run.auth["a"] + other.auth["b"]
        """,
        ["auth a", "auth b"],
    ),
    (
        "a helper of the auth",
        """
        def headers(auth):
            return {"X": auth["key"]}
        class Handler(ActionHandler):
            async def execute(self, inputs, context):
                return headers(context.auth)
        """,
        ["auth key"],
    ),
    (
        "a helper that nobody calls with the auth",
        """
        def headers(auth):
            return {"X": auth["key"]}
        headers(load())
        """,
        [],
    ),
    (
        "a helper that returns the credentials",
        """
        async def execute(self, inputs, context):
            return credentials(context)["token"]
        def credentials(context):
            return context.auth.get("credentials", {})
        """,
        ["credentials token"],
    ),
    (
        "a helper that is told the name",
        """
        def credential(context, name, label):
            return context.auth.get(name)
        async def execute(self, inputs, context):
            credential(context, "user", "User name")
            credential(context, name="password", label="Password")
        """,
        ["auth user?", "auth password?"],
    ),
    (
        "a helper for any mapping, called with both",
        """
        def needed(mapping, key):
            return mapping[key]
        async def execute(self, inputs, context):
            needed(context.auth, "a")
            needed(inputs, "b")
        """,
        ["auth a", "inputs b"],
    ),
    (
        "an object that keeps the context",
        """
        class Client:
            def __init__(self, context):
                self.context = context
                self._credentials = context.auth["credentials"]
            def token(self):
                return self._credentials["token"]
            def shop(self):
                return self.context.auth["credentials"].get("shop")
        async def execute(self, inputs, context):
            Client(context).token()
        """,
        ["credentials token", "credentials shop?"],
    ),
    (
        "an object that is given the auth",
        """
        class Base:
            def __init__(self, auth):
                self.auth = auth
            @property
            def credentials(self):
                return self.auth.get("credentials", {})
        class Client(Base):
            def headers(self):
                return {"X": self.credentials["key"], "Y": self.auth["flat"]}
        class Handler(ActionHandler):
            async def execute(self, inputs, context):
                client = Client(context.auth)
                async with Client(auth=context.auth) as other:
                    other.headers()
        """,
        ["credentials key", "auth flat"],
    ),
    (
        "methods of the handler",
        """
        class Handler(ActionHandler):
            async def execute(self, inputs, context):
                self.read(context.auth)
                self.of_class(context.auth)
                Handler.static(context.auth)
                self._url(context.auth["credentials"], "shop_url")
            def read(self, auth):
                return auth["a"]
            @classmethod
            def of_class(cls, auth):
                return auth["b"]
            @staticmethod
            def static(auth):
                return auth["c"]
            def _url(self, credentials, name):
                return credentials[name]
        """,
        ["auth a", "auth b", "auth c", "credentials shop_url"],
    ),
    (
        "the environment",
        """
        import os
        from os import environ, getenv as env
        A = os.environ["A"]
        B = os.environ.get("B")
        C = os.getenv("C", "")
        D = environ["D"]
        E = env("E")
        F = "F" in os.environ
        os.environ["G"] = "1"
        NAMES = ["H", "I"]
        H = [os.environ[name] for name in NAMES]
        def needed(name):
            return os.environ[name]
        J = needed("J")
        """,
        [
            "environment A",
            "environment B?",
            "environment C?",
            "environment D",
            "environment E?",
            "environment F?",
            "environment H",
            "environment I",
            "environment J",
        ],
    ),
    (
        "the environment, imported in a function and by another name",
        """
        def token():
            import os as system
            return system.environ["A"]
        """,
        ["environment A"],
    ),
    (
        "constants",
        """
        KEY = "api_key"
        FIELDS = ("a", "b")
        def token(context):
            for name in FIELDS:
                context.auth.get(name)
            return context.auth[KEY]
        """,
        ["auth a?", "auth b?", "auth api_key"],
    ),
    (
        "constants of classes",
        """
        class Base:
            KEY = "api_key"
            ENV = os.environ
        class Client(Base):
            OTHER = "other"
            def __init__(self, context):
                self.auth = context.auth
            def read(self):
                return self.auth[self.KEY], self.auth[Client.OTHER]
        def run(context):
            return Client(context).read()
        """,
        ["auth api_key", "auth other"],
    ),
    (
        "functions that call each other",
        """
        def one(auth):
            return two(auth)
        def two(auth):
            return one(auth) or auth["a"]
        def execute(context):
            return one(context.auth)["b"]
        """,
        ["auth a"],
    ),
]


@each_case(("code", "expected"), [case[1:] for case in IN_A_MODULE])
def test_reads_through_functions_and_objects(code: str, expected: list[str]) -> None:
    """Reads are followed through functions, methods and attributes of objects."""
    assert sorted(names(reads(main=code))) == sorted(expected)


def test_reads_through_modules() -> None:
    """The auth that is handed to a function of another module is read there, with that module's path and line."""
    found = reads(
        main="""
            from helpers import headers
            import actions.users
            from actions import teams
            from lib.client import Client as Api
            def execute(inputs, context):
                headers(context.auth)
                teams.read(context.auth)
                actions.users.read(context.auth["credentials"])
                Api(context).get("path")
        """,
        helpers="""
            def headers(auth):
                return auth["key"]
        """,
        actions__teams="def read(auth): return auth['team']",
        actions__users="from ..helpers import headers\nfrom .teams import read as other\ndef read(c): return c['user']",
        lib__client="from .base import Base\nclass Client(Base):\n    pass",
        lib__base="""
            class Base:
                def __init__(self, context):
                    self.held = context
                def get(self, path):
                    return self.held.auth["base"]
        """,
    )
    assert sorted((one.path, one.line, one.name) for one in found.names) == [
        ("actions/teams.py", 1, "team"),
        ("actions/users.py", 3, "user"),
        ("helpers.py", 3, "key"),
        ("lib/base.py", 6, "base"),
    ]


SHAPES = [
    ('context.auth["api_key"]', ["flat:3"]),
    ('context.auth["credentials"]["api_key"]', ["envelope:3"]),
    ('c = context.auth.get("credentials", {})\nc.get("a")', ["envelope:3"]),
    ('c = context.auth.get("credentials", context.auth)\nc["a"]', ["envelope:3", "flat:4"]),
    ('c = context.auth.get("credentials") or context.auth\nc["a"]', ["envelope:3", "flat:4"]),
    (
        'auth = context.auth\nauth = auth["credentials"] if "credentials" in auth else auth\nauth["a"]',
        ["envelope:4", "flat:5"],
    ),
    (
        'auth = context.auth\nif "credentials" in auth:\n    auth = auth["credentials"]\nauth["a"]',
        ["envelope:4", "flat:6"],
    ),
    ('auth = context.auth\nauth = auth["credentials"]\nauth["a"]', ["envelope:4"]),
    ('context.auth.get("auth_type")', []),
    ('context.auth.get("auth_type")\ncontext.auth["key"]', ["flat:4"]),
    ("inputs.get('credentials')", []),
]


@each_case(("code", "expected"), SHAPES)
def test_the_shapes_that_are_read(code: str, expected: list[str]) -> None:
    """Which shapes of ``context.auth`` the code reads, each with its first line."""
    assert shapes(reads(main=HANDLER + indent(code, " " * 8))) == expected


def test_one_shape_only() -> None:
    """Code that reads one way only is told from code that reads both, or neither."""
    both = reads(main="def f(context): return context.auth['a'], context.auth['credentials']")
    one = reads(main="def f(context): return context.auth['a']")
    assert both.only_shape is None
    assert reads(main="").only_shape is None
    assert one.only_shape == one.shapes[0]


@pytest.mark.parametrize(
    "text",
    [
        "x = " + " + ".join(["'a'"] * 5_000),
        "x = a" + ".b()" * 3_000,
        "if a: pass\n" + "elif a: pass\n" * 800,
        "def f(x):\n" + "    x = f(x or x.get('y'))\n" * 300 + "    return x['a']\n",
        "def f(context):\n" + "    a = context.auth\n" * 2_000 + "    a['k']\n",
        "\n".join(f"def f{n}(auth, key): return f{(n + 1) % 60}(auth, 'k{n}') or auth[key]" for n in range(60))
        + "\ndef g(context): return f0(context.auth, 'a')",
    ],
    ids=["sum", "chain", "elif", "doubled", "long", "ring"],
)
def test_code_that_is_long_or_deep(text: str) -> None:
    """Code of any form is walked to its end within a moment."""
    reads(main=text)


def test_the_reads_of_a_folder_follow_its_files(make: Make) -> None:
    """Reads come from the files as they are now; a module that does not parse adds nothing."""
    root = make(files={"weather.py": "import helpers, broken\nhelpers.read(context.auth)", "broken.py": "def ("})
    write(root / "helpers.py", "def read(auth): return auth['old']")
    catalog = Catalog([root])
    (integration,) = catalog.integrations()
    assert names(catalog.reads(integration)) == []
    write(root / "weather.py", "import helpers, broken\ndef run(context): return helpers.read(context.auth)")
    assert names(catalog.reads(integration)) == ["auth old"]
    write(root / "helpers.py", "def read(auth): return auth['new']")
    assert names(catalog.reads(integration)) == names(read_code(integration)) == ["auth new"]


def test_each_text_is_walked_once_and_a_cache_is_bounded() -> None:
    """The same path and text give the same facts; the text that was not asked for longest is forgotten."""
    cache = ModuleCache(most=2)
    first = cache.facts("a.py", "A = 1")
    assert cache.facts("a.py", "A = 1") is first
    assert cache.facts("b.py", "A = 1") is not first
    assert cache.facts("a.py", "A = 1") is first
    cache.facts("a.py", "A = 2")
    assert cache.facts("a.py", "A = 1") is first
    cache.facts("b.py", "A = 1")
    cache.facts("c.py", "")
    assert cache.facts("a.py", "A = 1") is not first


def test_a_walk_lets_go_of_its_tree_at_once() -> None:
    """No node is left for the search for reference cycles, which would find thousands of them at a time."""

    def nodes() -> int:
        return sum(isinstance(each, ast.AST) for each in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = nodes()
        facts = ModuleCache().facts("main.py", "def run(context):\n    return context.auth['a']\n" * 50)
        assert nodes() == before
        assert facts.path == "main.py"
    finally:
        gc.enable()

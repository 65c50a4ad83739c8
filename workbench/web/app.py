"""The factory of the Flask app: everything that a request meets is put together here."""

from flask import Flask, Response, request

from workbench.resources import static_dir, templates_dir
from workbench.web.blueprints import BLUEPRINTS
from workbench.web.page_app import PageApp
from workbench.web.security import request_guards
from workbench.web.security.allowed_hosts import AllowedHosts, HostGuard
from workbench.web.security.session_path import SessionPath
from workbench.web.security.sign_in import SignIn
from workbench.web.services import app_context
from workbench.web.services.app_context import AppContext, WebConfig
from workbench.web.services.import_checks import ImportChecks
from workbench.web.services.vault import Vault
from workbench.web.ui import code_places, error_pages
from workbench.web.ui.assets import Asset, Assets
from workbench.web.ui.url_names import NameConverter

_STATIC = "/static"
_LARGEST_FORM = 64 * 1024 * 1024
"""Bytes: a file of 40 MB in base64 fits. Larger ones are answered with 413."""


class TolerantResponse(Response):
    """A response whose text may hold half a surrogate pair, as JSON may: it becomes a question mark, not a 500."""

    def set_data(self, value: bytes | str) -> None:
        """Set the body."""
        super().set_data(value.encode("utf-8", "replace") if isinstance(value, str) else value)


def create_app(config: WebConfig) -> Flask:
    """The web side of one workbench. It answers to ``config.host`` and ``config.port`` only."""
    app = pages_app()
    vault = Vault(config.profiles, config.catalog)
    app_context.install(
        app.extensions, AppContext(config, vault, ImportChecks(config.catalog, config.store, config.runner))
    )
    sign_in = SignIn(config.token, lambda token: config.announce(f"A new launch link: {config.launch_link(token)}"))
    request_guards.install(app, sign_in, config.port, config.session_path)
    inner = SessionPath(app.wsgi_app, config.session_path) if config.session_path else app.wsgi_app
    app.wsgi_app = HostGuard(inner, AllowedHosts(config.host, config.port))  # type: ignore[method-assign]  # as Flask documents it
    return app


def pages_app() -> Flask:
    """The routes, templates and assets, the same for every workbench, before anything guards them."""
    app = PageApp(
        "workbench.web",
        root_path=str(templates_dir().parent),
        static_folder=None,
        template_folder=str(templates_dir()),
    )
    app.response_class = TolerantResponse
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=_LARGEST_FORM,
        MAX_FORM_PARTS=100_000,
        PROPAGATE_EXCEPTIONS=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.url_map.merge_slashes = False
    app.url_map.converters["name"] = NameConverter
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_assets(app, Assets(static_dir()))
    error_pages.install(app)
    code_places.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def add_assets(app: Flask, assets: Assets) -> None:
    """Serve them below ``/static``, and give the templates ``assets`` and ``asset_url``."""

    def asset_url(asset: Asset | str) -> str:
        found = assets.get(asset) if isinstance(asset, str) else asset
        return f"{request.script_root}{_STATIC}/{found.path}?v={found.version}"

    app.jinja_env.globals.update(assets=assets, asset_url=asset_url)
    app.add_url_rule(f"{_STATIC}/<path:filename>", "static", assets.serve)

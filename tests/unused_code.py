"""Report code that nothing uses, for ``make check``: vulture, told which names templates and frameworks use.

Tests are not looked at, so that what only they use counts as unused.
"""

import re
import sys
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parent.parent
_EXPRESSION = re.compile(r"{[{%].*?[}%]}", re.DOTALL)
_DECORATORS = ("@*.get", "@*.post", "@*.command", "@*.errorhandler", "@*.before_request", "@*.after_request")

ALLOWED = {
    "the SDK offers it to integrations": "polling_trigger PlatformTeams ApiKey Basic Custom email first_name last_name"
    " username user_id avatar_url organization __getattr__ __dir__",
    "click calls or reads it": "envvar_list_splitter get_metavar list_commands get_command",
    "Flask, Jinja or Werkzeug reads it": "response_class url_rule_class merge_slashes lstrip_blocks trim_blocks"
    " log_exception permanent part_isolating to_python to_url make_globals jinja_environment",
    "WTForms reads it": "csrf locales",
    "grpc calls it": "intercept_unary_unary intercept_unary_stream intercept_stream_unary intercept_stream_stream",
    "http.server reads or calls it": "protocol_version disable_nagle_algorithm do_POST log_message",
    "waitress reads or calls it": "channel_class maintenance",
    "aiohttp calls it": "content_length total_content_length send_connection_queued_start send_connection_queued_end"
    " send_connection_create_start send_connection_create_end send_connection_reuseconn send_dns_resolvehost_start"
    " send_dns_resolvehost_end send_dns_cache_hit send_dns_cache_miss",
    "asyncio and aiohttp call it on a transport": "writelines is_closing pause_reading resume_reading set_protocol"
    " get_protocol get_write_buffer_size can_write_eof",
    "grpc, its users or httpcore call it on an object of ours": "done_writing cancelled is_active time_remaining"
    " wait_for_connection add_callback connect_unix_socket get_extra_info start_tls getpeercert"
    " selected_alpn_protocol",
    "httpcore reads it": "_http1",
    "handlers read it from an exception": "verify_message verify_code",
    "the import system or a stream's user calls it": "get_code has_location submodule_search_locations writable",
    "__exit__ takes it": "tb",
    "it lives as long as its object": "_alive",
    "only type checkers have these modules": "StartResponse WSGIApplication WSGIEnvironment",
    "pytest calls it": "pytest_collect_file pytest_ignore_collect pytest_unconfigure runtest reportinfo",
    "integrations call it on a class of ours": "__instancecheck__ __subclasscheck__ today utcnow",
    "tests of integrations call it": "problems output assert_succeeded run conformance case load",
    "tests of the runner watch it": "spare_pids",
    "the SDK finds it by its decorator": "SendRequest",
}


def unused() -> list[str]:
    """One line for each piece of code that nothing uses."""
    found = Vulture(ignore_decorators=list(_DECORATORS))
    found.scavenge([str(ROOT / folder) for folder in ("workbench", "sdk", "benchmarks")])
    used = {name for names in ALLOWED.values() for name in names.split()}
    for template in (ROOT / "templates").rglob("*"):
        for expression in _EXPRESSION.findall(template.read_text()) if template.is_file() else ():
            used.update(re.findall(r"\w+", expression))
    return [item.get_report() for item in found.get_unused_code(min_confidence=60) if item.name not in used]


if __name__ == "__main__":
    lines = unused()
    print("\n".join(lines) or "No unused code.")
    sys.exit(bool(lines))

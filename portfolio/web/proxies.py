"""Whom the program believes about where a request came from."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def install(app: Flask) -> None:
    """Take address and scheme from the `PROXY_COUNT` nearest proxies; without any, from nobody.

    The host is never taken from a forwarded header: proxies pass it on as it came.
    """
    count = int(app.config["PROXY_COUNT"])
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_prefix=0)  # type: ignore[method-assign]

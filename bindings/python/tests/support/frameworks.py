"""Applications of web frameworks with one receiver each, and middleware that reads a request before it."""

from __future__ import annotations

import io
import types
from collections.abc import Callable
from typing import Any, NamedTuple

from support import servers
from voicecall import Intake, Webhook

Source = Webhook | Intake


class Framework(NamedTuple):
    """How an application is made and served. `make` takes a receiver, a function for it, and whether there is middleware
    that reads the body and passes nothing on."""

    serve: servers.Server
    make: Callable[[Source, Any, bool], Any]
    reads_chunked: bool = True


def flask(source: Source, handle: Any, drained: bool) -> Any:
    from flask import Flask, request

    from voicecall.adapters.flask import view

    app = Flask("receiver")
    app.add_url_rule("/voice", view_func=view(source, handle), methods=["POST"])
    if drained:
        app.before_request(lambda: request.stream.read() and None)
    return app


def django(source: Source, handle: Any, drained: bool) -> Any:
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import path

    from voicecall.adapters.django import view

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="for-tests", LOGGING_CONFIG=None)
        __import__("django").setup()
    urls: Any = types.ModuleType("urls")
    urls.urlpatterns = [path("voice", view(source, handle))]

    def middleware(following: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def route(request: Any) -> Any:
            request.urlconf = urls
            if drained:
                request.read()
            return following(request)

        return route

    # Django takes middleware by its name alone.
    globals()["_of_django"] = middleware
    settings.MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware", f"{__name__}._of_django"]
    settings.ROOT_URLCONF = urls
    return WSGIHandler()


def wsgi(source: Source, handle: Any, drained: bool) -> Any:
    from voicecall.adapters.wsgi import Receiver

    receiver: Any = Receiver(source, handle)

    def reading(environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        # Servers for production end the stream where the body ends.
        environ["wsgi.input"] = io.BytesIO()
        return receiver(environ, start_response)

    return reading if drained else receiver


class Reads:
    """ASGI middleware that reads requests with Starlette, and passes the drained stream on."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        from starlette.requests import Request

        await Request(scope, receive).body()
        await self._app(scope, receive, send)


def asgi(source: Source, handle: Any, drained: bool) -> Any:
    from voicecall.adapters.asgi import Receiver

    receiver = Receiver(source, handle)
    return Reads(receiver) if drained else receiver


def starlette(source: Source, handle: Any, drained: bool) -> Any:
    from starlette.applications import Starlette

    return _with_route(Starlette(), source, handle, drained)


def starlette_async(source: Source, handle: Any, drained: bool) -> Any:
    async def store(event: Any) -> None:
        handle(event)

    return starlette(source, None if handle is None else store, drained)


def fastapi(source: Source, handle: Any, drained: bool) -> Any:
    from fastapi import FastAPI

    return _with_route(FastAPI(), source, handle, drained)


def _with_route(app: Any, source: Source, handle: Any, drained: bool) -> Any:
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.routing import Route

    from voicecall.adapters.asgi import Receiver

    async def read(request: Any, following: Any) -> Any:
        # The one that keeps the body for what follows it, or the one that does not.
        _ = [piece async for piece in request.stream()] if drained else await request.body()
        return await following(request)

    app.routes.append(Route("/voice", Receiver(source, handle), methods=["POST"]))
    app.add_middleware(BaseHTTPMiddleware, dispatch=read)
    return app


def aiohttp(source: Source, handle: Any, drained: bool) -> Any:
    from aiohttp import web

    from voicecall.adapters import aiohttp as adapter

    @web.middleware
    async def read(request: web.Request, handler: Any) -> Any:
        _ = [piece async for piece in request.content.iter_any()] if drained else await request.read()
        return await handler(request)

    app = web.Application(middlewares=[read], client_max_size=4 << 20)
    app.router.add_post("/voice", adapter.handler(source, handle))
    return app


FRAMEWORKS = {
    "flask": Framework(servers.werkzeug, flask),
    "flask-wsgiref": Framework(servers.wsgiref, flask, reads_chunked=False),
    "django": Framework(servers.werkzeug, django),
    "django-wsgiref": Framework(servers.wsgiref, django, reads_chunked=False),
    "wsgi": Framework(servers.werkzeug, wsgi),
    "wsgi-wsgiref": Framework(servers.wsgiref, wsgi, reads_chunked=False),
    "starlette": Framework(servers.uvicorn, starlette),
    "starlette-async": Framework(servers.uvicorn, starlette_async),
    "fastapi": Framework(servers.uvicorn, fastapi),
    "asgi": Framework(servers.uvicorn, asgi),
    "aiohttp": Framework(servers.aiohttp, aiohttp),
}

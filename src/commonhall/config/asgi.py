"""Pages through WSGI in threads, websockets through Channels, in one process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhall.config.settings")

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import path, re_path

from commonhall.live.consumers import Doorbell, Nobody
from commonhall.meetings.consumers import Room
from commonhall.workspace.consumers import NoteConsumer

sockets = URLRouter(
    [
        path("ws/live/", Doorbell.as_asgi()),
        path("ws/notes/<int:pk>/", NoteConsumer.as_asgi()),
        path("ws/meetings/<int:pk>/room/", Room.as_asgi()),
        re_path("", Nobody.as_asgi()),
    ]
)
application = ProtocolTypeRouter(
    {
        "http": WSGIMiddleware(pages, workers=8),  # type: ignore[arg-type]
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)

"""Pages through WSGI in threads, websockets through Channels, in one process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonhall.config.settings")

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter
from django.core.wsgi import get_wsgi_application

pages = get_wsgi_application()
application = ProtocolTypeRouter({"http": WSGIMiddleware(pages, workers=8)})

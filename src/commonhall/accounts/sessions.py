"""Django's own sessions in the database; each page begins by asking for one, with SQL worked out once."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from commonhall.core import clock
from commonhall.core.prepared import Prepared

_open = Prepared(
    lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now),
    key=str,
    now=datetime,
)


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Any:
        found = _open.first(key=self.session_key, now=clock.now())
        if found is None:
            self._session_key = None
        return found

"""Settings of the tests: the product's own, with a fast hasher and mail kept in memory.

TEST_ENGINE=postgresql runs the same tests on PostgreSQL.
"""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("COMMONHALL_DATA", tempfile.mkdtemp(prefix="commonhall-tests-"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789-0123456789-0123456789")
os.environ.setdefault("DATABASE_POOL", "16")  # as many as race each other in a test, and the test itself
os.environ.pop("DATABASE_URL", None)

from commonhall.config.settings import *  # noqa: F403
from commonhall.config.settings import DATABASES

# Verbs look for it there; the tests' own database lies elsewhere.
Path(os.environ["COMMONHALL_DATA"], "commonhall.sqlite3").touch()

if os.environ.get("TEST_ENGINE") == "postgresql":
    from commonhall.config import environment
    from tests import postgres

    DATABASES = {"default": environment.postgresql(postgres.address())}

READ_ONLY_GET = True
COMMONHALL_DESIGN_PAGE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

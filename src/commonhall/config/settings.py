"""Django's settings. What an operator may set comes from the environment; the rest is decided here."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from commonhall.config import environment
from commonhall.config.environment import env

PACKAGE = Path(__file__).resolve().parent.parent
DATA = environment.data_directory()
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = environment.secret_key(DATA)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PRIVATE_NOTES_KEYS = env.list("PRIVATE_NOTES_KEYS", default=[])
BASE_URL = environment.base_url()
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = environment.hosts(BASE_URL)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SITE_NAME = "Commonhall"
WELCOME = "commonhall.config.welcome.lines"
COMMONHALL_DESIGN_PAGE = env.bool("DESIGN_PAGE", default=DEBUG)
READ_ONLY_GET = env.bool("READ_ONLY_GET", default=DEBUG)

ROOMS = [
    "core",
    "jobs",
    "search",
    "history",
    "live",
    "ui",
    "accounts",
    "organisations",
    "integrations",
    "people",
    "notifications",
    "programmes",
    "mentorships",
    "meetings",
    "matching",
    "workspace",
    "home",
    "demo",
    "operations",
    "privacy",
]

INSTALLED_APPS = [
    "commonhall.config",
    *(f"commonhall.{room}" for room in ROOMS),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_cotton.apps.SimpleAppConfig",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "channels",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "commonhall.accounts.middleware.ForMachines",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "commonhall.core.readonly.ReadOnlyGet",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "commonhall.accounts.middleware.PersonalSettings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "commonhall.accounts.middleware.SecondFactor",
    "commonhall.config.edge.Edge",
]

ROOT_URLCONF = "commonhall.config.urls"
ASGI_APPLICATION = "commonhall.config.asgi.application"
WSGI_APPLICATION = "commonhall.config.asgi.pages"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commonhall.config.navigation.shell",
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "commonhall.live.templatetags.live",
                "commonhall.ui.templatetags.ui",
            ],
        },
    }
]
COTTON_DIR = "cotton"

DATABASES = {"default": environment.database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env("REDIS_URL")}
    if env("REDIS_URL", default="")
    # Attempts to sign in are counted here: whoever tries many addresses must not push another's count out.
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
}
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [env("REDIS_URL")]}}
    if env("REDIS_URL", default="")
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
TASKS = {"default": {"BACKEND": "commonhall.jobs.work.Backend", "QUEUES": []}}

AUTH_USER_MODEL = "accounts.User"
SESSION_ENGINE = "commonhall.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# Servers, Jitsi above all, whose rooms may stand inside our own page; a link to any other opens in a tab of its own.
EMBEDDED_ROOM_HOSTS = [host.lower() for host in env.list("EMBEDDED_ROOM_HOSTS", default=[])]
CONNECT_CALENDARS = env.bool("CONNECT_CALENDARS", default=True)
ALLOWED_INTERNAL_HOSTS = env.list("ALLOWED_INTERNAL_HOSTS", default=[])
FILE_UPLOAD_HANDLERS = [
    "commonhall.core.doorkeeper.Doorkeeper",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = USE_TZ = True

STATIC_URL = "/static/"
# The bundler names files by their content, so WhiteNoise serves them from the package for ever; nothing is collected.
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"/ui/[^/]+-[\w-]{8}\.\w+$"
MEDIA_ROOT = DATA / "files"
FORM_RENDERER = "commonhall.ui.forms.FormRenderer"

mail = environment.mail()
vars().update(mail)
MAIL_BACKEND = str(mail["EMAIL_BACKEND"])
EMAIL_BACKEND = "commonhall.demo.mailbox.Backend"
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="Commonhall <commonhall@localhost>")
EMAIL_TIMEOUT = 20
INBOX_ADDRESS, INBOX_LISTEN, INBOX_URL = environment.inbox()

# The video room: see docs/reference/configuration.md.
STUN_URLS = env.list("STUN_URLS", default=[])
TURN_URLS = env.list("TURN_URLS", default=[])
TURN_SECRET = env("TURN_SECRET", default="")
TURN_SECONDS = env.int("TURN_SECONDS", default=6 * 60 * 60)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="WARNING")},
    # They write down the addresses that they call, which are secrets of people's calendars.
    "loggers": {name: {"level": "WARNING"} for name in ("httpx", "httpcore")},
}

from commonhall.config.sign_in import *  # noqa: E402, F403

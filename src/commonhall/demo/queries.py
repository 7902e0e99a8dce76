from django.core.cache import cache

from commonhall.demo.models import Mark


def is_demo() -> bool:
    """Whether `commonhall demo` filled this database."""
    return bool(cache.get_or_set("demo.mark", Mark.objects.exists, 60))

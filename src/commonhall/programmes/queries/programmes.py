from django.utils.text import slugify

from commonhall.programmes.models import Programme


def free_slug(name: str) -> str:
    """An address for a programme that no other has."""
    base = slugify(name)[:100] or "programme"
    taken = set(Programme.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{base}-{n}") not in taken)

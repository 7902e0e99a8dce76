from typing import Any

from django import template
from django.template import Context

from commonhall.live import topics

register = template.Library()


@register.simple_tag(takes_context=True)
def live_topic(context: Context, topic: str, *parts: Any) -> str:
    """For `data-live`: `{% live_topic "mentorship:" mentorship.pk %}`; empty when nobody is signed in."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return ""
    return topics.signed(topic + "".join(str(part) for part in parts), user.pk)

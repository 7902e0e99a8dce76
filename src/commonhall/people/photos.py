"""Photos: made small, without what the camera wrote into them, and shown only to whoever was given the address."""

import io
from typing import Any, BinaryIO

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from commonhall.core import clock, pictures
from commonhall.people.models import Profile

SIDE = 400
LIMITS = pictures.Limits(
    most_bytes=8 * 2**20,
    most_pixels={"JPEG": 110_000_000, "PNG": 24_000_000, "WEBP": 24_000_000},
    too_large=_("The photo is larger than 8 MB. Choose a smaller one."),
    too_many_pixels=_("The photo has too many pixels. Choose a smaller one."),
    unknown=_("This is not a photo that we can read. Save it as JPEG or PNG and try again."),
    damaged=_("The photo is damaged. Save it again and try once more."),
)
SALT = "people.photo"


def reencoded(upload: BinaryIO) -> bytes:
    """A square JPEG of 400 pixels; raises BadPicture."""
    return pictures.remade(upload, LIMITS, _small)


def _small(image: Image.Image) -> bytes:
    """A JPEG is made small while it is read, so that the picture of a good telephone needs little memory."""
    image.draft("RGB", (SIDE * 2, SIDE * 2))
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    square = ImageOps.fit(upright, (SIDE, SIDE))
    clean = Image.new("RGB", square.size, "white")
    clean.paste(square, mask=square)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def address(profile: Profile, viewer: Any) -> str:
    """Where this viewer, and nobody else, finds the photo today and tomorrow; empty when there is none."""
    return address_of(profile.pk, profile.photo.name, viewer)


def address_of(profile_id: int, name: str | None, viewer: Any) -> str:
    """The same for whoever has only the profile's number and the name of its photo."""
    if not name:
        return ""
    pass_ = [profile_id, viewer.pk, name, clock.today().toordinal()]
    return reverse("people:photo", args=[signing.Signer(salt=SALT).sign_object(pass_)])


def opened(token: str, viewer: Any) -> tuple[int, str]:
    """The profile, and its photo's name, that a viewer may see by this address; (0, "") when they may not."""
    try:
        profile_id, viewer_id, name, day = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return 0, ""
    fresh = 0 <= clock.today().toordinal() - day <= 1
    return (int(profile_id), str(name)) if viewer_id == viewer.pk and fresh else (0, "")

"""Photos: made small, without what the camera wrote into them, and shown only to whoever was given the address."""

import io
import warnings
from typing import Any, BinaryIO

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from commonhall.people.models import Profile

SIDE = 400
MOST_BYTES = 8 * 2**20
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
SALT = "people.photo"


class BadPhoto(ValueError):
    """The file is no picture that we can use; says what to do."""


def reencoded(upload: BinaryIO) -> bytes:
    """A square JPEG of 400 pixels; raises BadPhoto."""
    source = upload.read(MOST_BYTES + 1)
    if len(source) > MOST_BYTES:
        raise BadPhoto(_("The photo is larger than 8 MB. Choose a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _small(Image.open(io.BytesIO(source), formats=FORMATS))
    except BadPhoto:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPhoto(_("This is not a photo that we can read. Save it as JPEG or PNG and try again.")) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise BadPhoto(_("The photo is damaged. Save it again and try once more.")) from error


def _small(image: Image.Image) -> bytes:
    if image.width * image.height > MOST_PIXELS:
        raise BadPhoto(_("The photo has too many pixels. Choose a smaller one."))
    upright = ImageOps.exif_transpose(image).convert("RGB")
    square = ImageOps.fit(upright, (SIDE, SIDE))
    clean = Image.new("RGB", square.size)
    clean.paste(square)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def address(profile: Profile, viewer: Any) -> str:
    """Where this viewer, and nobody else, finds the photo; empty when there is none."""
    if not profile.photo:
        return ""
    return reverse("people:photo", args=[signing.dumps([profile.pk, viewer.pk, profile.photo.name], salt=SALT)])


def opened(token: str, viewer: Any) -> int | None:
    """The profile whose photo a viewer may see by this address, or None."""
    try:
        profile_id, viewer_id, _name = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return int(profile_id) if viewer_id == viewer.pk else None

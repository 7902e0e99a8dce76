"""Photos: made small, without what the camera wrote into them, and shown only to whoever was given the address."""

import io
import warnings
from typing import Any, BinaryIO

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from commonhall.core import clock
from commonhall.people.models import Profile

SIDE = 400
MOST_BYTES = 8 * 2**20
MOST_PIXELS = {"JPEG": 110_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}
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
    """A JPEG is made small while it is read, so that the picture of a good telephone needs little memory."""
    if image.width * image.height > MOST_PIXELS[image.format or "PNG"]:
        raise BadPhoto(_("The photo has too many pixels. Choose a smaller one."))
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

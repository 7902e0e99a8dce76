"""Logos: made small, without what was written into the file, and shown to anybody."""

import io
from typing import BinaryIO

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from commonhall.core import pictures

WIDTH, HEIGHT = 480, 160
FOLDER = "logos/"
LIMITS = pictures.Limits(
    most_bytes=2 * 2**20,
    most_pixels=dict.fromkeys(pictures.FORMATS, 16_000_000),
    too_large=_("The logo is larger than 2 MB. Choose a smaller one."),
    too_many_pixels=_("The logo has too many pixels. Choose one of at most 4000 by 4000."),
    unknown=_("This is not a picture that we can read. Save the logo as PNG, JPEG or WebP and try again."),
    damaged=_("The picture is damaged. Save it again and try once more."),
)


def reencoded(upload: BinaryIO) -> bytes:
    """A PNG of at most 480 by 160 pixels, without a transparent edge; raises BadPicture."""
    return pictures.remade(upload, LIMITS, _small)


def _small(image: Image.Image) -> bytes:
    image.draft("RGB", (WIDTH * 2, HEIGHT * 2))
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    seen = upright.getchannel("A").getbbox()
    if seen is None:
        raise pictures.BadPicture(_("The whole picture is transparent. Choose another one."))
    logo = ImageOps.contain(upright.crop(seen), (WIDTH, HEIGHT)) if _too_large(seen) else upright.crop(seen)
    clean = Image.new("RGBA", logo.size)
    clean.paste(logo)
    out = io.BytesIO()
    clean.save(out, "PNG", optimize=True)
    return out.getvalue()


def _too_large(box: tuple[int, int, int, int]) -> bool:
    return box[2] - box[0] > WIDTH or box[3] - box[1] > HEIGHT


def address(slug: str, name: str | None) -> str:
    """Where anybody finds the logo, for as long as it is this one; empty when there is none."""
    return reverse("logo", args=[slug, name.removeprefix(FOLDER)]) if name else ""

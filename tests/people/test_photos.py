"""Photos: re-encoded, without metadata, whatever was in the file; hostile files are refused."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from commonhall.core.pictures import BadPicture
from commonhall.people import actions, photos, privacy
from tests.factories.accounts import UserFactory
from tests.factories.people import ProfileFactory

CORPUS = Path(__file__).parents[2] / "../shared/corpora/payloads/upload"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(1)</script></html>"


def picture(kind="JPEG", size=(640, 480), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, options.pop("colour", "teal")).save(out, kind, **options)
    return out.getvalue()


def with_gps():
    exif = Image.Exif()
    exif[0x010E] = "SECRETPLACE"
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif.tobytes(), size=(640, 320))


def with_text():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>SECRETPLACE</script>")
    return picture("PNG", pnginfo=words)


HOSTILE = {
    "drawing.svg": SVG,
    "page.jpg": HTML,
    "empty.jpg": b"",
    "half.jpg": picture()[:400],
    "broken.png": picture("PNG")[:60] + b"x" * 200,
    "moving.gif": picture("GIF", mode="P", colour=1),
    "old.bmp": picture("BMP"),
    "paper.tiff": picture("TIFF"),
    "large.jpg": b"\xff\xd8" + b"0" * (8 * 2**20 + 1),
    "wide.png": picture("PNG", size=(20_000, 2_000), mode="1", colour=0),
    "bomb.png": picture("PNG", size=(30_000, 30_000), mode="1", colour=0),
}


def reencoded(data):
    return Image.open(io.BytesIO(photos.reencoded(io.BytesIO(data))))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_usable_photo_is_refused_with_what_to_do(name):
    with pytest.raises(BadPicture) as refusal:
        photos.reencoded(io.BytesIO(HOSTILE[name]))
    assert str(refusal.value).endswith((".", "once more."))
    assert any(word in str(refusal.value) for word in ("Choose", "Save"))


@pytest.mark.parametrize(
    "data",
    [
        picture(),
        picture("PNG", mode="RGBA"),
        picture("WEBP"),
        picture(mode="CMYK"),
        picture("PNG", mode="I;16", colour=9),
    ],
    ids=["jpeg", "png", "webp", "print colours", "sixteen bits"],
)
def test_every_photo_becomes_a_small_square_jpeg(data):
    made = reencoded(data)
    assert (made.format, made.size, made.mode) == ("JPEG", (400, 400), "RGB")


@pytest.mark.parametrize("data", [with_gps(), with_text()], ids=["exif", "png text"])
def test_where_and_when_it_was_taken_is_gone(data):
    assert b"SECRETPLACE" in data
    made = photos.reencoded(io.BytesIO(data))
    assert b"SECRETPLACE" not in made
    assert not Image.open(io.BytesIO(made)).getexif()


def test_a_picture_taken_sideways_is_turned_upright():
    out = io.BytesIO()
    sideways = Image.new("RGB", (600, 400), "white")
    sideways.paste("black", (0, 0, 300, 400))
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways.save(out, "JPEG", exif=exif.tobytes())
    made = reencoded(out.getvalue())
    assert made.getpixel((200, 20))[0] < 60
    assert made.getpixel((200, 380))[0] > 200


def test_what_is_transparent_becomes_white():
    made = reencoded(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert min(made.getpixel((200, 200))) > 250


def test_the_picture_of_a_good_telephone_is_welcome():
    assert reencoded(picture(size=(10_000, 6_000))).size == (400, 400)


def hostile_corpus():
    return sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/corpora/payloads/upload")
def test_nothing_of_the_hostile_files_survives():
    for path in hostile_corpus():
        try:
            made = photos.reencoded(io.BytesIO(path.read_bytes()))
        except BadPicture:
            continue
        assert Image.open(io.BytesIO(made)).size == (400, 400)
        for word in (b"script", b"onclick", b"onmouseover", b"alert(", b"http:"):
            assert word not in made.lower(), path.name


@pytest.mark.django_db
class TestPages:
    @pytest.fixture(autouse=True)
    def files(self, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path

    @pytest.fixture
    def me(self, client):
        user = ProfileFactory(user__name="Ada").user
        client.force_login(user)
        return user

    def upload(self, client, data, name="me.jpg"):
        return client.post("/people/me/photo/", {"photo": SimpleUploadedFile(name, data, "image/jpeg")})

    def test_a_photo_is_kept_under_a_name_of_ours(self, client, me, tmp_path):
        assert self.upload(client, with_gps(), "../../<script>.svg").url == "/people/me/"
        (kept,) = (tmp_path / "photos").iterdir()
        assert kept.suffix == ".jpg"
        assert "script" not in kept.name
        assert b"SECRETPLACE" not in kept.read_bytes()

    @pytest.mark.parametrize("name", ["drawing.svg", "empty.jpg", "half.jpg"])
    def test_a_refused_photo_leaves_the_page_with_the_reason_and_nothing_kept(self, client, me, tmp_path, name):
        page = self.upload(client, HOSTILE[name], name)
        assert page.status_code == 422
        assert 'href="#id_photo"' in page.content.decode()
        assert not (tmp_path / "photos").exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_new_photo_takes_the_place_of_the_old(self, client, me, tmp_path):
        self.upload(client, picture())
        self.upload(client, picture(colour="red"))
        assert len(list((tmp_path / "photos").iterdir())) == 1
        client.post("/people/me/photo/remove/")
        assert not list((tmp_path / "photos").iterdir())
        me.profile.refresh_from_db()
        assert not me.profile.photo

    def test_the_address_of_a_photo_works_for_the_reader_it_was_made_for(self, client, me):
        self.upload(client, picture())
        me.profile.refresh_from_db()
        other = UserFactory()
        theirs = Client()
        theirs.force_login(other)
        address = photos.address(me.profile, other)
        response = theirs.get(address)
        assert response["Content-Type"] == "image/jpeg"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert b"".join(response.streaming_content).startswith(b"\xff\xd8")
        assert client.get(address).status_code == 404
        assert Client().get(address).url.startswith("/accounts/login/")

    def test_an_address_is_the_same_all_day_and_stops_working_in_two_days(self, client, me, time_machine):
        self.upload(client, picture())
        me.profile.refresh_from_db()
        time_machine.move_to("2027-03-01T08:00:00Z")
        address = photos.address(me.profile, me)
        time_machine.move_to("2027-03-01T22:00:00Z")
        assert photos.address(me.profile, me) == address
        assert photos.opened(address.split("/")[-2], me)[0] == me.profile.pk
        time_machine.move_to("2027-03-03T08:00:00Z")
        assert photos.opened(address.split("/")[-2], me) == (0, "")

    @pytest.mark.parametrize("token", ["x", "W10:abc", "a:b:c", "%00"])
    def test_a_forged_address_does_not_exist(self, client, me, token):
        assert client.get(f"/people/photos/{token}/").status_code == 404

    def test_the_address_of_an_earlier_photo_does_not_show_the_new_one(self, client, me):
        self.upload(client, picture())
        me.profile.refresh_from_db()
        address = photos.address(me.profile, me)
        self.upload(client, picture(colour="red"))
        assert client.get(address).status_code == 404

    def test_a_file_that_is_gone_is_no_crash(self, client, me, tmp_path):
        self.upload(client, picture())
        me.profile.refresh_from_db()
        for kept in (tmp_path / "photos").iterdir():
            kept.unlink()
        assert client.get(photos.address(me.profile, me)).status_code == 404

    def test_the_photo_is_handed_over_and_erased(self, me, tmp_path, django_capture_on_commit_callbacks):
        actions.save_photo(me, photos.reencoded(io.BytesIO(picture())), by=me)
        assert privacy.holds(me)["profile"][0]["photo"].startswith("data:image/jpeg;base64,/9j/")
        with django_capture_on_commit_callbacks(execute=True):
            privacy.erase(me)
        assert not list((tmp_path / "photos").iterdir())

"""Logos: made small and clean, kept by an organisation's administrators, shown to everybody."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from commonhall.core.errors import Refused
from commonhall.core.pictures import BadPicture
from commonhall.history.models import Event
from commonhall.operations import checks
from commonhall.organisations import actions, logos
from commonhall.organisations.models import Grant
from commonhall.programmes.models import Programme
from tests.factories.accounts import UserFactory
from tests.factories.organisations import GrantFactory, MembershipFactory, OrganisationFactory, PoolMemberFactory
from tests.factories.programmes import ProgrammeFactory, member_of

EDIT, REMOVE = "/organisations/ash/logo/", "/organisations/ash/logo/remove/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(kind="PNG", size=(300, 100), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, options.pop("colour", "teal")).save(out, kind, **options)
    return out.getvalue()


def with_text():
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>SECRETPLACE</script>")
    return picture(pnginfo=words)


def with_place():
    exif = Image.Exif()
    exif[0x010E] = "SECRETPLACE"
    return picture("JPEG", exif=exif.tobytes())


HOSTILE = {
    "drawing.svg": SVG,
    "drawing.png": SVG,
    "page.png": b"<html><script>alert(1)</script></html>",
    "empty.png": b"",
    "half.png": picture(size=(900, 900), colour="red")[:200],
    "moving.gif": picture("GIF", mode="P", colour=1),
    "old.bmp": picture("BMP"),
    "large.png": b"\x89PNG" + b"0" * (2 * 2**20 + 1),
    "wide.png": picture(size=(20_000, 1_000), mode="1", colour=0),
    "bomb.png": picture(size=(30_000, 30_000), mode="1", colour=0),
    "nothing.png": picture(mode="RGBA", colour=(0, 0, 0, 0)),
}


def reencoded(data):
    return Image.open(io.BytesIO(logos.reencoded(io.BytesIO(data))))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_usable_logo_is_refused_with_what_to_do(name):
    with pytest.raises(BadPicture, match=r"Choose|Save"):
        logos.reencoded(io.BytesIO(HOSTILE[name]))


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (picture(), (300, 100)),
        (picture("JPEG", size=(3000, 1000)), (480, 160)),
        (picture("WEBP", size=(100, 800)), (20, 160)),
        (picture("JPEG", mode="CMYK"), (300, 100)),
        (picture(mode="P", colour=3), (300, 100)),
    ],
    ids=["png", "large jpeg", "tall webp", "print colours", "palette"],
)
def test_every_logo_becomes_a_small_png_of_the_same_shape(data, size):
    made = reencoded(data)
    assert (made.format, made.size) == ("PNG", size)


def test_a_transparent_ground_stays_and_a_transparent_edge_goes():
    ring = Image.new("RGBA", (400, 200))
    ring.paste((200, 0, 0, 255), (100, 50, 300, 150))
    ring.paste((0, 0, 0, 0), (150, 80, 250, 120))
    out = io.BytesIO()
    ring.save(out, "PNG")
    made = reencoded(out.getvalue())
    assert made.size == (200, 100)
    assert made.getpixel((100, 50))[3] == 0
    assert made.getpixel((5, 5)) == (200, 0, 0, 255)


@pytest.mark.parametrize("data", [with_text(), with_place()], ids=["png text", "exif"])
def test_what_was_written_into_the_file_is_gone(data):
    assert b"SECRETPLACE" in data
    assert b"SECRETPLACE" not in logos.reencoded(io.BytesIO(data))


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "logos"


@pytest.fixture
def ash(db, files):
    return OrganisationFactory(name="Ash Council", short_name="Ash", slug="ash", colour="")


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def administrator(ash):
    return signed_in(GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=ash).user)


def upload(browser, data=None, name="logo.png"):
    return browser.post(EDIT, {"logo": SimpleUploadedFile(name, picture() if data is None else data, "image/png")})


def address_of(ash):
    ash.refresh_from_db()
    return logos.address("ash", ash.logo.name)


def test_a_logo_stands_on_the_page_of_the_organisation_and_is_anybodys_to_see(administrator, ash, files):
    assert upload(administrator, name="../../<script>.svg").url == "/organisations/ash/"
    (kept,) = files.iterdir()
    assert (kept.suffix, "script" in kept.name) == (".png", False)
    image = f'<img src="{address_of(ash)}" alt="Ash Council">'
    assert image in administrator.get("/organisations/ash/").content.decode()
    assert image in administrator.get(EDIT).content.decode()
    response = Client().get(address_of(ash))
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert {"public", "immutable", "max-age=31536000"} <= set(response["Cache-Control"].split(", "))


@pytest.mark.parametrize("name", ["drawing.svg", "empty.png", "half.png", "moving.gif", "large.png"])
def test_a_refused_file_leaves_the_page_with_the_reason_and_the_logo_as_it_was(administrator, ash, files, name):
    upload(administrator)
    before = address_of(ash)
    page = upload(administrator, HOSTILE[name], name)
    assert page.status_code == 422
    assert 'href="#id_logo"' in page.content.decode()
    assert address_of(ash) == before
    assert len(list(files.iterdir())) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_logo_takes_the_place_of_the_old_and_has_another_address(administrator, ash, files):
    upload(administrator)
    old = address_of(ash)
    upload(administrator, picture(colour="red"))
    assert address_of(ash) != old
    assert len(list(files.iterdir())) == 1
    assert Client().get(old).status_code == 404
    administrator.post(REMOVE)
    assert address_of(ash) == ""
    assert not list(files.iterdir())
    administrator.post(REMOVE)
    verbs = list(
        Event.objects.filter(verb__startswith="organisation.logo").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["organisation.logo_changed", "organisation.logo_changed", "organisation.logo_removed"]


@pytest.mark.parametrize("name", ["none.png", "..%2Fsecret", "x"])
def test_an_address_of_nothing_does_not_exist(administrator, ash, name):
    upload(administrator)
    assert Client().get(f"/brand/ash/{name}").status_code == 404
    assert Client().get(f"/brand/oak/{address_of(ash).split('/')[-1]}").status_code == 404


def test_a_file_that_is_gone_is_no_crash_and_is_reported(administrator, ash, files):
    upload(administrator)
    next(files.iterdir()).rename(files / "other.png")
    assert Client().get(address_of(ash)).status_code == 404
    found = list(checks.files())
    assert any("organisations.Organisation: the file logos/" in line for line in found)
    assert "The file logos/other.png belongs to nothing." in found


def test_outsiders_and_colleagues_change_no_logo(administrator, ash, files):
    upload(administrator)
    before = address_of(ash)
    oak = GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=OrganisationFactory(slug="oak")).user
    for outsider in (UserFactory(), oak, MembershipFactory(organisation=ash).user):
        browser = signed_in(outsider)
        assert [browser.get(EDIT).status_code, upload(browser).status_code] == [404, 404]
        assert browser.post(REMOVE).status_code == 404
        with pytest.raises(Refused):
            actions.save_logo(ash, None, by=outsider)
    owner = signed_in(GrantFactory(role=Grant.Role.POOL_OWNER, scope=PoolMemberFactory(organisation=ash).pool).user)
    assert [upload(owner).status_code, owner.post(REMOVE).status_code] == [403, 403]
    assert address_of(ash) == before
    assert len(list(files.iterdir())) == 1


def test_a_logo_whose_act_fails_leaves_no_file(ash, files):
    user = GrantFactory(role=Grant.Role.ORGANISATION_ADMINISTRATOR, scope=ash).user
    gone = OrganisationFactory.build(pk=ash.pk, slug="ash")
    ash.delete()
    with pytest.raises(type(ash).DoesNotExist):
        actions.save_logo(gone, b"x", by=user)
    assert not list(files.iterdir())


def test_people_of_the_council_see_its_logo_in_the_header(administrator, ash):
    member = signed_in(MembershipFactory(organisation=ash).user)
    assert "mark-council" not in member.get("/my-data/").content.decode()
    upload(administrator)
    page = member.get("/my-data/").content.decode()
    assert f'<span class="mark-council"><img src="{address_of(ash)}" alt="Ash"></span>' in page
    assert "/brand/ash.css" not in page, "no colour has been chosen"


@pytest.mark.parametrize("page", ["", "poster/"])
def test_anybody_sees_the_logos_of_the_pool_on_a_programmes_public_pages(administrator, ash, page):
    programme = ProgrammeFactory(state=Programme.State.OPEN, is_public=True)
    address = f"/programmes/p/{programme.slug}/{page}"
    upload(administrator)
    assert "Ash Council" not in Client().get(address).content.decode()
    member_of(programme.pool, ash)
    member_of(programme.pool, OrganisationFactory(name="Without Logo"))
    shown = Client().get(address).content.decode()
    assert f'<img src="{address_of(ash)}" alt="Ash Council">' in shown
    assert "Without Logo" not in shown

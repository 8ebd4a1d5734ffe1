"""Photos are kept by what they are, never by what they are called."""

import asyncio
import hashlib
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.pictures.thumbnail import thumbnail
from domain.errors import InvalidInput, Unavailable
from storage.evidence import EvidenceStore, extension_of, media_type_of
from tests.photos.pictures import PNG, opened, picture, png


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence", 1000, thumbnail)


def files(store: EvidenceStore) -> list[Path]:
    """Every kept file: pictures first, then their small copies."""
    found = [path for path in store._directory.rglob("*") if path.is_file()]
    return sorted(found, key=lambda path: (path.suffix, path.name))


async def test_a_photo_is_kept_by_its_hash_for_its_owner_alone(store: EvidenceStore) -> None:
    photo = await store.keep(PNG)
    digest = hashlib.sha256(PNG).hexdigest()
    assert (photo.sha256, photo.media_type, photo.size_bytes) == (digest, "image/png", len(PNG))
    assert await store.read(digest) == PNG
    kept = files(store)
    assert [file.name for file in kept] == [digest, f"{digest}.thumbnail"]
    for file in kept:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_the_same_picture_twice_is_one_file_even_at_once(store: EvidenceStore) -> None:
    photos = await asyncio.gather(*(store.keep(PNG) for _ in range(16)))
    assert len(set(photos)) == 1
    assert len(files(store)) == 2


@pytest.mark.parametrize(
    ("content", "media_type", "extension"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", "image/jpeg", "jpg"),
        (PNG, "image/png", "png"),
        (b"GIF87a...", "image/gif", "gif"),
        (b"GIF89a...", "image/gif", "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "webp"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(content: bytes, media_type: str, extension: str) -> None:
    assert media_type_of(content, 1000) == media_type
    assert extension_of(media_type) == extension


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload='x'/>", b"MZ\x90", b"%PDF-1.7", b"RIFF\x00\x00\x00\x00WAVE", b"\x89PNG"]
)
async def test_what_is_not_a_picture_is_refused_and_not_kept(store: EvidenceStore, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await store.keep(content)
    assert refusal.value.code == "photo_not_a_picture"
    assert files(store) == []


async def test_the_limit_is_the_last_size_that_is_taken(store: EvidenceStore) -> None:
    await store.keep(PNG.ljust(1000, b"."))
    with pytest.raises(InvalidInput) as refusal:
        await store.keep(PNG.ljust(1001, b"."))
    assert refusal.value.code == "photo_too_large"


@pytest.mark.parametrize("fate", ["gone", "cut short", "altered"])
async def test_a_file_that_is_not_what_it_was_is_told_and_keeping_the_picture_again_mends_it(
    store: EvidenceStore, fate: str
) -> None:
    photo = await store.keep(PNG)
    file, _ = files(store)
    if fate == "gone":
        file.unlink()
    else:
        file.write_bytes(PNG[:-1] + (b"" if fate == "cut short" else b"?"))
    with pytest.raises(Unavailable) as refusal:
        await store.read(photo.sha256)
    assert refusal.value.code == "evidence_missing"
    with pytest.raises(Unavailable):
        await store.thumbnail(photo.sha256)  # what is shown is shown as evidence
    await store.keep(PNG)
    assert await store.read(photo.sha256) == PNG


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=80)
    | st.sampled_from(["", ".", "..", "../../gantry.key", "/etc/passwd", "a/../../b", "\x00", "aa"])
)
async def test_no_name_reads_outside_the_directory(store: EvidenceStore, name: str) -> None:
    store._directory.mkdir(exist_ok=True)
    secret = store._directory.parent / "gantry.key"
    secret.write_bytes(b"secret")
    for ask in (store.read, store.thumbnail):
        with pytest.raises(Unavailable):
            await ask(name)


async def test_a_directory_that_cannot_be_written_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(Unavailable) as refusal:
        await EvidenceStore(tmp_path / "evidence", 1000, thumbnail).keep(PNG)
    assert refusal.value.code == "data_not_writable"


async def test_what_is_shown_is_the_small_copy_and_the_original_stays_as_it_was_sent(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path / "evidence", 1_000_000, thumbnail)
    sent = picture("PNG", (3000, 2000))
    photo = await store.keep(sent)
    shown = await store.thumbnail(photo.sha256)
    assert shown.media_type == "image/jpeg"
    assert opened(shown.content).size == (1024, 683)
    assert await store.read(photo.sha256) == sent


@pytest.mark.parametrize("fate", ["gone", "empty", "another kind of file"])
async def test_a_small_copy_that_is_not_there_is_made_again_and_kept(store: EvidenceStore, fate: str) -> None:
    photo = await store.keep(PNG)
    before = await store.thumbnail(photo.sha256)
    _, small = files(store)
    if fate == "gone":
        small.unlink()
    else:
        small.write_bytes(b"" if fate == "empty" else b"<html>")
    assert await store.thumbnail(photo.sha256) == before
    assert small.read_bytes() == before.content


async def test_keeping_a_picture_again_makes_its_missing_small_copy(store: EvidenceStore) -> None:
    await store.keep(PNG)
    _, small = files(store)
    small.unlink()
    await store.keep(PNG)
    assert small.exists()


async def test_an_original_from_before_pictures_were_decoded_is_kept_and_not_shown(store: EvidenceStore) -> None:
    old = b"\x89PNG\r\n\x1a\n" + bytes(64)
    digest = hashlib.sha256(old).hexdigest()
    path = store._directory / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(old)
    assert await store.read(digest) == old
    with pytest.raises(Unavailable):
        await store.thumbnail(digest)


async def test_a_small_copy_that_cannot_be_written_is_shown_all_the_same(store: EvidenceStore) -> None:
    photo = await store.keep(PNG)
    before = await store.thumbnail(photo.sha256)
    _, small = files(store)
    small.unlink()
    small.mkdir()
    assert await store.thumbnail(photo.sha256) == before


async def test_pictures_are_decoded_one_at_a_time_and_never_on_the_loops_thread(tmp_path: Path) -> None:
    seen: list[int] = []
    at_once: list[int] = []
    busy = threading.Semaphore(1)

    def watched(content: bytes, media_type: str) -> bytes:
        at_once.append(busy.acquire(blocking=False))
        seen.append(threading.get_ident())
        made = thumbnail(content, media_type)
        busy.release()
        return made

    stores = [EvidenceStore(tmp_path / name, 1000, watched) for name in ("one", "another")]
    await asyncio.gather(*(store.keep(png(grey=grey)) for grey in range(8) for store in stores))
    assert len(seen) == 16
    assert all(at_once)
    assert threading.get_ident() not in seen
    assert len(set(seen)) == 1


async def test_a_picture_that_is_kept_already_is_not_decoded_again(tmp_path: Path) -> None:
    decoded: list[str] = []

    def counted(content: bytes, media_type: str) -> bytes:
        decoded.append(media_type)
        return thumbnail(content, media_type)

    store = EvidenceStore(tmp_path / "evidence", 1000, counted)
    for _ in range(3):
        await store.keep(PNG)
        await store.thumbnail((await store.keep(PNG)).sha256)
    assert decoded == ["image/png"]


async def test_a_picture_that_is_refused_by_its_header_leaves_no_file(store: EvidenceStore) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await store.keep(png(promised=(60_000, 60_000)))
    assert refusal.value.code == "photo_too_many_pixels"
    assert files(store) == []

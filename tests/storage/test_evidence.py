"""Photos are kept by what they are, never by what they are called."""

import asyncio
import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput, Unavailable
from storage.evidence import EvidenceStore, extension_of, media_type_of

PNG = b"\x89PNG\r\n\x1a\n" + b"flame trench" * 9


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence", 1000)


def files(store: EvidenceStore) -> list[Path]:
    return [path for path in store._directory.rglob("*") if path.is_file()]


async def test_a_photo_is_kept_by_its_hash_for_its_owner_alone(store: EvidenceStore) -> None:
    photo = await store.keep(PNG)
    digest = hashlib.sha256(PNG).hexdigest()
    assert (photo.sha256, photo.media_type, photo.size_bytes) == (digest, "image/png", len(PNG))
    assert await store.read(digest) == PNG
    (file,) = files(store)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_the_same_picture_twice_is_one_file_even_at_once(store: EvidenceStore) -> None:
    photos = await asyncio.gather(*(store.keep(PNG) for _ in range(16)))
    assert len(set(photos)) == len(files(store)) == 1


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
    (file,) = files(store)
    if fate == "gone":
        file.unlink()
    else:
        file.write_bytes(PNG[:-1] + (b"" if fate == "cut short" else b"?"))
    with pytest.raises(Unavailable) as refusal:
        await store.read(photo.sha256)
    assert refusal.value.code == "evidence_missing"
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
    with pytest.raises(Unavailable):
        await store.read(name)


async def test_a_directory_that_cannot_be_written_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("a file is in the way", encoding="utf-8")
    with pytest.raises(Unavailable) as refusal:
        await EvidenceStore(tmp_path / "evidence", 1000).keep(PNG)
    assert refusal.value.code == "data_not_writable"

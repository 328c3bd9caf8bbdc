"""Uploads: looked into, stored under a random name outside the web root, and proved when they are read.

The ending and the content must agree. PDF files are kept byte for byte (a signed one must stay so);
pictures are drawn anew, which drops their metadata and whatever was hidden in them.
"""

import hashlib
import io
import os
import secrets
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from flask import current_app
from PIL import Image, ImageOps, UnidentifiedImageError

from portfolio.notation import N_
from portfolio.notation.fold import nfc
from portfolio.register.papers import StoredFile
from portfolio.web.errors import Refusal

LONGEST_NAME = 200
MOST_PARTS = 2000
MOST_UNPACKED = 200_000_000
MOST_RATIO = 200
MOST_PIXELS = 60_000_000
LONGEST_TYPES = 1_000_000
"""Bytes of the list of contents of an office file; real ones have a few thousand."""

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
}
_MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


class BadFile(Refusal):
    """The file is not what its name says, or carries what may not be kept."""

    status = 422
    field = "file"
    message = N_(
        "The content of the file does not agree with its name; save it anew and try again."
    )


class LostFile(Refusal):
    """The bytes are gone or are not those that were stored."""

    status = 500
    title = N_("The file cannot be given out")
    message = N_("The stored file is missing or was damaged. Tell the administrator its name.")


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its name for people, its type and the bytes to store."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the bytes that are stored."""
        return hashlib.sha256(self.content).hexdigest()


def check_upload(filename: str, content: bytes) -> Checked:
    """Look into an upload. Raises `BadFile`."""
    name = plain_name(filename)
    ending = PurePath(name).suffix.lower().lstrip(".")
    if ending not in TYPES:
        raise BadFile(N_("This kind of file is not accepted; send PDF, Word, Excel, JPG or PNG."))
    if not content:
        raise BadFile(N_("The file is empty."))
    if ending == "pdf":
        _check_pdf(content)
    elif ending in _MAIN_PART:
        _check_office(content, _MAIN_PART[ending])
    else:
        content = _drawn_anew(content, "PNG" if ending == "png" else "JPEG")
    return Checked(name, TYPES[ending], content)


def plain_name(filename: str) -> str:
    """The last part of a file's name without control or direction marks, short enough to keep."""
    last = PurePath(filename.replace("\\", "/").replace("\0", "")).name
    clean = nfc("".join(letter for letter in last if letter.isprintable())).strip(". ")
    stem, suffix = PurePath(clean).stem, PurePath(clean).suffix
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}" if stem else f"file{suffix}"


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise BadFile


def _check_office(content: bytes, main_part: str) -> None:
    """A Word or Excel file without macros, that unpacks to a bearable size."""
    if not content.startswith(b"PK\x03\x04"):
        raise BadFile
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check_package(package, main_part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise BadFile from error


def _check_package(package: zipfile.ZipFile, main_part: str) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked > MOST_RATIO * packed + 10**6
    ):
        raise BadFile(N_("The file unpacks to far more than its size; it is not kept."))
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile(N_("The file is locked with a password; save it without one."))
    unsafe = any(name.startswith("/") or ".." in name.split("/") for name in names)
    if unsafe or main_part not in names or "[Content_Types].xml" not in names:
        raise BadFile
    with package.open("[Content_Types].xml") as part:
        types = part.read(LONGEST_TYPES + 1)
    if len(types) > LONGEST_TYPES or b"<!DOCTYPE" in types or b"<!ENTITY" in types:
        raise BadFile
    macros = any("vbaproject" in name.lower() for name in names)
    if macros or b"macroenabled" in types.lower():
        raise BadFile(N_("The file holds macros; save it as .docx or .xlsx without them."))


def _drawn_anew(content: bytes, kind: str) -> bytes:
    """The picture without its metadata, turned as it is meant to be seen."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise BadFile(N_("The picture is too large; scan it with fewer dots."))
                turned = ImageOps.exif_transpose(picture)
                fit = turned.convert("RGB") if kind == "JPEG" else _plain_colours(turned)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise BadFile from error
    drawn = io.BytesIO()
    fit.info.clear()
    fit.save(drawn, kind, **({"quality": 90} if kind == "JPEG" else {"optimize": False}))
    return drawn.getvalue()


def _plain_colours(picture: Image.Image) -> Image.Image:
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    if picture.mode in {"1", "L"} and not transparent:
        return picture.copy()
    return picture.convert("RGBA" if transparent else "RGB")


# Keeping --------------------------------------------------------------------------------------


def folder() -> Path:
    """Where the bytes lie."""
    return Path(str(current_app.config["VAR_DIR"])) / "attachments"


def store(checked: Checked) -> str:
    """Write the bytes so that they survive a power cut, and return the name they lie under.

    They stand before the row that names them is committed: a row without bytes cannot come about.
    """
    token = secrets.token_hex(20)
    place = folder() / token[:2]
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place / f"{token}.part"
    try:
        with part.open("xb") as out:
            out.write(checked.content)
            out.flush()
            os.fsync(out.fileno())
        part.rename(place / token)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return f"{token[:2]}/{token}"


def forget(stored_as: str) -> None:
    """Delete bytes whose row was not saved."""
    (folder() / stored_as).unlink(missing_ok=True)


def read(file: StoredFile) -> bytes:
    """The bytes as they were stored. Raises `LostFile` if they are gone or are others."""
    try:
        content = (folder() / file.stored_as).read_bytes()
    except OSError as error:
        raise LostFile from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise LostFile
    return content

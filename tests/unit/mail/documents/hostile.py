"""Documents that nobody should open: made from a good form, each by one trick, in many sizes."""

import bz2
import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping

from mailbot.mail.documents.word_reading import CONTENT_TYPES, MAIN, PROPERTIES, packed
from mailbot.mail.documents.word_writing import W

Parts = dict[str, bytes]
RELS = "word/_rels/document.xml.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OPEN, CLOSE = f'<w:document xmlns:w="{W}"><w:body>'.encode(), b"</w:body></w:document>"


def parts_of(good: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(good)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _with(good: bytes, **changed: bytes) -> bytes:
    names = {"main": MAIN, "types": CONTENT_TYPES, "rels": RELS, "properties": PROPERTIES}
    return packed({**parts_of(good), **{names[key]: value for key, value in changed.items()}}.items())


def _added(good: bytes, name: str, part: bytes) -> bytes:
    return packed({**parts_of(good), name: part}.items())


def _body(inside: bytes) -> bytes:
    return OPEN + inside + CLOSE


def bomb(good: bytes, dice: random.Random) -> bytes:
    """Small as a file, enormous once it is unpacked."""
    return _with(good, main=_body(b" " * (dice.choice((5, 20, 60)) * 1024 * 1024)))


def lying_bomb(good: bytes, dice: random.Random) -> bytes:
    """The same, and it claims to hold a few bytes."""
    raw = bytearray(bomb(good, dice))
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as package:
        size = package.getinfo(MAIN).file_size
    claimed, true = struct.pack("<L", dice.randint(1, 5000)), struct.pack("<L", size)
    return bytes(raw.replace(true, claimed))


def many_members(good: bytes, dice: random.Random) -> bytes:
    return packed([*parts_of(good).items(), *((f"word/x{n}.xml", b"") for n in range(dice.choice((300, 3000))))])


def declared_too_much(good: bytes, dice: random.Random) -> bytes:
    return _added(good, "word/media/film.bmp", b"\x00" * (dice.choice((41, 60)) * 1024 * 1024))


def twice(good: bytes, dice: random.Random) -> bytes:
    kept = io.BytesIO(good)
    with warnings.catch_warnings(), zipfile.ZipFile(kept, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr(zipfile.ZipInfo(dice.choice((MAIN, PROPERTIES, "word/styles.xml"))), b"<again/>")
    return kept.getvalue()


def deep(good: bytes, dice: random.Random) -> bytes:
    depth = dice.choice((300, 5000, 100_000))
    return _with(good, main=_body(b"<w:p>" * depth + b"</w:p>" * depth))


def nested_controls(good: bytes, dice: random.Random) -> bytes:
    depth = dice.randint(20, 80)
    start = b'<w:sdt><w:sdtPr><w:tag w:val="a"/></w:sdtPr><w:sdtContent>'
    return _with(good, main=_body(start * depth + b"<w:p/>" + b"</w:sdtContent></w:sdt>" * depth))


def many_controls(good: bytes, dice: random.Random) -> bytes:
    one = b'<w:p><w:sdt><w:sdtPr><w:tag w:val="summary:2"/></w:sdtPr><w:sdtContent/></w:sdt></w:p>'
    return _with(good, main=_body(one * dice.randint(2000, 20_000)))


def many_rows(good: bytes, dice: random.Random) -> bytes:
    rows = b"<w:tr><w:tc><w:p/></w:tc></w:tr>" * dice.randint(3000, 30_000)
    return _with(good, main=_body(b"<w:tbl>" + rows + b"</w:tbl>"))


def laughs(good: bytes, dice: random.Random) -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, dice.randint(5, 12)))
    head = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{levels}]>'
    return _with(good, main=head.encode() + _body(b"<w:p><w:r><w:t>&l4;</w:t></w:r></w:p>"))


def entity_of_a_file(good: bytes, dice: random.Random) -> bytes:
    where = dice.choice(
        ("file:///etc/passwd", "http://elsewhere.example/x", "file:///dev/zero", "ftp://elsewhere.example")
    )
    head = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "{where}">]>'
    return _with(good, main=head.encode() + _body(b"<w:p><w:r><w:t>&x;</w:t></w:r></w:p>"))


def entity_in_utf_16(good: bytes, dice: random.Random) -> bytes:
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w SYSTEM "file:///etc/hosts{dice.randint(0, 9)}">'
    return _with(good, main=(text + _body(b"").decode()).encode("utf-16"))


def entity_in_the_properties(good: bytes, dice: random.Random) -> bytes:
    return _with(
        good, properties=b'<!DOCTYPE p [<!ENTITY a "b">]><Properties>&a;</Properties>' + b" " * dice.randint(0, 9)
    )


def points_elsewhere(good: bytes, dice: random.Random) -> bytes:
    kind = dice.choice(("attachedTemplate", "image", "oleObject", "frame", "subDocument", "externalLink"))
    target = dice.choice(
        ("https://elsewhere.example/t.dotm", "file://server/share/t.dotx", "mhtml:http://elsewhere.example")
    )
    one = f'<Relationship Id="rX" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return _with(good, rels=parts_of(good)[RELS].replace(b"</Relationships>", one.encode() + b"</Relationships>"))


def macros(good: bytes, dice: random.Random) -> bytes:
    return _added(
        good, dice.choice(("word/vbaProject.bin", "word/vbaData.xml", "word/VBAPROJECT.BIN")), b"\xd0\xcf\x11\xe0"
    )


def macro_type(good: bytes, dice: random.Random) -> bytes:
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return _with(good, types=parts_of(good)[CONTENT_TYPES].replace(plain, kind) + b" " * dice.randint(0, 9))


def embedded(good: bytes, dice: random.Random) -> bytes:
    name = dice.choice(
        ("word/embeddings/oleObject1.bin", "word/embeddings/sheet.xlsx", "word/activeX/activeX1.xml", "word/run.exe")
    )
    return _added(good, name, b"\xd0\xcf\x11\xe0")


def sealed(good: bytes, dice: random.Random) -> bytes:
    """What Word makes of a document with a password: no zip, but an OLE container."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(4000)


def zip_with_password(good: bytes, dice: random.Random) -> bytes:
    raw = bytearray(good)
    for at in range(len(raw) - 4):
        if raw[at : at + 4] == b"PK\x01\x02":
            raw[at + 8] |= 1
        elif raw[at : at + 4] == b"PK\x03\x04":
            raw[at + 6] |= 1
    return bytes(raw)


def otherwise_packed(good: bytes, dice: random.Random) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", dice.choice((zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))) as package:
        for name, part in parts_of(good).items():
            package.writestr(name, part)
    return kept.getvalue()


def another_kind(good: bytes, dice: random.Random) -> bytes:
    heads = (
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"{\\rtf1",
        b"<html>",
        b"MZ",
        b"",
        b"PK",
        b"PK\x03\x04",
        b"PK\x05\x06" + b"\x00" * 18,
        bz2.compress(b"x"),
    )
    return dice.choice(heads) + dice.randbytes(dice.randint(0, 300))


def without_its_main_part(good: bytes, dice: random.Random) -> bytes:
    parts = parts_of(good)
    del parts[dice.choice((MAIN, CONTENT_TYPES))]
    return packed(parts.items())


def no_xml(good: bytes, dice: random.Random) -> bytes:
    return _with(good, main=dice.choice((b"", b"\x00" * 50, b"<w:document", dice.randbytes(400), b"\xff\xfe<")))


def too_large(good: bytes, dice: random.Random) -> bytes:
    return good + b"\x00" * (10 * 1024 * 1024 + dice.randint(0, 99))


def cut_short(good: bytes, dice: random.Random) -> bytes:
    return good[: dice.randint(1, len(good) - 1)]


# These may still be read, when what was changed does not matter; they may never break anything.
def flipped(good: bytes, dice: random.Random) -> bytes:
    raw = bytearray(good)
    for _ in range(dice.randint(1, 30)):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    return bytes(raw)


ODD_MARKS = (
    b"[1,2]",
    b"{",
    b'{"a":[]}',
    b"null",
    b"[" * 200_000,
    b'{"summary:2": 7}',
    b"9" * 5000,
    b"\xf0\x9f\x8f\xab",
)


def with_marks(good: bytes, said: bytes) -> bytes:
    old = parts_of(good)[PROPERTIES]
    start = old.index(b"<vt:lpwstr>{") + len(b"<vt:lpwstr>")
    return _with(good, properties=old[:start] + said + old[old.index(b"</vt:lpwstr>", start) :])


def odd_paths(good: bytes, dice: random.Random) -> bytes:
    return _added(
        good, dice.choice(("../../etc/cron.d/x", "/etc/passwd", "C:\\x", "word/" + "a" * 5000, "..rels")), b"x"
    )


def long_words(good: bytes, dice: random.Random) -> bytes:
    said = b"a" * dice.choice((30_000, 1_000_000, 2_500_000))
    control = b'<w:sdt><w:sdtPr><w:tag w:val="summary:2"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>%s</w:t></w:r></w:p>'
    main = parts_of(good)[MAIN].replace(b"<w:body>", b"<w:body>" + control % said + b"</w:sdtContent></w:sdt>")
    return _with(good, main=main)


Trick = Callable[[bytes, random.Random], bytes]
REFUSED: Mapping[str, Trick] = {
    trick.__name__: trick
    for trick in (
        bomb,
        lying_bomb,
        many_members,
        declared_too_much,
        twice,
        deep,
        nested_controls,
        many_controls,
        many_rows,
        laughs,
        entity_of_a_file,
        entity_in_utf_16,
        entity_in_the_properties,
        points_elsewhere,
        macros,
        macro_type,
        embedded,
        sealed,
        zip_with_password,
        otherwise_packed,
        another_kind,
        without_its_main_part,
        no_xml,
        too_large,
        cut_short,
    )
}
SURVIVED: Mapping[str, Trick] = {trick.__name__: trick for trick in (flipped, odd_paths, long_words)}

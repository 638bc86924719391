"""A picture of a page in 256 colours: a third of the bytes, and no package to make it.

Reads what Chromium writes (PNG, 8 bits for each of red, green, blue and perhaps alpha, in one pass)
and writes PNG with a palette: the commonest colours, and those that would lose most by becoming one
of these. The others, shades at the edges of letters, become the nearest.
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST, COMMON = 256, 128
CHANNELS = {2: 3, 6: 4}  # bytes of a pixel, by the colour type
SUB, UP, AVERAGE, PAETH = 1, 2, 3, 4

Colour = bytes  # red, green, blue


def smaller(png: bytes) -> bytes:
    """Return the picture as PNG with a palette."""
    chunks = dict(_chunks(png))
    width, height, _, kind = struct.unpack_from(">IIBB", chunks[b"IHDR"])
    size = CHANNELS[kind]
    rows = list(_rows(zlib.decompress(chunks[b"IDAT"]), width * size, size))
    pixels = [[row[at : at + 3] for at in range(0, width * size, size)] for row in rows]
    counted = Counter(colour for row in pixels for colour in row)
    palette = _palette(counted)
    number = {colour: _nearest(colour, palette) for colour in counted}
    lines = b"".join(b"\0" + bytes(number[colour] for colour in row) for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in (*parts, (b"IEND", b"")))


def _palette(counted: Counter[Colour]) -> list[Colour]:
    """Return the colours to keep: a thin line of a colour of its own is rare, and matters."""
    found = [colour for colour, _ in counted.most_common(COMMON)]
    lost = {each: min(_distance(each, kept) for kept in found) for each in sorted(counted)}
    while len(found) < min(MOST, len(counted)):
        worst = max(lost, key=lambda each: lost[each] * counted[each])
        found.append(worst)
        lost = {each: min(known, _distance(each, worst)) for each, known in lost.items()}
    return found


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and content of each chunk, all image data as one."""
    image = b""
    at = len(SIGNATURE)
    while at < len(png):
        size, kind = struct.unpack_from(">I4s", png, at)
        content = png[at + 8 : at + 8 + size]
        at += 12 + size
        if kind == b"IDAT":
            image += content
        else:
            yield kind, content
    yield b"IDAT", image


def _rows(data: bytes, length: int, size: int) -> Iterator[bytes]:
    """Yield rows of pixels with their filters undone; ``size`` are the bytes of a pixel."""
    before = bytearray(length)
    for start in range(0, len(data), length + 1):
        row = bytearray(data[start + 1 : start + 1 + length])
        _unfilter(data[start], row, before, size)
        yield bytes(row)
        before = row


def _unfilter(kind: int, row: bytearray, above: bytearray, size: int) -> None:
    for at in range(len(row) if kind else 0):
        left = row[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        if kind == SUB:
            added = left
        elif kind == UP:
            added = above[at]
        elif kind == AVERAGE:
            added = (left + above[at]) // 2
        else:
            added = _paeth(left, above[at], corner)
        row[at] = (row[at] + added) & 0xFF


def _paeth(left: int, above: int, corner: int) -> int:
    """Return which of three neighbours is nearest to their plane."""
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    return min(range(len(palette)), key=lambda at: _distance(colour, palette[at]))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

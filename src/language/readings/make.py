"""Makes readings.bin from the CSV files of mecab-ipadic 2.7.0-20070801 (Debian package `mecab-ipadic`).

    python3 make.py /usr/share/mecab/dic/ipadic readings.bin

Only what a mora count needs is kept: of each word its context, its cost and its morae. Of words that are written alike
and stand in the same context the cheapest is kept; the others could never win.

The file, little-endian: magic `KYM1`; u16 number of contexts N; u32 number of spellings; N * N i8, the cost of context
j after i in steps of STEP; then the spellings in the order of their UTF-8 bytes: u8 bytes shared with the one before,
u8 bytes that follow, these; u8 number of words, each u16 context, i16 cost, u8 morae.
"""

import csv
import pathlib
import struct
import sys

STEP = 100  # Costs reach from -16124 to 5824.
SMALL = set("ァィゥェォャュョヮ")
# Symbols are taken out before a text is read; names of firms and works are many, and rare in a talk.
LEFT_OUT = {"Symbol.csv", "Noun.org.csv", "Noun.proper.csv"}
LONGEST_PLACE = 3  # Longer ones are villages and quarters; their parts are read one by one.


def morae(reading):
    return sum(1 for c in reading if ("ァ" <= c <= "ヺ" or c == "ー") and c not in SMALL)


def words(folder):
    best = {}
    for path in sorted(folder.glob("*.csv")):
        if path.name in LEFT_OUT:
            continue
        for row in csv.reader(path.open(encoding="euc-jp", errors="replace")):
            spelling, left, right, cost = row[0], int(row[1]), int(row[2]), int(row[3])
            assert left == right, row
            if "\ufffd" in spelling or len(row) < 13:
                continue
            if path.name == "Noun.place.csv" and len(spelling) > LONGEST_PLACE:
                continue
            count = min(morae(row[12]), 255)
            at = best.setdefault(spelling.encode(), {})
            if left not in at or cost < at[left][0]:
                at[left] = (cost, count)
    return best


def costs(folder):
    lines = (folder / "matrix.def").open(encoding="euc-jp")
    size, other = map(int, next(lines).split())
    assert size == other
    matrix = bytearray(size * size)
    for line in filter(str.strip, lines):
        before, after, cost = map(int, line.split())
        matrix[before * size + after] = max(-128, min(127, round(cost / STEP))) & 0xFF
    return size, matrix


def main():
    folder, target = map(pathlib.Path, sys.argv[1:3])
    size, matrix = costs(folder)
    found = words(folder)
    out = bytearray(b"KYM1" + struct.pack("<HI", size, len(found))) + matrix
    before = b""
    for spelling in sorted(found):
        shared = 0
        while shared < min(len(before), len(spelling)) and before[shared] == spelling[shared]:
            shared += 1
        rest = spelling[shared:]
        out += bytes((shared, len(rest))) + rest + bytes((len(found[spelling]),))
        for context, (cost, count) in sorted(found[spelling].items()):
            out += struct.pack("<HhB", context, cost, count)
        before = spelling
    target.write_bytes(out)
    print(f"{len(found)} spellings, {sum(map(len, found.values()))} words, {len(out)} bytes")


main()

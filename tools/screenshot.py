#!/usr/bin/env python3
"""A picture of a terminal as SVG: screenshot.py TITLE < what `tmux capture-pane -e -p` prints > picture.svg

Each run of cells of one look is a <text> of a fixed length, so that columns line up in whatever font there is. Lines and
blocks are drawn by that font, too: it has to be monospace."""

import re
import sys
import unicodedata
from xml.sax.saxutils import escape

WIDTH, HEIGHT, SIZE, MARGIN, BAR = 8.4, 18, 14, 12, 28
FOREGROUND, BACKGROUND = "#d8dee9", "#1c1f26"
PALETTE = ("#3b4048", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
           "#6b7280", "#ff7b86", "#b5e08d", "#ffd787", "#7fc1ff", "#dd9aee", "#74d2de", "#ffffff")


def colour(number):
    """Of xterm's 256."""
    if number < 16:
        return PALETTE[number]
    if number < 232:
        parts = ((number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6)
        return "#" + "".join(f"{55 + 40 * part if part else 0:02x}" for part in parts)
    return "#" + 3 * f"{8 + 10 * (number - 232):02x}"


class Look:
    def __init__(self):
        self.reset()

    def reset(self):
        self.foreground = self.background = None
        self.bold = self.dim = self.reverse = self.underline = False

    def obey(self, codes):
        codes = [int(code or 0) for code in codes.split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (1, 2, 4, 7):
                setattr(self, {1: "bold", 2: "dim", 4: "underline", 7: "reverse"}[code], True)
            elif code == 22:
                self.bold = self.dim = False
            elif code in (24, 27):
                setattr(self, {24: "underline", 27: "reverse"}[code], False)
            elif code in (38, 48):
                kind = codes.pop(0)
                value = colour(codes.pop(0)) if kind == 5 else "#" + "".join(f"{codes.pop(0):02x}" for _ in range(3))
                setattr(self, "foreground" if code == 38 else "background", value)
            elif code in (39, 49):
                setattr(self, "foreground" if code == 39 else "background", None)
            elif 30 <= code < 38 or 90 <= code < 98:
                self.foreground = PALETTE[code - 30 if code < 38 else code - 82]
            elif 40 <= code < 48 or 100 <= code < 108:
                self.background = PALETTE[code - 40 if code < 48 else code - 92]

    def drawn(self):
        """(foreground, background or None, bold, dim, underline)"""
        front, back = self.foreground, self.background
        if self.reverse:
            front, back = back or BACKGROUND, front or FOREGROUND
        return front or FOREGROUND, back, self.bold, self.dim, self.underline


def columns_of(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def runs(line, look):
    """[(column, columns, text, look)] of a line; the look goes on to the next."""
    found, column = [], 0
    for part in re.split(r"(\033\[[0-9;]*m)", line):
        if part.startswith("\033["):
            look.obey(part[2:-1])
            continue
        part = re.sub(r"\033.|[\x00-\x1f]", "", part)
        for text in re.findall(r" {2,}|(?:[^ ]| (?! ))+", part):
            columns = sum(columns_of(c) for c in text)
            found.append((column, columns, text, look.drawn()))
            column += columns
    return found


def backgrounds(found):
    """[(column, columns, colour)] of the runs of a line: neighbours of one colour are one, so that no seam shows."""
    merged = []
    for column, count, _, (_, back, *_) in found:
        if merged and merged[-1][2] == back and merged[-1][0] + merged[-1][1] == column:
            merged[-1][1] += count
        else:
            merged.append([column, count, back])
    return [tuple(one) for one in merged if one[2] and one[2] != BACKGROUND]


def svg(title, lines, columns):
    width, height = columns * WIDTH + 2 * MARGIN, len(lines) * HEIGHT + 2 * MARGIN + BAR
    yield (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
           f' role="img" aria-label="{escape(title)}" font-family="ui-monospace,\'DejaVu Sans Mono\',Menlo,Consolas,monospace"'
           f' font-size="{SIZE}" xml:space="preserve">')
    yield f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>'
    for i, fill in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        yield f'<circle cx="{MARGIN + 8 + i * 18}" cy="18" r="5.5" fill="{fill}"/>'
    yield f'<text x="{width / 2:.0f}" y="22" text-anchor="middle" fill="#9aa3b2" font-size="12">{escape(title)}</text>'
    look = Look()
    for i, line in enumerate(lines):
        top = MARGIN + BAR + i * HEIGHT
        found = runs(line, look)
        for column, count, back in backgrounds(found):
            yield (f'<rect x="{MARGIN + column * WIDTH:.1f}" y="{top}" width="{count * WIDTH:.1f}" height="{HEIGHT}"'
                   f' fill="{back}" shape-rendering="crispEdges"/>')
        for column, count, text, (front, _, bold, dim, underline) in found:
            x, length = f"{MARGIN + column * WIDTH:.1f}", f"{count * WIDTH:.1f}"
            if not text.strip() or not count:
                continue
            extra = (' font-weight="bold"' if bold else "") + (' opacity=".6"' if dim else "") + \
                (' text-decoration="underline"' if underline else "")
            yield (f'<text x="{x}" y="{top + 14}" fill="{front}"{extra} textLength="{length}"'
                   f' lengthAdjust="spacingAndGlyphs">{escape(text)}</text>')
    yield "</svg>"


def main():
    title, lines = sys.argv[1], sys.stdin.read().rstrip("\n").split("\n")
    columns = max(sum(columns_of(c) for c in re.sub(r"\033\[[0-9;]*m", "", line)) for line in lines)
    print("\n".join(svg(title, lines, columns)))


main()

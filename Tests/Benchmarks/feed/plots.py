# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Draws what Tests/Benchmarks/feed/quality measured as SVG, by hand: no library, the same bytes from the same tables."""
import csv
import statistics
from collections import defaultdict

STRENGTHS = ("weak", "medium", "strong")
COLOURS = {
    "resguardo": "#0b6e4f",
    "CooRTweet, best cut": "#b5541c",
    "CooRTweet, default": "#e0a878",
    "toolkit, best cut": "#34568b",
    "toolkit, default": "#9db4d3",
}
DATA_COLOURS = ("#0b6e4f", "#34568b", "#b5541c", "#7b4b94", "#888888", "#c2a000", "#aa3355")
HEIGHT, WIDTH, LEFT, TOP = 150, 260, 60, 40


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class Picture:
    def __init__(self, width, height):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
        ]

    def text(self, x, y, content, anchor="start", weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}">{content}</text>')

    def line(self, x, y, to_x, to_y, colour="#ccc", width=1.0, dash=""):
        style = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}" stroke-width="{width}"{style}/>'
        )

    def dot(self, x, y, colour):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>')

    def axis(self, x, y, title):
        """A panel for values from 0 to 1; gives back where a value stands."""
        self.text(x, y - 8, title, weight="bold")
        for step in range(0, 5):
            level = y + HEIGHT - HEIGHT * step / 4
            self.line(x, level, x + WIDTH, level)
            self.text(x - 6, level + 4, f"{step / 4:g}", "end")
        return lambda value: y + HEIGHT * (1 - value)

    def save(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*self.parts, "</svg>", ""]))


def quality(rows, path):
    """Precision and recall of accounts: medians, and lines from the worst to the best seed."""
    values = defaultdict(list)
    for row in rows:
        for measure in ("precision", "recall"):
            values[row["data"], row["strength"], row["rule"], measure].append(float(row[f"account_{measure}"]))
    picture = Picture(2 * (WIDTH + LEFT) + 30, 2 * (HEIGHT + TOP) + 100)
    for column, data in enumerate(("planted", "societies")):
        for line, measure in enumerate(("precision", "recall")):
            x, y = LEFT + column * (WIDTH + LEFT), TOP + line * (HEIGHT + TOP + 20)
            at = picture.axis(x, y, f"{measure} of accounts, generator {column + 1}")
            for place, strength in enumerate(STRENGTHS):
                centre = x + WIDTH * (2 * place + 1) / 6
                picture.text(centre, y + HEIGHT + 15, strength, "middle")
                for index, (rule, colour) in enumerate(COLOURS.items()):
                    seeds = values[data, strength, rule, measure]
                    if seeds:
                        spot = centre + (index - 2) * 13
                        picture.line(spot, at(min(seeds)), spot, at(max(seeds)), colour, 2)
                        picture.dot(spot, at(statistics.median(seeds)), colour)
    for index, (rule, colour) in enumerate(COLOURS.items()):
        spot = LEFT + index * 122
        picture.dot(spot, 2 * (HEIGHT + TOP) + 68, colour)
        picture.text(spot + 8, 2 * (HEIGHT + TOP) + 72, rule)
    picture.save(path)


def calibration(rows, path):
    """The part of shuffles in which anything is found, against the declared rate."""
    picture = Picture(WIDTH + LEFT + 240, HEIGHT + TOP + 50)
    at = picture.axis(LEFT, TOP, "shuffles in which anything is found")
    place = lambda rate: LEFT + WIDTH * rate / 0.5
    for rate in (0.05, 0.1, 0.2, 0.5):
        picture.text(place(rate), TOP + HEIGHT + 15, f"{rate:g}", "middle")
    picture.text(LEFT + WIDTH / 2, TOP + HEIGHT + 32, "declared rate", "middle")
    picture.line(place(0), at(0), place(0.5), at(0.5), "#444", 1, "4 3")
    names = list(dict.fromkeys(row["data"] for row in rows))
    for index, name in enumerate(names):
        colour = DATA_COLOURS[index % len(DATA_COLOURS)]
        points = [(place(float(r["rate"])), at(int(r["with"]) / int(r["shuffles"]))) for r in rows if r["data"] == name and r["rate"]]
        for (x, y), (to_x, to_y) in zip(points, points[1:]):
            picture.line(x, y, to_x, to_y, colour, 1.5)
        for x, y in points:
            picture.dot(x, y, colour)
        picture.dot(LEFT + WIDTH + 24, TOP + 18 * index + 20, colour)
        picture.text(LEFT + WIDTH + 32, TOP + 18 * index + 24, name)
    picture.text(LEFT + WIDTH + 20, TOP, "dashed: what is declared")
    peers = [int(r["with"]) / int(r["shuffles"]) for r in rows if r["rule"].startswith("CooRTweet")]
    if peers:
        picture.line(LEFT, at(statistics.mean(peers)), LEFT + WIDTH, at(statistics.mean(peers)), COLOURS["CooRTweet, best cut"], 2)
        picture.text(LEFT + WIDTH + 20, TOP + 18 * len(names) + 24, f"line above: CooRTweet, default ({statistics.mean(peers):.2f})")
    picture.save(path)


def draw(tables, target):
    """Draws the plots whose tables are there."""
    for name, plot in (("quality", quality), ("shuffled", calibration)):
        if (tables / f"{name}.csv").exists():
            plot(read(tables / f"{name}.csv"), target / f"detection-{name}.svg")

"""A written text, cut into paragraphs and sentences the one way that all scripts of this folder cut it."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent

# A full stop, question or exclamation mark, with the quotation marks that close after it, and a space; the next
# sentence begins with a capital. So `"Really!" said the princess.` is one sentence.
_BORDER = re.compile(r"""(?<=[.?!:])(["']*)\s+(?=["']*[A-Z])""")


def paragraphs(slug):
    """The paragraphs of `stories/SLUG.txt`, each a list of its sentences."""
    text = (HERE / "stories" / f"{slug}.txt").read_text(encoding="utf-8").strip()
    return [sentences(" ".join(block.split())) for block in re.split(r"\n\s*\n", text)]


def sentences(paragraph):
    """The sentences of a paragraph. A colon ends one only before a quotation or a verse that begins with a capital."""
    found, start = [], 0
    for border in _BORDER.finditer(paragraph):
        found.append(paragraph[start : border.end(1)])
        start = border.end()
    return found + [paragraph[start:]]

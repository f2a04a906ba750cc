"""Where a text names pictures: asked of the parser that shows them, so that what stands in code or
behind a backslash is none, and what is named by a reference is one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.helpers import parseLinkDestination
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from booking.articles.sources.found import escape

Edit = tuple[int, int, str]  # From, to, and what stands there instead.


class Named(NamedTuple):
    """A picture as a text names it: its words without what marks them, and its address."""

    words: str
    address: str


def readdress(text: str, lead: Callable[[Named], Named | None]) -> str:
    """Return `text` with what `lead` says of each picture; None leaves it as it was written.

    Nothing else of the text changes. What several name by one reference is asked about once.
    """
    env: dict[str, Any] = {}
    tokens = _parser.parse(text, env)
    places = _Places(text, env.get("references", {}))
    edits: set[Edit] = set()
    answers: dict[str, Named | None] = {}
    for inline in (token for token in tokens if token.type == "inline"):
        lines = places.lines(inline)
        for image in (one for one in inline.children or () if "at" in one.meta):
            was = Named(_words(image), str(image.attrGet("src")))
            label = image.meta.get("label", "")
            now = answers[label] if label in answers else lead(was)
            if label:
                answers[label] = now
            if now is not None:
                words = was.words if label and was.words else now.words
                edits |= set(places.edits(inline, lines, image, was, Named(words, now.address)))
    return _edited(text, edits)


class Line(NamedTuple):
    """A line as the parser says it: where its column 0 is in the text, and how it was typed."""

    base: int
    typed: Callable[[str], str]


class _Places:
    """Finds in a text what the parser tells of: it knows lines, and places within what they say."""

    def __init__(self, text: str, references: Mapping[str, Any]):
        self.text = text
        self.references = references
        self.starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self.looked_to: dict[int, int] = {}  # How far a line has been looked through.

    def lines(self, inline: Token) -> Sequence[Line | None]:
        """Return where each line that an inline token says stands in the text."""
        said = inline.content.split("\n")
        if inline.map is None:  # A footnote within a line, which the parser does not tell.
            return [self._line(line, 0, len(self.text)) for line in said]
        found = []
        for number, line in enumerate(said, inline.map[0]):
            begin, end = self.starts[number : number + 2]
            found.append(self._line(line, self.looked_to.get(number, begin), end, number))
        return found

    def _line(self, said: str, begin: int, end: int, number: int = -1) -> Line | None:
        for typed in (_as_said, _in_a_cell):
            words = typed(said.strip())
            at = self.text.find(words, begin, end)
            if at >= 0:
                self.looked_to[number] = at + len(words)
                return Line(at - said.index(said.strip()), typed)
        return None

    def edits(
        self, inline: Token, lines: Sequence[Line | None], image: Token, was: Named, now: Named
    ) -> Iterator[Edit]:
        """Yield what has to change in the text for a picture to be named as `now` says."""
        words, target = image.meta["at"]
        if now.words != was.words:
            yield from _edit(inline, lines, words, escape(now.words, is_linked=True))
        if target is not None:
            yield from _edit(inline, lines, target, as_target(now.address))
        elif (place := self._defined(image)) is not None:
            yield *place, as_target(now.address)

    def _defined(self, image: Token) -> tuple[int, int] | None:
        """Return where the address stands that a reference leads to."""
        first, end = self.references[image.meta["label"]]["map"]
        at = self.text.find("]:", self.starts[first], self.starts[end])
        while at >= 0:
            begin = at + 2
            while begin < len(self.text) and self.text[begin] in " \t\n>":
                begin += 1
            found = parseLinkDestination(self.text, begin, len(self.text))
            if found.ok and _parser.normalizeLink(found.str) == image.attrGet("src"):
                return begin, found.pos
            at = self.text.find("]:", at + 2, self.starts[end])
        return None


def _edit(
    inline: Token, lines: Sequence[Line | None], span: tuple[int, int], put: str
) -> Iterator[Edit]:
    before = inline.content[: span[0]]
    line = lines[before.count("\n")]
    if line is not None:
        begin = line.base + len(line.typed(before.rpartition("\n")[2]))
        yield begin, begin + len(line.typed(inline.content[span[0] : span[1]])), put


def _as_said(words: str) -> str:
    return words


def _in_a_cell(words: str) -> str:
    """What the parser hears as a bar is typed with a backslash in the cell of a table."""
    return words.replace("|", "\\|")


def _edited(text: str, edits: Collection[Edit]) -> str:
    parts: list[str] = []
    last = 0
    for begin, end, put in sorted(edits):
        parts += [text[last:begin], put]
        last = end
    return "".join([*parts, text[last:]])


def as_target(address: str) -> str:
    """Return an address as it may stand in Markdown, whatever it holds."""
    unsafe = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\\": "%5C"}
    if not address:
        return "<>"
    return "".join(unsafe.get(char, char) for char in address if char >= " ")


def _words(image: Token) -> str:
    return _shown.renderInlineAsText(image.children or [], _parser.options, {}).strip()


def _with_places(rule: Callable[[Any, bool], bool]) -> Callable[[Any, bool], bool]:
    """Have the rule for pictures tell where in its text the words and the address stand."""

    def image(state: Any, silent: bool) -> bool:
        begin = state.pos
        if not rule(state, silent):
            return False
        if not silent:
            token = state.tokens[-1]
            words = begin + 2, begin + 2 + len(token.content)
            token.meta["at"] = words, _target(state.src, words[1] + 1, state.pos)
        return True

    return image


def _target(said: str, begin: int, end: int) -> tuple[int, int] | None:
    """Return where an address stands behind the words of a picture; None for a reference."""
    if not said.startswith("(", begin, end):
        return None
    begin += 1
    while said[begin].isspace():
        begin += 1
    found = parseLinkDestination(said, begin, end)
    return begin, found.pos if found.ok else begin


def _picture_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "store_labels": True})
    parser.enable("table").use(footnote_plugin)
    rules = {rule.name: rule.fn for rule in parser.inline.ruler.__rules__}
    parser.inline.ruler.at("image", _with_places(rules["image"]))
    return parser


_parser = _picture_parser()
_shown = RendererHTML(_parser)

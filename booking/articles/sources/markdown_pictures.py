"""The pictures that a Markdown file names, found beside it."""

from pathlib import Path

from booking.articles.sources import files
from booking.articles.sources.files import Pictures
from booking.articles.sources.found import (
    LONGEST_ALT,
    Seen,
    SourceError,
    Told,
    counted,
    note_wordless,
    one_line,
)
from booking.articles.sources.picture_places import Named, readdress
from booking.domain.pictures import ROOT

# Pictures that are here already, and drawings of our own.
OURS = (ROOT, "drawing:")


def beside(path: Path, told: Told) -> Pictures:
    """Return the pictures that a file may name: those beside it, and those of its whole folder."""
    roots = [path.parent]
    if told.root is not None:
        roots.append(told.root)
        # Hugo keeps those of the site in "static", which must not be a way out of the folder.
        static = told.root / "static"
        roots += [static] if files.is_inside(static, told.root) else []
    return Pictures(*roots, *filter(None, [told.uploads]))


def with_pictures(
    body: str, pictures: Pictures, told: Told, notes: list[str], title: str
) -> tuple[str, list[Seen]]:
    """Return the text with marks for the pictures that were found, and those pictures.

    One that has no words gets the title's, since a picture of ours must have some.
    """
    seen: list[Seen] = []
    missing: list[str] = []
    wordless = 0

    def take(named: Named) -> Named | None:
        nonlocal wordless
        whole = files.path_of(named.address)
        is_far = "://" in named.address and told.uploads is None
        file = None if is_far else pictures.find(whole)
        words = one_line(named.words, LONGEST_ALT) or one_line(title, LONGEST_ALT)
        if file is None:
            if not named.address.startswith(OURS):
                missing.append(one_line(whole, 80))
                return None
            wordless += not named.words
            return named._replace(words=named.words or words)
        try:
            digest = files.digest_of(file)
        except SourceError as error:
            notes.append(f"the picture {one_line(whole, 80)} {error}")
            return None
        wordless += not named.words
        seen.append(Seen(f"import:{len(seen)}", file, words, digest, named.address))
        return Named(named.words or words, seen[-1].mark)

    text = readdress(body, take)
    if missing:
        shown = ", ".join(sorted(set(missing))[:5])
        notes.append(f"{counted(len(missing), 'picture')} not beside it: {shown}")
    note_wordless(wordless, notes)
    return text, seen

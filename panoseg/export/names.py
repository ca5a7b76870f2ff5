"""Names for files that carry the photo's name and are safe on every system."""

import re

_PICTURE_SUFFIX = re.compile(
    r"\.(?:jpe?g|jpe|jfif|mpo|png|webp|gif|bmp|dib|tiff?|avif|hei[cf]|hif)$", re.IGNORECASE
)
# What a file system, a shell, a web address or a spreadsheet could act on.
_UNSAFE = frozenset('<>:"/\\|?*=@%#;!$`^~{}[]')
_MOST_BYTES = 120


def file_name(photo_name: str, suffix: str) -> str:
    """The photo's name without its folders and picture suffix, a hyphen, and `suffix`.

    Letters of every script stay; what a system, a shell, a web address or a spreadsheet could act on
    becomes a hyphen. The photo's part is at most 120 bytes of UTF-8, and "photo" where nothing is left.

    >>> file_name("holiday.jpg", "overlay.png")
    'holiday-overlay.png'
    """
    last = re.split(r"[/\\]", photo_name.rstrip("/\\"))[-1].strip()
    stem = _PICTURE_SUFFIX.sub("", last)
    safe = "".join(c if c.isprintable() and c not in _UNSAFE else "-" for c in stem)
    short = safe.lstrip("-. +'").encode()[:_MOST_BYTES].decode(errors="ignore").rstrip("-. ")
    return f"{short or 'photo'}-{suffix}"


def picture_name(photo_name: str) -> str:
    """The name of the photo's own file; one that was drawn or taken here has none, and is a PNG file.

    >>> picture_name("holiday.jpg"), picture_name("Red bus")
    ('holiday.jpg', 'Red bus.png')
    """
    return photo_name if _PICTURE_SUFFIX.search(photo_name) else f"{photo_name}.png"


_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\.|$)", re.IGNORECASE)  # on Windows, in any folder


def safe_part(name: str) -> str:
    """A name as one part of a path that is safe on every system; "photo" where nothing is left.

    >>> safe_part("con.tar"), safe_part("a/b: c")
    ('con.tar_', 'a-b- c')
    """
    short = file_name(name.replace("/", "-").replace("\\", "-"), "").removesuffix("-")
    return f"{short}_" if _RESERVED.match(short) else short


class SafePaths:
    """Gives each picture of a data set a path without suffix that is safe and that no other has.

    Folders stay; names that differ by nothing but case are told apart, as some systems do not.

    >>> paths = SafePaths()
    >>> paths.of("a/x.png"), paths.of("b/x.png"), paths.of("A/X.jpg"), paths.of("../c:/x.png")
    ('a/x', 'b/x', 'A/X-2', 'c-/x')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        """A new path for a picture of that name."""
        parts = [part for part in name.replace("\\", "/").split("/") if part.strip(". ")] or ["photo"]
        stem = "/".join(safe_part(part) for part in parts)
        path, count = stem, 1
        while path.casefold() in self._taken:
            count += 1
            path = f"{stem}-{count}"
        self._taken.add(path.casefold())
        return path

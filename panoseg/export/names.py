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

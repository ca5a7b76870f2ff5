"""Words of others on the page: file names, labels and model names are shown, never obeyed."""

_MARKDOWN = frozenset(r"\`*_{}[]()#+-.!|<>~$:&")


def plain(text: str) -> str:
    r"""A text with everything that Markdown would act on defused.

    >>> plain("my_*cat*.jpg")
    'my\\_\\*cat\\*\\.jpg'
    """
    return "".join("\\" + character if character in _MARKDOWN else character for character in text)

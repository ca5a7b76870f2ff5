"""What the errors of torch, transformers and OpenVINO say, where their types do not tell; nothing else
reads them.

tests/models/test_error_texts.py raises each of them anew with the installed versions.
"""


def says_no_memory(error: BaseException) -> bool:
    """Whether torch or OpenVINO could not allocate memory; CUDA has an error of its own for that."""
    return "alloc" in str(error)


def says_unfit(error: BaseException) -> bool:
    """Whether transformers found weights of other shapes than the configuration asks for."""
    return "ignore_mismatched_sizes" in str(error)


def says_damaged(error: BaseException) -> bool:
    """Whether torch could not read a file of pickled weights to its end."""
    return "PytorchStreamReader" in str(error)


def first_sentence(error: BaseException) -> str:
    """What an error of theirs says, short enough to be shown: at most 160 characters, without a full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].split(". ")[0].removesuffix(".")[:160]

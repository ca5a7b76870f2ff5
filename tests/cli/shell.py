"""The command line in a test."""

from panoseg import cli


def run(*arguments):
    """The exit status of `panoseg` with these arguments."""
    return cli.main([str(argument) for argument in arguments])


def only_line(captured):
    """What was said on the error stream, which must be one line."""
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err
    return captured.err

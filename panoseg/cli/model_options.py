"""The options that say which model looks, how, and at what size: the same for every command that predicts."""

from __future__ import annotations

import argparse
from typing import Any, get_args

import panoseg
from panoseg.cli.download_question import add_yes, question
from panoseg.cli.progress_bar import ProgressBar
from panoseg.models import Segmenter
from panoseg.models.checkpoints.size_choice import LARGEST_EDGE, SMALLEST_EDGE
from panoseg.models.remote.address import ServerAddress, is_address
from panoseg.setting_values import EngineName
from panoseg.settings import settings


def add_model(parser: argparse.ArgumentParser, *, model: str | None, input_size: str | None) -> None:
    """The options and their defaults; None is what a run was made with."""
    own = "" if model else "; of a run that is there, its own"
    parser.add_argument(
        "--model",
        default=model,
        metavar="NAME",
        help=f'"demo" (the default{own}), a hub id, a folder, or the address of a model server',
    )
    parser.add_argument(
        "--input-size",
        default=input_size,
        metavar="SIZE",
        help=f'how large the model sees a photo: "shipped" (the default{own}), "paper", or the shorter edge '
        f"in pixels, {SMALLEST_EDGE} to {LARGEST_EDGE}; larger is finer and slower",
    )
    parser.add_argument(
        "--engine",
        choices=get_args(EngineName),
        default="auto",
        help="what runs the network; openvino converts it first, once (default auto)",
    )
    parser.add_argument(
        "--things",
        metavar="LIST",
        help="the labels that are countable things, for a checkpoint of an unknown data set; for this run "
        "(panoseg models things remembers them)",
    )
    add_yes(parser)


def load(options: argparse.Namespace, name: str | None = None, **more: Any) -> Segmenter:
    """As a person at a terminal wants it: asked before a download, with a bar.

    Args:
        options: those of `add_model`.
        name: of the model; that of the options by default.
        more: as of `panoseg.load_segmenter`.
    """
    arguments: dict[str, Any] = {"engine": options.engine, **more}
    with ProgressBar() as bar:
        return panoseg.load_segmenter(
            _place(name or options.model),
            things=things(options),
            progress=bar,
            ask=question(yes=options.yes),
            **arguments,
        )


def things(options: argparse.Namespace) -> list[str] | None:
    """The labels that were named as things, if any were."""
    if options.things is None:
        return None
    return [name.strip() for name in options.things.split(",") if name.strip()]


def _place(name: str) -> str:
    """The model's own name, or where it is on the operator's model server."""
    server = settings().server
    return name if server is None or is_address(name) else ServerAddress.read(server).of_model(name)

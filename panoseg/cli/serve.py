"""`panoseg serve`: models for pages and shells on other machines (docs/serving.md)."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from typing import Any, get_args

from panoseg.cli.download_question import add_yes, question
from panoseg.cli.progress_bar import ProgressBar
from panoseg.errors import InvalidValueError
from panoseg.models import pull
from panoseg.models.downloads.hub import is_cached, is_hub_id
from panoseg.photo import PhotoLimits
from panoseg.setting_values import CATALOG, DEMO, EngineName
from panoseg.settings import settings

_LANES, _GPU_LANES = 2, 16
_DEFAULT_PORT = 7100


def add(commands: Any) -> None:
    """The command and its options."""
    parser = commands.add_parser("serve", help="serve models to pages and shells on other machines")
    parser.set_defaults(command=serve)
    parser.add_argument(
        "--model",
        action="append",
        metavar="NAME",
        help='"demo", a hub id, or a folder; may be given several times (default: PANOSEG_MODELS, or demo)',
    )
    parser.add_argument("--replicas", type=int, default=1, metavar="N", help="of each model (default 1)")
    parser.add_argument(
        "--port", type=int, default=_DEFAULT_PORT, metavar="P", help=f"default {_DEFAULT_PORT}"
    )
    parser.add_argument(
        "--address",
        default="127.0.0.1",
        metavar="A",
        help="where it listens: 127.0.0.1 (the default); beyond that, PANOSEG_TOKEN must be set",
    )
    parser.add_argument(
        "--engine", choices=get_args(EngineName), default="auto", help="what runs the networks"
    )
    parser.add_argument("--device", metavar="D", help="cpu, cuda … (default: the fastest that is there)")
    parser.add_argument(
        "--gpus", type=float, default=0.0, metavar="G", help="of each replica; may be a fraction (default 0)"
    )
    parser.add_argument(
        "--threads", type=int, metavar="T", help="of each replica (default: the cores, shared among them)"
    )
    parser.add_argument(
        "--ray", metavar="ADDRESS", help="a cluster of Ray's that is there (default: one on this machine)"
    )
    add_yes(parser)


def serve(options: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        InvalidValueError: an option makes no sense, or Ray is not installed.
        ModelError: a model cannot be had.
    """
    if find_spec("ray") is None:
        raise InvalidValueError(
            "Serving models needs Ray, which is not installed; `pip install panoseg[ray]` brings it along."
        )
    for name, least, most in (("replicas", 1, 1000), ("port", 0, 65535), ("threads", 1, 1024)):
        value = getattr(options, name)
        if value is not None and not least <= value <= most:
            raise InvalidValueError(f"--{name}: wanted {least} to {most}, got {value}.")
    if not 0 <= options.gpus <= 64:
        raise InvalidValueError(f"--gpus: wanted 0 to 64, got {options.gpus:g}.")
    from panoseg.model_server.ray_pool import ClusterOptions, RayPool
    from panoseg.model_server.replica import ReplicaOptions
    from panoseg.model_server.server import ModelServer, ServerOptions

    chosen = settings()
    limits = PhotoLimits(max_bytes=chosen.max_upload_mb * 2**20, max_pixels=chosen.max_megapixels * 1_000_000)
    lanes = _GPU_LANES if options.gpus else _LANES
    door = ServerOptions(
        options.address,
        options.port,
        chosen.token,
        limits,
        chosen.max_waiting,
        replicas=options.replicas,
        lanes=lanes,
    )
    names = _models(options)
    _download(names, options)
    replicas = [
        ReplicaOptions(
            name,
            engine=options.engine,
            device=options.device,
            lanes=lanes,
            cache_bytes=_cache_bytes(chosen.cache_mb),
            max_edge=chosen.max_edge,
            limits=limits,
        )
        for name in names
    ]
    cluster = ClusterOptions(
        replicas, options.ray, replicas=options.replicas, threads=options.threads, gpus=options.gpus
    )
    ModelServer(door, RayPool(cluster)).run()
    return 0


def _models(options: argparse.Namespace) -> list[str]:
    given = options.model or [name for name in settings().models or () if name != CATALOG] or [DEMO]
    return list(dict.fromkeys(given))


def _download(names: list[str], options: argparse.Namespace) -> None:
    """Before anything is started, and with the operator's word."""
    with ProgressBar() as bar:
        for name in names:
            if is_hub_id(name) and not is_cached(name):
                pull(name, progress=bar, ask=question(yes=options.yes))


def _cache_bytes(megabytes: int | None) -> int:
    return 2**28 if megabytes is None else megabytes * 2**20

"""Which models the page offers: visitors choose only what the operator allows."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import streamlit as st

from panoseg.hosting.hosts import is_loopback
from panoseg.models.checkpoints.catalog import CATALOG as ENTRIES
from panoseg.models.checkpoints.catalog import QUALITY_CAVEAT, Entry
from panoseg.models.downloads.hub import is_cached, is_hub_id, public_name
from panoseg.protocol.model_facts import ModelFacts
from panoseg.serving.served_models import ServedModels
from panoseg.setting_values import CATALOG, DEMO
from panoseg.settings import Settings, settings
from panoseg.tasks import Task

COCO = "facebook/mask2former-swin-tiny-coco-panoptic"
_here: set[str] = set()


@dataclass(frozen=True, slots=True)
class Offer:
    """A model in the picker.

    Attributes:
        name: for `load_segmenter`.
        title: what the picker shows.
        public_name: what links and files call it; no two have the same.
        about: a line or two about it.
        more: what else is worth knowing, in Markdown.
        entry: its place in the catalogue, if it has one.
        remote: whether a model server runs it.
        largest_edge: the largest shorter edge of an input there, in pixels, once that is known.
    """

    name: str
    title: str
    public_name: str
    about: str
    more: str = ""
    entry: Entry | None = None
    remote: bool = False
    largest_edge: int | None = None

    @property
    def task(self) -> Task:
        """What it was trained for, as far as that is known."""
        return self.entry.task if self.entry else Task.PANOPTIC

    @property
    def is_local(self) -> bool:
        """Whether it needs no hub: the demo, a folder, or what a model server has."""
        return self.remote or not is_hub_id(self.name) or os.path.isdir(self.name)


def offers() -> tuple[Offer, ...]:
    """What the operator allows, in that order; where nothing is said, the catalogue.

    Of that, only what was downloaded before where other machines can come in: strangers fill no disk.
    Where a model server runs them, what that offers.
    """
    if settings().server is not None:
        return _served_offers(settings())
    return _offers(settings(), is_open())


def is_open() -> bool:
    """Whether other machines than this one can come in."""
    return not is_loopback(st.get_option("server.address"))


@cache  # the disk is looked at once, not at every run of the page
def _offers(chosen: Settings, strangers: bool) -> tuple[Offer, ...]:
    names = (CATALOG,) if chosen.models is None else chosen.models
    spelt_out = [each for name in names for each in (ENTRIES if name == CATALOG else [name])]
    offered = [_described(name) for name in dict.fromkeys(spelt_out)]
    if strangers and chosen.models is None:
        offered = [each for each in offered if each.is_local or is_cached(each.name)]
    return _told_apart(offered)


def _served_offers(chosen: Settings) -> tuple[Offer, ...]:
    facts = {each.name: each for each in _served_models().known()}
    said = [name for name in chosen.models or () if name != CATALOG]
    # A server that has not answered yet has something to offer, too: trying it says what is wrong.
    return _told_apart(_served_offer(name, facts.get(name)) for name in said or facts or (DEMO,))


def _served_offer(name: str, facts: ModelFacts | None) -> Offer:
    entry = ENTRIES.get(name)
    about = "Runs on the model server of this site."
    if entry is not None:
        about = f"{entry.knows}: {len(entry.data_set.labels)} classes. {about}"
    more = "" if entry is None else f"{_classes(entry)}. Weights: {entry.licence}."
    title = _own_name(name) if entry is None else entry.title
    edge = facts.largest_edge if facts else None
    return Offer(name, title, public_name(name), about, more, entry, True, edge)


@cache
def _served_models() -> ServedModels:
    chosen = settings()
    return ServedModels(chosen.server or "", chosen.token)


def forget_server() -> None:
    """Ask it anew: for tests, each of which has a server of its own."""
    _served_models.cache_clear()


def is_here(model: Offer) -> bool:
    """Whether it needs no download: what was there once is looked for no more."""
    if model.name not in _here and (model.is_local or is_cached(model.name)):
        _here.add(model.name)
    return model.name in _here


def offer(name: str) -> Offer:
    """How the page presents a model of that name."""
    for each in offers():
        if each.name == name:
            return each
    return _described(name) if settings().server is None else _served_offer(name, None)


def offer_called(words: str) -> Offer | None:
    """The one on offer that a link calls so: by its public name, or as the picker does."""
    return next((each for each in offers() if words in (each.public_name, each.title)), None)


def _told_apart(offered: Iterable[Offer]) -> tuple[Offer, ...]:
    """The same; one that would be called like an earlier one, as folders can be, gets a number."""
    apart: list[Offer] = []
    taken: set[str] = set()
    for each in offered:
        number, own = 1, each
        while not taken.isdisjoint((own.title, own.public_name)):
            number += 1
            title = f"{each.title} ({number})"
            is_folder = each.public_name == each.title
            own = replace(each, title=title, public_name=title if is_folder else each.public_name)
        taken |= {own.title, own.public_name}
        apart.append(own)
    return tuple(apart)


def _own_name(name: str) -> str:
    """Without what stands before it.

    >>> _own_name("facebook/some-model"), _own_name("/srv/models/some-model/")
    ('some-model', 'some-model')
    """
    return public_name(name).rsplit("/", 1)[-1]


def _described(name: str) -> Offer:
    entry = ENTRIES.get(name)
    if entry is None:
        return Offer(name, _own_name(name), public_name(name), "Offered by this server's operator.")
    if name == DEMO:
        return Offer(
            name,
            entry.title,
            name,
            "It knows only its drawn world.",
            f"Ships with panoseg and works offline. {_classes(entry)}, "
            f"{entry.backbone.parameters / 1e6:.1f} M parameters. Weights: {entry.licence}.",
            entry,
        )
    size = f"{entry.backbone.parameters / 1e6:.0f} M parameters"
    return Offer(
        name,
        entry.title,
        name,
        f"{entry.knows}: {len(entry.data_set.labels)} classes. About {entry.download_bytes / 1e6:.0f} MB, "
        f"{entry.metric} {entry.quality}, {entry.licence}.",
        f"{_classes(entry)}. {size}, downloaded once from the Hugging Face hub.\n\n"
        f"**{entry.metric} {entry.quality}**: {QUALITY_CAVEAT}\n\n"
        f"Weights: {entry.licence}, not for commercial use.",
        entry,
    )


def _classes(entry: Entry) -> str:
    return f"{len(entry.data_set.labels)} classes, {len(entry.data_set.things)} of them countable things"

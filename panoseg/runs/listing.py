"""Pictures that are named → rows of the ledger: which are new, which are there, which have moved."""

from __future__ import annotations

import os
from collections.abc import Iterable

from panoseg.runs.ledger import Ledger
from panoseg.runs.sources import Names, Source
from panoseg.runs.stores import is_url


def list_pictures(ledger: Ledger, sources: Iterable[Source]) -> None:
    """Add what is new, all of it or nothing; pictures that are there already stay where they are.

    A picture is known by the place where it lies. One of the same name whose old place is gone has moved: its
    prediction stays, and the new place is noted.

    Raises:
        SourceError: as of `find_pictures`.
    """
    new: list[Source] = []
    seen: set[tuple[str, str]] = set()
    is_new = not any(ledger.counts().values())
    for source in sources:
        if (source.place, source.member) in seen:
            continue
        seen.add((source.place, source.member))
        if is_new:
            new.append(source)
            continue
        if ledger.at_place(source.place, source.member) is not None:
            continue
        known = ledger.find(source.name)
        if known is not None and not is_url(known.place) and not os.path.exists(known.place):
            ledger.move(known.position, source.place, source.member)
        else:
            new.append(source)
    if new:
        names = Names(ledger.names())
        ledger.add([(names.of(source), source.place, source.member) for source in new])

"""A run's export on Ray Data: a task per shard; the caller's process sees sums and reasons."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from panoseg.errors import PanosegError, RunError, sentence_of
from panoseg.runs.exporting import Exported
from panoseg.runs.on_ray.job import working
from panoseg.runs.shard_exports import ShardExport, Spread, export_shard


def spread_on(ray: Any) -> Spread:
    """What has shards exported by a cluster; the folder is the same for every machine.

    Args:
        ray: connected.
    """

    def spread(wanted: ShardExport, shards: Sequence[int]) -> Iterator[tuple[int, Exported]]:
        items = [{"shard": shard} for shard in shards]
        with working(ray):
            data = ray.data.from_items(items, override_num_blocks=max(1, len(items)))
            for row in data.map(_export, fn_args=(wanted,), num_cpus=1).iter_rows():
                found = json.loads(row["found"])
                if "fault" in found:
                    raise RunError(found["fault"])
                losses = {name: Counter(each) for name, each in found["losses"].items()}
                failures = [(name, reason) for name, reason in found["failures"]]
                yield int(row["shard"]), Exported(found["pictures"], failures, losses)

    return spread


def _export(row: dict[str, Any], wanted: ShardExport) -> dict[str, Any]:
    shard = int(row["shard"])
    try:
        exported = export_shard(wanted, shard, threads=1)
    except (PanosegError, OSError) as error:
        return {"shard": shard, "found": json.dumps({"fault": sentence_of(error)})}
    found = {"pictures": exported.pictures, "failures": exported.failures, "losses": exported.losses}
    return {"shard": shard, "found": json.dumps(found)}

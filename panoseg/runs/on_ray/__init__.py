"""Runs on Ray Data: the same run, byte for byte, by many processes or machines.

    ledger ──▶ pieces ──▶ read, decode, prepare (tasks) ──▶ network (actors) ──▶ rows ──▶ ledger
                                                              └─▶ a file per piece ──▶ shard (tasks)

The caller's process sees names and numbers, never pixels. Only this package imports Ray.
"""

from panoseg.runs.on_ray.cluster import RayOptions, cluster
from panoseg.runs.on_ray.exporting import spread_on
from panoseg.runs.on_ray.job import OnRay

__all__ = ["OnRay", "RayOptions", "cluster", "spread_on"]

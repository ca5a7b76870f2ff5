"""Loops over tiles, cells and pixels, as machine code (`panoseg.merging.machine_code`).

Importing a module of this package imports Numba; the rest of panoseg does so inside functions only.
"""

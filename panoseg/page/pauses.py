"""Pauses that let a browser do one thing before it is sent the next; each was measured on two cores.

A browser works on each piece of the page as it comes, and a Python process has one lock: without these, what
matters most waits for what matters less. `benchmarks/start.py` and `viewer.py` show what each gives.
"""

FIRST_IMPORT_SECONDS = 0.7
"""At the first visit, before torch is imported: the page's own files came 1 s later beside it."""

FIRST_VISIT_SECONDS = 3.0
"""After the start, before the first model loads: who comes at once finds a server with nothing else to do."""

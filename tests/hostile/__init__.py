"""What strangers may send, made by seeds: every case ends in a result or in one of panoseg's own errors.

Half a minute of it is in `make test`; an hour by hand is `python -m tests.hostile --minutes 60`, and one case
again `python -m tests.hostile --kind picture --seed 4711`.
"""

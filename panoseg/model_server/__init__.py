"""Models behind a door of their own, for pages and shells elsewhere (`panoseg serve`, docs/serving.md).

One process is the door: it knows who may come in, has the line in front of each model, and hands pictures to
replicas, which Ray Serve starts, watches and replaces. Ray is imported where it is started and nowhere else.
"""

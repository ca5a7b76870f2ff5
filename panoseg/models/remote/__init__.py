"""Models that run on a server (`panoseg serve`, docs/serving.md): no weights and no torch on this machine."""

"""Tests of panoseg.models: checkpoints, their input, their vocabulary, and the way to them."""

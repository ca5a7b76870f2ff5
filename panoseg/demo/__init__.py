"""The embedded default: a drawn world, and a small trained Mask2Former that knows it."""

"""What a checkpoint is, as far as its files and its name tell: no weight is touched."""

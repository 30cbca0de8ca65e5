"""Models: arrays and frames in, arrays and frames out. They know numbers, not themes, regions or files."""

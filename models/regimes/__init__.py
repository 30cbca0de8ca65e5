"""Regimes 区制 of growth and breaks 结构断点 of its mean."""

"""Nowcast 即时预测 of a quarterly series from monthly ones, what moved it, and what it must beat."""

"""Composite scores 综合评价: where their weights come from, and how much ranks depend on them."""

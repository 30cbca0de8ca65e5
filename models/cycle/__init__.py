"""Business cycles 景气循环: band-pass, composite indices, turning points and what revision does to them."""

"""Regional structure 区域结构: specialisation, change in shares, inequality and neighbourhood."""

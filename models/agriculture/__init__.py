"""Agriculture 农业: price anomalies and transmission, balance sheets, cost and return, yield, fertiliser."""

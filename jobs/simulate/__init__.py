"""Seeded simulation 模拟 of what departments hand in; NumPy and pandas only.

Every simulator returns `Delivery` objects; `jobs.deliver` adds the planned defects and writes the files.
Parameters are data: conf/simulation.yaml.
"""

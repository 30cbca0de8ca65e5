"""Indices of the state of the economy: five lights 景气信号灯, diffusion 扩散指数 and PMI 采购经理指数."""

"""Environment 环境: indices of air quality from concentrations."""

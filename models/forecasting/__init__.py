"""Forecasts of many short series at once, with backtest and conformal intervals. Start at `pipeline.run`."""

"""Figures, ways, the rows behind them, and the cost ledger over the API."""

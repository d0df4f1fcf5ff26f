"""The budgets of speed and memory, measured: ``make bench``."""

"""Checks of the findings, comparison with null models and baselines, and effects of single processes."""

"""The published evidence: findings of the study with their roles, its tables, and contradictions of its
papers.

Only ``woc_sim.analysis`` and tests may import this package. No rule, process or input reads it.
"""

"""What was found: the study's findings with the role of each, its tables, and where its papers disagree.

Only ``woc_sim.analysis`` (and what shows its results) may import this package; no rule, process or input
reads it.
"""

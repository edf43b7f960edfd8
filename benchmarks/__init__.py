"""Twins of the person side and what they are for: proof that the kernels are right, and how much faster."""

"""What the simulation means: findings measured, judged against nulls and rivals, and traced to processes."""

"""Rules: what one actor does in one situation. Scalar, pure, one theory family a file, source in the
docstring."""

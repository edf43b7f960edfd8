"""How results look: one style, one file a subject, and the report that binds the pictures together."""

"""The scenario: what is asked of the model, read strictly, with one canonical form and one hash."""

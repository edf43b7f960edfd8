"""The world: what exists. Columns, places, organisations, governance arrays, and the Mesa model that
holds them."""

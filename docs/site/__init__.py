"""The site: the pages of the checkout, pages that are made from the code, and Sphinx, which binds them."""

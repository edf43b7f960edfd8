"""The documentation: pages, the tables in them that are made from the code, and the build of the site."""

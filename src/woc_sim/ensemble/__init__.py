"""Many worlds: what is to be run (design), how (executors), and where finished work is kept (store)."""

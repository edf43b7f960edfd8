"""Many worlds: what is to be run (tasks, plan), how (executors), and where finished runs are stored
(store).
"""

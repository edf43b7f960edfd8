"""Processes: what happens in a month, one file a process, applied in the order of the schedule."""

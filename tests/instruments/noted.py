"""What was noted of a place on the way, for instruments that ask at the end."""

from woc_sim.instruments.follow_up import FollowUp


def noted(place, months=range(144)):
    notes = FollowUp(place, 144)
    for month in months:
        notes.record(month)
    return notes

"""Codes of rival theories. A code is dispatched inside one rule; names are in `woc_sim.scenario.theories`."""

FRIEDKIN_JOHNSEN, BOUNDED_CONFIDENCE, NO_INFLUENCE = range(3)
MODERATED, UNMODERATED, NO_CONTACT = range(3)
THREAT_RATE, THREAT_STOCK, NO_THREAT = range(3)
INTERACTION, BALANCE_OF_POWER, PENALTY = range(3)
CROWDING_OUT, NEED_ONLY = range(2)
FIXED, ENDOGENOUS = range(2)

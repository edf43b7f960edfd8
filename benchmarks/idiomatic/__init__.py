"""The idiomatic twin: the person side as a Mesa user writes it, for speed and as a second opinion.

Agents are activated in shuffled order, draw from the model's generator, and see what others have just done;
so results agree with the kernels in distribution only. The rules are the model's, as plain Python functions;
arrivals, markets and needs of the town as a whole are those of the exact twin. All friends are listened to.
"""

from benchmarks.idiomatic.town import Town

__all__ = ["Town"]

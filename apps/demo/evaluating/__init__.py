"""How good is the local engine? Corpora in which everything to be found is known, and a score.

A corpus is made from a seed: sessions in which mistakes, preferences, workflows, escalations and
changed facts recur in other words and with other values, among anecdotes and chatter; and a store
with duplicates, contradictions and outdated notes in it. Nothing here is seen by the engine.
"""

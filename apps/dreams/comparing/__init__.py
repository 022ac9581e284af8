"""Comparisons: two dreams on the same sessions and the same state of a store, laid side by side.

Both stop once their drafts are checked; nothing of them is in the queue until somebody hands it in.
What was picked counts for what dreamt it: an engine with its model and its instructions.
"""

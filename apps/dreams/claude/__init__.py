"""The engine that asks Claude: what it is shown of sessions and stores, and what is made of it.

What is sent is fenced and without secrets, and what comes back is held against the record: a quote
that its event does not have is dropped, a memory that was not shown is not changed. It proposes;
checks, reviews and policies are the same for it as for the engine without a model.
"""

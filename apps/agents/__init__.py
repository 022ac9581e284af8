"""What sessions point to: the agent that was defined, the environment it ran in.

Both can come from elsewhere with an id of their own, so their public id is unique in a workspace
and their key is a number of ours. A session keeps a snapshot of its agent: these rows only group.
"""

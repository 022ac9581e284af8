"""Following sessions live. Whatever is new is looked up once per process, however many follow.

`tail` is one session's news for its streams and pages, `board` a workspace's for its lists,
`followers` all of a process, who hear the hub.
"""

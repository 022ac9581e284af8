"""The record of what happened: sessions, their threads, and every event of them.

Invariants, held by the database:
- an event is never changed, and deleted only with its whole session, by `erasing.erase` (a trigger
  refuses the rest);
- an event's `sequence` is gapless within its session, from 1;
- a session has exactly one thread without a parent, its primary;
- counters on a session and its threads are those of its events: `recording.record` writes both in
  one transaction and is the only writer;
- which memories a session used (`MemoryUse`) follows from its mounts and events, is written with
  them, and can be made anew from them (`tracking.rebuild`).

What comes from elsewhere keeps the id it came with, so public ids are unique within their
workspace (sessions) or their session (threads, events), and keys are numbers of our own: the
same export can lie in two workspaces without either knowing.

The app's label is `agent_sessions`, because Django has an app `sessions` of its own.
"""

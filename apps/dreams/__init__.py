"""Dreams: jobs that read many sessions, find what recurs, and hand proposed edits to reviews.

The stages and their order are fixed: collect, observe, connect, curate, check, propose. An engine
plugs into observe and curate only. What was observed in a session is kept per engine and version of
it, so that a dream over a thousand sessions of which most were read before pays for the few.

Invariants, held by the database:
- at most one dream writes into a store at a time;
- a dream that has ended says when, and one that has not says nothing of an end;
- a schedule never runs twice for one moment.
"""

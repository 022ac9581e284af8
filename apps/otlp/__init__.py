"""OpenTelemetry traces become sessions: spans come in any order, in pieces, and more than once.

What a request brings is durable when it is answered: as events where the lane of a span is known,
as a row of `Span` where it still waits for a parent. Both happen in one transaction per trace, with
a lock on its row, so a span becomes events once, whoever is killed meanwhile.

Invariants:
- a span of a trace is kept once; whether it became events is said by its `state` alone;
- a trace belongs to one session from the first of its events on: that of the conversation that its
  spans named until then, or one of its own;
- a waiting span waits `PATIENCE` at most; then its missing parent is taken for an agent.

`decoding` reads bytes, `mapping` says what a span means, `placing` finds its lane, `telling` makes
records of it, `remembering` knows what a lane has heard; all of these are pure. `receiving` keeps.
"""

"""From an ordered list of events to what a reader sees of them. Pure: no database, no request.

`entries` is an event as a row needs it, `lanes` are the threads and who is who. `transcript` tells
the conversation in `rows`, each type by its teller; `debug` tells every event, `card` one in full,
`story` all of it in plain words. `place` is the address of what is shown.
"""

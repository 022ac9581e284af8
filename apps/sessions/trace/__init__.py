"""From an ordered list of events to what a reader sees of them. Pure: no database, no request.

`entries` is an event as a row needs it, `lanes` are the threads and who is who, `rows` tells the
conversation, `debug` every event, `card` one event in full.
"""

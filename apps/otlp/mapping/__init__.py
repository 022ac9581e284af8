"""What a span means, whoever wrote it. Pure functions, from attributes to plain values.

Frameworks follow OpenTelemetry's GenAI conventions (in several editions), OpenInference's, or their
own; they differ in where a thing stands and how a message is written, not in what is said. So there
is one table of places per thing, and one reader for messages of every shape.
"""

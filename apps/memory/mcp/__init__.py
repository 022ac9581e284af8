"""The Model Context Protocol: memory stores as tools, for Claude Code, editors and other agents.

`/mcp` is an endpoint like those of `/v1`: the same keys, rights, limits and log lines, and the same
actions behind it. Only what lies in the body is the protocol's, and the vendor's SDK answers that,
in stateless mode: a request is answered by whichever web process it reaches, and nothing of it
stays behind there.
"""

"""What every endpoint of `/v1` shares: errors, bodies, queries, pages. It knows no resource.

The wire is the vendor's, to the letter, so that its own client works against this server; where
Django REST Framework would do otherwise (content negotiation, error bodies, pages), this differs.
"""

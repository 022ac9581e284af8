"""The console with a key, and behind it a server that answers its questions with some sense."""

import pytest

from tests.standin import StandIn
from tests.standin.answering import sensible


@pytest.fixture
def there(settings):
    with StandIn(sensible) as standing:
        settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = standing.key, standing.url
        yield standing

"""The blocks that messages and tool results consist of."""

from typing import Annotated, Literal

from pydantic import Field

from apps.core.api.shapes import Shape

Filled = Annotated[str, Field(min_length=1)]


class TextBlock(Shape):
    """Text."""

    type: Literal["text"]
    text: Filled


class Base64Source(Shape):
    """The data itself."""

    type: Literal["base64"]
    media_type: Filled
    data: Filled


class PlainTextSource(Shape):
    """A document that is plain text."""

    type: Literal["text"]
    media_type: Literal["text/plain"]
    data: Filled


class UrlSource(Shape):
    """Where it can be fetched."""

    type: Literal["url"]
    url: Filled


class FileSource(Shape):
    """A file of this workspace."""

    type: Literal["file"]
    file_id: Filled


class ImageBlock(Shape):
    """An image."""

    type: Literal["image"]
    source: Annotated[Base64Source | UrlSource | FileSource, Field(discriminator="type")]


class DocumentBlock(Shape):
    """A document, with what the model should know about it."""

    type: Literal["document"]
    source: Annotated[
        Base64Source | PlainTextSource | UrlSource | FileSource, Field(discriminator="type")
    ]
    title: str | None = None
    context: str | None = None


class RedactedBlock(Shape):
    """Stands where content was withheld."""

    type: Literal["redacted"]


class SearchResultText(Shape):
    """A passage of a search result."""

    type: Literal["text"]
    text: Filled


class Citations(Shape):
    """Whether the model may cite it."""

    enabled: bool


class SearchResultBlock(Shape):
    """Something that was found."""

    type: Literal["search_result"]
    source: Filled
    title: Filled
    content: list[SearchResultText]
    citations: Citations


UserBlock = Annotated[
    TextBlock | ImageBlock | DocumentBlock | RedactedBlock, Field(discriminator="type")
]
ResultBlock = Annotated[
    TextBlock | ImageBlock | DocumentBlock | SearchResultBlock, Field(discriminator="type")
]

"""What one span says: an agent at work, a request to a model, a tool's run, or nothing of ours."""

from dataclasses import dataclass, field
from enum import IntEnum

from apps.core import payloads
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping import content
from apps.otlp.mapping.attributes import Attributes, first, parsed, text
from apps.otlp.mapping.messages import Message, answer_text, arguments_of
from apps.otlp.mapping.usage import usage_of
from apps.sessions.formats.shapes import Json, text_of


class Kind(IntEnum):
    """What a span is to a session."""

    NOTHING = 0
    AGENT = 1
    MODEL = 2
    TOOL = 3


@dataclass(slots=True)
class Meaning:
    """A span in the words of sessions. What it does not say is empty."""

    kind: Kind
    name: str = ""
    """The agent's, or the tool's."""
    about: Json = field(default_factory=dict)
    """What else is known of the agent: `id`, `description`, `system`, `model`, `tools`."""
    model: str = ""
    input: list[Message] = field(default_factory=list)
    output: list[Message] = field(default_factory=list)
    history: list[Message] = field(default_factory=list)
    """All that was said in an agent's run, answers included."""
    usage: Json | None = None
    finish: str = ""
    call_id: str = ""
    arguments: Json = field(default_factory=dict)
    result: str = ""
    error: str = ""
    """Why it failed; empty where it did not."""


def read(span: RawSpan) -> Meaning:
    """What the span says."""
    kind = kind_of(span)
    meaning = Meaning(kind, error=_error(span))
    if kind == Kind.AGENT:
        _read_agent(meaning, span)
    elif kind == Kind.MODEL:
        _read_model(meaning, span)
    elif kind == Kind.TOOL:
        _read_tool(meaning, span)
    return meaning


_OPERATIONS = {
    "invoke_agent": Kind.AGENT,
    "invoke_workflow": Kind.AGENT,
    "execute_tool": Kind.TOOL,
    "retrieval": Kind.TOOL,
    "chat": Kind.MODEL,
    "generate_content": Kind.MODEL,
    "text_completion": Kind.MODEL,
    "embeddings": Kind.MODEL,
    "create_agent": Kind.NOTHING,
    "plan": Kind.NOTHING,
}
_OPENINFERENCE = {
    "AGENT": Kind.AGENT,
    "LLM": Kind.MODEL,
    "EMBEDDING": Kind.MODEL,
    "TOOL": Kind.TOOL,
    "RETRIEVER": Kind.TOOL,
}
_TRACELOOP = {"agent": Kind.AGENT, "tool": Kind.TOOL}
_CLAUDE_CODE = {
    "claude_code.interaction": Kind.AGENT,
    "claude_code.llm_request": Kind.MODEL,
    "claude_code.tool": Kind.TOOL,
}
_TOOL_SIGNS = ("gen_ai.tool.name", "gen_ai.tool.call.id", "gcp.vertex.agent.tool_call_args")
_MODEL_SIGNS = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.response.model")
_MERGED = "(merged tools)"
_AGENT_RUNS = ("agent run", "agent_run", "invoke_agent")


def kind_of(span: RawSpan) -> Kind:
    """By what its framework calls it; else by what only such a span has."""
    attributes = span.attributes
    if operation := text(attributes, "ai.operationId"):
        return _of_ai_sdk(operation)
    if named := text(attributes, "openinference.span.kind"):
        return _of_openinference(named.upper(), attributes)
    if operation := text(attributes, "gen_ai.operation.name"):
        merged = attributes.get("gen_ai.tool.name") == _MERGED
        return Kind.NOTHING if merged else _OPERATIONS.get(operation, Kind.NOTHING)
    if named := text(attributes, "traceloop.span.kind"):
        return _TRACELOOP.get(named, Kind.NOTHING)
    if span.name in _CLAUDE_CODE:
        return _CLAUDE_CODE[span.name]
    return _by_signs(span)


def _by_signs(span: RawSpan) -> Kind:
    attributes = span.attributes
    if any(name in attributes for name in _TOOL_SIGNS):
        return Kind.TOOL if attributes.get("gen_ai.tool.name") != _MERGED else Kind.NOTHING
    if span.name.startswith(_AGENT_RUNS) and any(name in attributes for name in _AGENT_NAMES[:3]):
        return Kind.AGENT
    if span.name == "call_llm":
        return Kind.MODEL
    has_model = "gen_ai.request.model" in attributes or "llm.request.type" in attributes
    return Kind.MODEL if has_model and _says_usage(attributes) else Kind.NOTHING


def _says_usage(attributes: Attributes) -> bool:
    return any(name in attributes for name in _MODEL_SIGNS) or "llm.request.type" in attributes


def _of_ai_sdk(operation: str) -> Kind:
    if operation == "ai.toolCall":
        return Kind.TOOL
    inner = operation.rpartition(".")[2]
    if inner in ("doGenerate", "doStream", "doEmbed"):
        return Kind.MODEL
    return Kind.AGENT if operation.count(".") == 1 and "embed" not in operation else Kind.NOTHING


def _of_openinference(kind: str, attributes: Attributes) -> Kind:
    """LangGraph's loop has a node called `agent`, which its tracer takes for an agent each time."""
    if kind == "AGENT" and not text(attributes, *_AGENT_NAMES):
        metadata = parsed(attributes.get("metadata"))
        if isinstance(metadata, dict) and metadata.get("langgraph_node") == "agent":
            return Kind.NOTHING
    return _OPENINFERENCE.get(kind, Kind.NOTHING)


_LONGEST_NAME = 256
_AGENT_NAMES = (
    "gen_ai.agent.name",
    "agent.name",
    "agent_name",
    "gen_ai.workflow.name",
    "ai.telemetry.functionId",
    "traceloop.entity.name",
    "graph.node.name",
    "graph.node.id",
)


def _read_agent(meaning: Meaning, span: RawSpan) -> None:
    attributes = span.attributes
    meaning.name = _agent_name(span)
    meaning.model = _model(attributes)
    meaning.input, system = content.inputs(span)
    meaning.output = content.outputs(span)
    meaning.history = content.history(span)
    meaning.usage = usage_of(attributes)
    meaning.about = _about(attributes, system)


def _agent_name(span: RawSpan) -> str:
    """A root that names no agent is a run of whatever lies below it."""
    if span.name == "claude_code.interaction":
        return "Claude Code"
    if named := text(span.attributes, *_AGENT_NAMES):
        return payloads.storable(named).strip()[:_LONGEST_NAME]
    if "openinference.span.kind" not in span.attributes or not span.parent_id:
        return ""
    return payloads.storable(span.name).removesuffix("._execute_core")[:_LONGEST_NAME]


def _about(attributes: Attributes, system: str) -> Json:
    told: Json = {
        "id": text(attributes, "gen_ai.agent.id"),
        "description": text(attributes, "gen_ai.agent.description", "agent.description"),
        "system": system,
        "tools": content.tools(attributes),
    }
    model = _model(attributes)
    if model:
        told["model"] = {"id": model}
    return {name: value for name, value in told.items() if value}


def _read_model(meaning: Meaning, span: RawSpan) -> None:
    attributes = span.attributes
    meaning.name = text(attributes, "gen_ai.agent.name")
    meaning.model = _model(attributes)
    meaning.input, system = content.inputs(span)
    meaning.output = content.outputs(span)
    meaning.usage = usage_of(attributes)
    meaning.about = _about(attributes, system)
    reasons = first(attributes, ("gen_ai.response.finish_reasons", "ai.response.finishReason"))
    reasons = parsed(reasons) if isinstance(reasons, str) else reasons
    meaning.finish = str(reasons[0] if isinstance(reasons, list) and reasons else reasons or "")


def _model(attributes: Attributes) -> str:
    return text(
        attributes,
        "gen_ai.response.model",
        "ai.response.model",
        "gen_ai.request.model",
        "llm.model_name",
        "ai.model.id",
        "embedding.model_name",
        "model_name",
        "model",
    )


_TOOL_NAMES = (
    "gen_ai.tool.name",
    "tool.name",
    "ai.toolCall.name",
    "traceloop.entity.name",
    "tool_name",
)
_TOOL_IDS = ("gen_ai.tool.call.id", "ai.toolCall.id", "tool_call.id", "tool_use_id")
_ARGUMENTS = (
    "gen_ai.tool.call.arguments",
    "tool_arguments",
    "gcp.vertex.agent.tool_call_args",
    "ai.toolCall.args",
    "tool_input",
    "input.value",
    "traceloop.entity.input",
    "tool.parameters",
    "gen_ai.retrieval.query.text",
)
_RESULTS = (
    "gen_ai.tool.call.result",
    "tool_response",
    "gcp.vertex.agent.tool_response",
    "ai.toolCall.result",
    "output.value",
    "traceloop.entity.output",
)


def _read_tool(meaning: Meaning, span: RawSpan) -> None:
    attributes = span.attributes
    meaning.name = text(attributes, *_TOOL_NAMES) or span.name.removeprefix("execute_tool ")
    meaning.call_id = text(attributes, *_TOOL_IDS)
    meaning.arguments = arguments_of(first(attributes, _ARGUMENTS))
    result = parsed(first(attributes, _RESULTS))
    told = content.documents(attributes) or _result_text(result)
    meaning.result = told or content.tool_output(span)


def _result_text(result: object) -> str:
    """What LangChain says of a tool's message is the message; the rest is about it."""
    if isinstance(result, dict) and text_of(result, "type") == "tool" and "content" in result:
        result = result["content"]
    return answer_text(result)


def _error(span: RawSpan) -> str:
    if not span.failed:
        return ""
    for event in span.events:
        if event.name == "exception":
            told = (text(event.attributes, f"exception.{key}") for key in ("type", "message"))
            return ": ".join(filter(None, told)) or "exception"
    said = text(span.attributes, "error.message", "error.type")
    return span.status_message or said or "failed"


_CONVERSATIONS = (
    "gen_ai.conversation.id",
    "session.id",
    "gcp.vertex.agent.session_id",
    "ai.telemetry.metadata.sessionId",
    "ai.telemetry.metadata.threadId",
    "ai.telemetry.metadata.conversationId",
    "traceloop.association.properties.session_id",
    "traceloop.association.properties.thread_id",
    "langfuse.session.id",
)
_OF_METADATA = ("session_id", "conversation_id", "thread_id")


def conversation_of(span: RawSpan) -> str:
    """The conversation that its framework says it belongs to, or none."""
    if named := text(span.attributes, *_CONVERSATIONS):
        return named
    metadata = parsed(span.attributes.get("metadata"))
    if isinstance(metadata, dict) and (named := text(metadata, *_OF_METADATA)):
        return named
    return text(span.resource, "session.id")


def person_of(span: RawSpan) -> str:
    """Whom it was done for, or nobody that is named."""
    names = ("user.id", "enduser.id", "ai.telemetry.metadata.userId", "langfuse.user.id")
    return text(span.attributes, *names) or text(span.resource, "user.id")

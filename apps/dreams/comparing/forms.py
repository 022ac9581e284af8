"""What the page that asks for a comparison may be given."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from apps.accounts.models import Workspace
from apps.agents.forms import TextField
from apps.dreams import engines
from apps.dreams.comparing.beginning import ComparisonPlan, Contender
from apps.dreams.comparing.handing_in import Whose
from apps.dreams.forms import LONGEST_INSTRUCTIONS, PICKED, DreamForm
from apps.dreams.models import Dream, Letter
from apps.engine import connecting
from apps.engine.asking import NoKey


class ComparisonForm(DreamForm):
    """A dream's input, and two contenders instead of one: its own fields are those of A."""

    # Django's way to leave out what a dream's form has: nothing comes of a comparison by itself.
    output_behavior = None  # type: ignore[assignment]
    policy = None  # type: ignore[assignment]
    # Half the price for one side alone is no comparison.
    is_batched = None  # type: ignore[assignment]
    cap_usd = forms.DecimalField(
        label="Each costs at most, US dollars",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=4,
        widget=forms.NumberInput({"autocomplete": "off", "inputmode": "decimal", "step": "any"}),
        help_text="A side that would cost more fails, and what the other proposes is kept. Empty:"
        " as much as the workspace may spend.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            "Enter an amount of at least 0.01, such as 2.50.",
        ),
    )
    model_b = forms.ChoiceField(label="Engine")
    instructions_b = TextField(
        rows=3,
        label="Instructions",
        max_length=LONGEST_INSTRUCTIONS,
        help_text="What to look for, in your words. The local engine reads none.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        workspace: Workspace,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, workspace=workspace, initial=initial)
        known, other = self.fields["model"], self.fields["model_b"]
        assert isinstance(known, forms.ChoiceField)  # noqa: S101 -- declared so
        assert isinstance(other, forms.ChoiceField)  # noqa: S101 -- declared so
        other.choices = known.choices
        if connecting.is_connected(workspace):
            other.initial = connecting.default_model(workspace, "dreams")

    def clean_model_b(self) -> str:
        model: str = self.cleaned_data["model_b"]
        if engines.lacks_key(model, self._workspace):
            raise forms.ValidationError(NoKey().message)
        return model

    @classmethod
    def like(cls, dream: Dream, workspace: Workspace) -> "ComparisonForm":
        """With the input of this dream, and its engine and instructions for A."""
        told = {
            "memory_store_id": dream.input_store_id,
            "which": PICKED,
            "session_ids": "\n".join(dream.session_ids),
            "model": dream.model,
            "model_b": dream.model,
            "instructions": dream.instructions,
        }
        return cls(workspace=workspace, initial=told)

    def models(self) -> dict[Letter, str]:
        """What either side asks; one that is wrong counts as not given."""
        given = self.cleaned_data
        names = {Letter.A: "model", Letter.B: "model_b"}
        return {letter: given.get(name, engines.LOCAL) for letter, name in names.items()}

    def comparison(self, session_ids: list[str]) -> ComparisonPlan:
        given = self.cleaned_data
        return ComparisonPlan(
            store_id=given["memory_store_id"],
            session_ids=session_ids,
            a=Contender(given["model"], given["instructions"]),
            b=Contender(given["model_b"], given["instructions_b"]),
            cap_usd=given["cap_usd"],
        )


class HandInForm(forms.Form):
    """Whose proposals go into the queue."""

    whose = forms.ChoiceField(
        choices=[(each.value, each.value) for each in Whose], initial=Whose.PICKED
    )

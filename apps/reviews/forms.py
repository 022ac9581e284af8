"""What a reviewer says of a proposal, and the rules of a store."""

from typing import Any

from django import forms

from apps.reviews.models import StorePolicy

MOST_NOTE = 2_000


class DecisionForm(forms.Form):
    """A decision as it is typed and ticked. `of` is how many hunks could be ticked."""

    content = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    note = forms.CharField(required=False, max_length=MOST_NOTE)
    reason = forms.CharField(required=False)
    verdict = forms.CharField(required=False)

    @property
    def is_edit(self) -> bool:
        return self.is_bound and self.data.get("edited") == "1"

    @property
    def hunks(self) -> list[int] | None:
        """The ticked ones; None where all are, or where there was nothing to tick."""
        given = self._of()
        ticked = self._ticked()
        return None if self.is_edit or not given or len(ticked) == given else sorted(ticked)

    @property
    def unticked(self) -> set[int]:
        """Those that were left out, to be left out again."""
        return set(range(self._of())) - self._ticked()

    def _of(self) -> int:
        given = self.data.get("of", "") if self.is_bound else ""
        return min(int(given), 10_000) if given.isdecimal() else 0

    def _ticked(self) -> set[int]:
        given = self.data.getlist("hunk") if self.is_bound else []  # type: ignore[attr-defined]
        return {int(each) for each in given if each.isdecimal() and int(each) < self._of()}


class PolicyForm(forms.Form):
    """Who decides in a store."""

    mode = forms.ChoiceField(
        label="Who decides",
        choices=StorePolicy.Mode.choices,
        widget=forms.RadioSelect({"class": "tick"}),
    )
    two_for_flagged = forms.BooleanField(
        required=False,
        label="Two people for whatever is flagged, not for poison alone",
        widget=forms.CheckboxInput({"class": "tick"}),
    )
    two_over_sessions = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=1_000_000,
        label="Two people where more sessions than this read the memory",
        help_text="Counted over 30 days. Empty asks for one person, however widely it is read.",
    )

    @classmethod
    def of(cls, policy: StorePolicy, data: Any = None) -> "PolicyForm":
        return cls(
            data,
            initial={
                "mode": policy.mode,
                "two_for_flagged": policy.two_for_flagged,
                "two_over_sessions": policy.two_over_sessions,
            },
        )

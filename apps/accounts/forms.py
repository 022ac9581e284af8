"""Shapes of what people type: signing in, joining, inviting, changing a role."""

from django import forms
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.http import QueryDict

from apps.accounts.rights import Role

LONGEST_NAME = 150


def _password(autocomplete: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        strip=False,
        max_length=1000,  # hashing costs by the length
        help_text=help_text,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    username = UsernameField(max_length=LONGEST_NAME)
    password = _password("current-password")

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        # Whoever comes back here has only the password to type again.
        first = "password" if self.is_bound else "username"
        self.fields[first].widget.attrs["autofocus"] = True


class NewcomerForm(forms.Form):
    """Who accepts an invite and has no account yet."""

    username = UsernameField(
        max_length=LONGEST_NAME,
        validators=[UnicodeUsernameValidator()],
        help_text="To sign in with: letters, digits and @ . + - _",
    )
    name = forms.CharField(
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text="How others read you in the console.",
    )
    email = forms.EmailField(required=False, widget=forms.EmailInput({"autocomplete": "email"}))
    password = _password("new-password", "At least 10 characters; length counts, signs do not.")


class InviteForm(forms.Form):
    note = forms.CharField(
        label="Whom it is for",
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="For you and the other admins. It binds nobody.",
    )
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role, initial=Role.OPERATOR)


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role)


class WorkspaceForm(forms.Form):
    name = forms.CharField(max_length=100, widget=forms.TextInput({"autocomplete": "off"}))
    slug = forms.SlugField(
        label="Short name",
        max_length=50,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
        help_text="Part of every address in it, for good: letters, digits and hyphens.",
    )

"""The controls of a draft as WTForms fields. WTForms names, labels and draws them; values go in and out as text."""

from collections.abc import Iterable
from typing import Any, Final

from markupsafe import Markup, escape
from wtforms import Field, HiddenField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta
from wtforms.widgets import DateInput, PasswordInput, html_params

from workbench.forms.controls import Control, Widget


class Area:
    """A textarea. The line break that HTML drops after the start tag is always there, so the text's own is kept."""

    def __call__(self, field: Field, **attributes: object) -> Markup:
        """The element of ``field``."""
        attributes.setdefault("id", field.id)
        text = field.data or ""
        params = html_params(name=field.name, rows=min(max(text.count("\n") + 1, 3), 24), **attributes)
        return Markup("<textarea {}>\n{}</textarea>").format(params, escape(text))


class Segments:
    """Radio buttons drawn as one segmented control."""

    def __call__(self, field: RadioField, **attributes: object) -> Markup:
        """The labelled radio buttons of ``field``; the first one has the field's own id."""
        parts = []
        for index, (value, label, selected, *_) in enumerate(field.iter_choices()):
            id_ = field.id if index == 0 else f"{field.id}-{index}"
            params = html_params(
                id=id_, name=field.name, type="radio", value=value, checked=bool(selected), **attributes
            )
            parts.append(Markup("<label><input {}><span>{}</span></label>").format(params, label))
        return Markup('<span class="seg">{}</span>').format(Markup("").join(parts))


_AREA: Final = Area()
_SEGMENTS: Final = Segments()
_DATE: Final = DateInput()
_PASSWORD: Final = PasswordInput(hide_value=False)


class FormFields:
    """The WTForms form of a draft: one field for each control, under the control's opaque name."""

    def __init__(self, prefix: str, controls: Iterable[Control]) -> None:
        chosen = {control.name: control for control in controls}
        self._form = BaseForm(
            {name: _field(control, dom_id(prefix, name)) for name, control in chosen.items()}, f"{prefix}.", _META
        )
        self._form.process(data={name: control.value for name, control in chosen.items()})

    def get(self, name: str) -> Field | None:
        """The field of the control called ``name``, or None."""
        return self._form[name] if name in self._form else None  # noqa: SIM401 -- a WTForms form has no get


def hidden(prefix: str, controls: Iterable[Control]) -> Markup:
    """Controls that only travel along, as hidden inputs; a name may come more than once."""
    parts = (html_params(type="hidden", name=f"{prefix}.{one.name}", value=one.value) for one in controls)
    return Markup("").join(Markup(f"<input {part}>") for part in parts)  # noqa: S704 -- html_params escapes


def dom_id(prefix: str, name: str) -> str:
    """The id in the page of the control called ``name``."""
    return f"{prefix}-{name.replace('.', '-')}-c"


def _field(control: Control, id_: str) -> "UnboundField[Any]":  # the stub alone is generic
    choices = [SelectChoice(value, label) for value, label in control.choices]
    match control.widget:
        case Widget.SELECT:
            return UnboundField(SelectField, "", choices=choices, id=id_, validate_choice=False)
        case Widget.SEGMENTS:
            return UnboundField(RadioField, "", choices=choices, id=id_, validate_choice=False, widget=_SEGMENTS)
        case Widget.AREA:
            return UnboundField(TextAreaField, "", id=id_, widget=_AREA)
        case Widget.PASSWORD:
            return UnboundField(PasswordField, "", id=id_, widget=_PASSWORD)
        case Widget.DATE:
            return UnboundField(StringField, "", id=id_, widget=_DATE)
        case Widget.TEXT:
            return UnboundField(StringField, "", id=id_)
    return UnboundField(HiddenField, "", id=id_)


class _Meta(DefaultMeta):
    """No CSRF (the page's form has it) and no translations."""

    csrf = False
    locales = False


_META: Final = _Meta()

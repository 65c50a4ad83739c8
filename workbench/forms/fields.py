"""The controls of a draft as WTForms fields. WTForms names, labels and renders them; values go in and out as text."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup, escape
from wtforms import (
    Field,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from workbench.forms.controls import Control, Widget


class LineInput:
    """An ``input`` of one line."""

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, field: Field, **attributes: object) -> Markup:
        """The element of ``field``."""
        return _element("input", field, {"type": self._kind, "value": field.data or "", **attributes})


class AreaInput:
    """A textarea. The line break that HTML drops after the start tag is always there, so one of the text stays."""

    def __call__(self, field: Field, **attributes: object) -> Markup:
        """The element of ``field``."""
        text = field.data or ""
        start = _element("textarea", field, {"rows": min(max(text.count("\n") + 1, 3), 24), **attributes})
        return start + Markup("\n") + escape(text) + Markup("</textarea>")


class SelectInput:
    """A ``select``."""

    def __call__(self, field: SelectField, **attributes: object) -> Markup:
        """The element of ``field``."""
        options = (
            f"<option{_attributes({'value': value, 'selected': bool(selected)})}>{escape(label)}</option>"
            for value, label, selected, *_ in field.iter_choices()
        )
        return _element("select", field, attributes) + Markup("".join(options) + "</select>")  # noqa: S704 -- escaped


class SegmentInput:
    """Radio buttons rendered as one segmented control."""

    def __call__(self, field: RadioField, **attributes: object) -> Markup:
        """The labelled radio buttons of ``field``; the first one has the field's own id, the one taken the focus."""
        parts = []
        focus = bool(attributes.pop("autofocus", False))
        for index, (value, label, selected, *_) in enumerate(field.iter_choices()):
            own: dict[str, object] = {"id": f"{field.id}-{index}"} if index else {}
            if focus and selected:
                own["autofocus"] = True
            radio = {"type": "radio", "value": value, "checked": bool(selected), **own, **attributes}
            parts.append(f"<label>{_element('input', field, radio)}<span>{escape(label)}</span></label>")
        return Markup(f'<span class="seg">{"".join(parts)}</span>')  # noqa: S704 -- escaped


class FlagsInput:
    """Checkboxes. A hidden control before them says that the field was there, even where none is checked."""

    def __call__(self, field: SelectMultipleField, **attributes: object) -> Markup:
        """The labelled checkboxes of ``field``; the first one has the field's own id and the focus."""
        parts = [_element("input", field, {"type": "hidden", "value": "", "id": f"{field.id}-0"})]
        focus = bool(attributes.pop("autofocus", False))
        for index, (value, label, selected, *_) in enumerate(field.iter_choices()):
            own: dict[str, object] = {"id": f"{field.id}-{index}"} if index else {"autofocus": focus}
            box = {"type": "checkbox", "value": value, "checked": bool(selected), **own, **attributes}
            parts.append(Markup(f"<label>{_element('input', field, box)}<span>{escape(label)}</span></label>"))  # noqa: S704 -- escaped
        return Markup(f'<span class="flags">{"".join(parts)}</span>')  # noqa: S704 -- escaped


def _element(name: str, field: Field, attributes: Mapping[str, object]) -> Markup:
    """A start tag with the field's name and id. WTForms' own helper is correct too, but takes half of a form's time."""
    return Markup(f"<{name}{_attributes({'id': field.id, 'name': field.name, **attributes})}>")  # noqa: S704 -- escaped


def _attributes(attributes: Mapping[str, object]) -> str:
    """Attributes as HTML: those that are True by their name alone, those that are False not at all."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


_AREA: Final = AreaInput()
_OPTIONS: Final = SelectInput()
_SEGMENTS: Final = SegmentInput()
_FLAGS: Final = FlagsInput()
_LINES: Final = {kind: LineInput(str(kind)) for kind in (Widget.TEXT, Widget.DATE, Widget.PASSWORD)}


class FormFields:
    """The WTForms form of a draft: one field for each control, under the control's opaque name."""

    def __init__(self, prefix: str, controls: Iterable[Control]) -> None:
        listed = list(controls)
        chosen = {control.name: control for control in listed}
        data: dict[str, object] = {name: control.value for name, control in chosen.items()}
        for control in listed:
            if control.widget is Widget.FLAGS:
                data[control.name] = [one.value for one in listed if one.name == control.name and one.value]
        self._form = BaseForm(
            {name: _field(control, dom_id(prefix, name)) for name, control in chosen.items()}, f"{prefix}.", _META
        )
        self._form.process(data=data)

    def get(self, name: str) -> Field | None:
        """The field of the control called ``name``, or None."""
        return self._form[name] if name in self._form else None  # noqa: SIM401 -- a WTForms form has no get


def hidden(prefix: str, controls: Iterable[Control]) -> Markup:
    """Controls that only travel along, as hidden inputs; a name may come more than once."""
    attributes = ({"type": "hidden", "name": f"{prefix}.{one.name}", "value": one.value} for one in controls)
    return Markup("".join(f"<input{_attributes(one)}>" for one in attributes))  # noqa: S704 -- escaped


def dom_id(prefix: str, name: str) -> str:
    """The id in the page of the control called ``name``."""
    return f"{prefix}-{name.replace('.', '-')}-c"


def _field(control: Control, id_: str) -> "UnboundField[Any]":  # the stub alone is generic
    choices = [SelectChoice(value, label) for value, label in control.choices]
    match control.widget:
        case Widget.SELECT:
            return UnboundField(SelectField, "", choices=choices, id=id_, validate_choice=False, widget=_OPTIONS)
        case Widget.SEGMENTS:
            return UnboundField(RadioField, "", choices=choices, id=id_, validate_choice=False, widget=_SEGMENTS)
        case Widget.FLAGS:
            return UnboundField(SelectMultipleField, "", choices=choices, id=id_, validate_choice=False, widget=_FLAGS)
        case Widget.AREA:
            return UnboundField(TextAreaField, "", id=id_, widget=_AREA)
    kind = PasswordField if control.widget is Widget.PASSWORD else StringField
    return UnboundField(kind, "", id=id_, widget=_LINES[control.widget])


class _FormMeta(DefaultMeta):
    """No CSRF (the page's form has it) and no translations."""

    csrf = False
    locales = False


_META: Final = _FormMeta()

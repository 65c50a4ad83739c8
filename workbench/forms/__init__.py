"""Forms for JSON Schemas: rendered by WTForms, working without JavaScript, reading back exactly what went in.

Behind every form stands one JSON document. Nothing here knows a request, so it can be used and tested anywhere::

    markup = forms.open_form(schema).markup              # a new form: declared defaults are filled in
    markup = forms.open_form(schema, value).markup       # loaded data: nothing is filled in
    reading = forms.read(schema, pairs)                  # reading.value, reading.errors

How a page mounts a form
------------------------
* The page owns ``<form method="post" action=RUN_URL enctype="multipart/form-data">`` with the CSRF field, and puts the
  markup in it. Two forms on a page take two prefixes (``inputs``, ``auth``).
* Link ``css/form*.css`` and, as modules, ``js/form-*.js``. htmx makes edits quick; without it
  every button posts the page.
* ``edit_url=`` is where the buttons inside the form (add, remove, switch, open, ...) post all of the form. The view::

      edit = forms.edit(schema, pairs, prefix="inputs", edit_url=..., preview_url=...)
      return edit.node_markup if "HX-Request" in headers else page(edit.markup)

  where ``pairs`` is ``list(request.form.items(multi=True))`` and, for files without JavaScript, one
  :func:`file_part` pair for each file of ``request.files`` that has a name.
* ``preview_url=`` is where the form posts itself 150 ms after the last key (typing never waits for it). The view
  answers what :func:`read` says of it as an element ``PREFIX-payload``, which the page has beside the form at first.
* A rejected run renders the form again from what was posted: ``forms.edit(schema, pairs, errors=...)`` without any
  operation keeps every text as typed; ``errors`` may be anything with ``pointer`` and ``message``.
* ``app.config["MAX_FORM_PARTS"]`` must be at least :data:`MAX_PARTS`, and ``MAX_FORM_MEMORY_SIZE`` large enough for
  files in base64.
* The page has tabs of its own, which post ``PREFIX.op`` with :data:`AS_JSON` or :data:`AS_FORM`, and a link or button
  that posts :data:`RESET`, and one that posts :data:`FILL`. ``Edit.mode`` says how the whole value is edited.
* ``complete_url=`` is where a script asks what the schema has at a place (``?pointer=``): :func:`complete` answers.
* ``serves_files=True`` says that the page gives a URL to a file of this machine: a field that asks for a public URL
  of a file then has a picker. It posts the file as the field's name with :data:`PUBLIC` at its end, and the page puts
  the URL into the field's own pair.
* Secrets (``format: password``) are never written into the page. ``open_form(schema, value)`` of stored auth shows them
  as "unchanged"; ``read(schema, pairs, previous=stored)`` takes them from ``stored`` unless they were replaced or
  cleared. Without ``previous`` they are left out and named in ``reading.unchanged``.
* A page that keeps secrets on the server gives ``held=HeldSecrets(stored)`` instead, stores ``Edit.held`` after each
  edit and gives that one the next time. Only then a form with secrets can be JSON text, with masks.
"""

from workbench.domain import ABSENT
from workbench.forms.collector import FieldError
from workbench.forms.completions import complete
from workbench.forms.controls import PUBLIC
from workbench.forms.decoder import MAX_PARTS
from workbench.forms.example_fill import FILL
from workbench.forms.form_data import FormData, read
from workbench.forms.form_edit import AS_FORM, AS_JSON, RESET, edit
from workbench.forms.held_secrets import HeldSecrets
from workbench.forms.migration import migrate_pairs
from workbench.forms.opened_form import Edit, Mode, open_form
from workbench.forms.posted_text import file_part, python_text
from workbench.forms.shapes import declares
from workbench.jsondoc.strict import JsonError, loads

__all__ = [
    "ABSENT",
    "AS_FORM",
    "AS_JSON",
    "FILL",
    "MAX_PARTS",
    "PUBLIC",
    "RESET",
    "Edit",
    "FieldError",
    "FormData",
    "HeldSecrets",
    "JsonError",
    "Mode",
    "complete",
    "declares",
    "edit",
    "file_part",
    "loads",
    "migrate_pairs",
    "open_form",
    "python_text",
    "read",
]

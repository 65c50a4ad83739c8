// What several scripts ask about a form that the server redraws: "request" is the <form>, ".form[data-edit]" the part in it.

const EDITABLE = ".form[data-edit]";

/** The <form> around a control where the server redraws that form, else null. */
export const editableFormOf = (control) => control?.form?.querySelector(EDITABLE) ? control.form : null;

/** Whether the request of an htmx event posts such a form. */
export const postsForm = ({ request }) => Boolean(request?.form?.querySelector(EDITABLE));

/** Whether its answer redraws the form: the preview, which the form itself asks for, does not. */
export const redrawsForm = (context) => postsForm(context) && !context.sourceElement.matches(".form");

/** Every such part on the page. */
export const editableParts = () => document.querySelectorAll(EDITABLE);

/** Tell htmx and our own scripts that a control was edited. */
export const announceInput = (control) => control.dispatchEvent(new Event("input", { bubbles: true }));

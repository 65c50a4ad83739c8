"""Import by a shown mapping, export without values, and the check of credentials."""

import io

import pytest

SECRET = "key-of-a-variable"


@pytest.fixture
def form(site, auth_form):
    return auth_form(site.inside())


@pytest.fixture
def saved(site):
    return lambda: site.app.extensions["workbench"].vault.get("greeter")


def mapping(form):
    return {
        row.find("th").text: row.find("option", selected=True)["value"]
        for row in form.page.find("table", class_="mapping").find("tbody").find_all("tr")
    }


def apply(form, **chosen):
    page = form.page
    choices = mapping(form) | chosen
    data = {"import": page.find("input", {"name": "import"})["value"], "target": list(choices.values())}
    response = form.visitor.post(f"{form.url}/imports/values", data)
    assert response.status_code == 303
    form.text = form.visitor.get(response.headers["Location"]).text


def test_variables_fill_the_fields_of_their_names(form, saved):
    text = f"GREETER_API_KEY={SECRET}\nuserName=ada\nOTHER=of-nothing\n\nnot an assignment\nPASSWORD='pass word'\n"
    assert form.post("/imports", {"import.text": text, form.control("User name"): "typed"}).status_code == 200
    assert SECRET not in form.text
    assert "pass word" not in form.text
    assert "Not an assignment, so left out: line 5." in form.text
    assert mapping(form) == {
        "GREETER_API_KEY": "credential:api_key",
        "userName": "credential:user_name",
        "OTHER": "variable:OTHER",
        "PASSWORD": "credential:password",
    }
    apply(form, OTHER="credential:other")
    assert "Not saved yet." in form.text
    assert SECRET not in form.text
    assert saved().values == {}
    assert form.post().status_code == 303
    assert saved().values == {"api_key": SECRET, "user_name": "ada", "other": "of-nothing", "password": "pass word"}


def test_a_file_and_the_file_of_the_folder(form, saved, greeter):
    file = (io.BytesIO(f"API_KEY={SECRET}".encode()), "my.env")
    form.post("/imports", {"import.file": file}, content_type="multipart/form-data")
    assert mapping(form) == {"API_KEY": "credential:api_key"}
    (greeter / ".env").write_text("PASSWORD=of-the-folder\n")
    try:
        form.open()
        form.post("/imports", {"source": "folder"})
        apply(form)
    finally:
        (greeter / ".env").unlink()
    form.post()
    assert saved().values == {"password": "of-the-folder"}


def test_of_the_environment_only_what_fits_is_offered(form, site, saved):
    site.store.environ = {"GREETER_PASSWORD": SECRET, "PATH": "/bin", "HOME": "/root"}
    form.post("/imports", {"source": "environment"})
    assert mapping(form) == {"GREETER_PASSWORD": "credential:password"}
    apply(form)
    form.post()
    assert saved().values == {"password": SECRET}


@pytest.mark.parametrize("data", [{}, {"import.text": "nothing"}, {"source": "folder"}, {"source": "environment"}])
def test_where_there_is_nothing_to_import_what_was_typed_stays(form, data):
    assert form.post("/imports", {**data, form.control("User name"): "typed before"}).status_code == 422
    assert "typed before" in form.text


def test_an_import_that_is_gone_is_a_404(form):
    assert form.visitor.post(f"{form.url}/imports/values", {"import": "gone"}).status_code == 404


def test_the_example_has_names_and_no_value(form, saved):
    form.add("extra", "refresh_token", SECRET)
    form.add("environment", "SERVICE", SECRET)
    form.post("", {form.control("Password"): SECRET})
    response = form.visitor.get(f"{form.url}/env-example")
    assert response.headers["Content-Disposition"] == "attachment; filename=.env.example"
    lines = response.text.splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [
        "USER_NAME=",
        "PASSWORD=",
        "API_KEY=",
        "REFRESH_TOKEN=",
        "SERVICE=",
    ]
    assert SECRET not in response.text


def test_credentials_are_checked_by_an_action_before_they_are_saved(live, auth_form):
    form = auth_form(live.inside())
    assert form.post("/checks", {form.control("Password"): SECRET, "check": ""}).status_code == 422
    assert "Select the action that checks the credentials." in form.text
    assert form.post("/checks", {"check": "greet"}).status_code == 303
    result = form.page.find(id="check")
    run_id = result.find("a")["href"].rpartition("/")[2]
    run = live.store.get(run_id, reveal=True)
    live.runner.wait(run_id, 60)
    assert run.request.auth == {"password": SECRET}
    result = live.inside().get(f"{form.url}/checks/{run_id}").text
    assert "Invalid inputs" in result  # greet requires a name, and had no run before
    assert SECRET not in form.text + result
    assert "Not saved yet." in form.text
    assert live.app.extensions["workbench"].vault.profile("greeter").check == "greet"
    assert form.open().page.find("select", {"name": "check"}).find("option", selected=True)["value"] == "greet"

"""Requests that no browser sends: doubled and nested names, other encodings, files for text."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory

from portal.wsgi import application
from tests.hostile.attacker import text_of
from tests.hostile.canaries import heard
from tests.hostile.forms import FORMS, SIGN_IN_FORMS
from tests.hostile.values import RAW_SCRIPT

# 409: what tells an old page from a new one was missing.
FINE = {200, 302, 400, 404, 409, 413, 422}
URLENCODED = "application/x-www-form-urlencoded"
PARTS = {
    "no boundary": ("multipart/form-data", b"x"),
    "wrong boundary": ("multipart/form-data; boundary=a", b"--b\r\n\r\n--b--"),
    "cut off": ("multipart/form-data; boundary=a", b"--a\r\nContent-Disposition: form-data; na"),
    "unknown charset of a name": (
        "multipart/form-data; boundary=a",
        b"--a\r\nContent-Disposition: form-data; name*=bogus''x\r\n\r\n1\r\n--a--\r\n",
    ),
    "wrong base64": (
        "multipart/form-data; boundary=a",
        b'--a\r\nContent-Disposition: form-data; name="next"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n--a--\r\n",
    ),
    "half characters": (URLENCODED, b"next=%ED%A0%80&name=%ff%fe&subject=%c3%28&%zz=%"),
    "text": ("text/plain", b"next=/"),
    "nothing": ("", b""),
    "XML": ("application/xml", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///x'>]><x>&y;</x>"),
    "deep JSON": ("application/json", b"[" * 50_000),
}


def shapes(valid):
    """(what, data, other arguments of ``post``)."""
    yield "nothing at all", {}, {}
    for name in valid:
        yield f"without {name}", {key: valid[key] for key in valid if key != name}, {}
    yield "doubled", {name: ["\x00", value] for name, value in valid.items()}, {}
    yield "doubled the wrong way", {name: [value, "\x00"] for name, value in valid.items()}, {}
    yield "arrays", {f"{name}[]": value for name, value in valid.items()}, {}
    yield "nested", {f"{name}[$ne]": value for name, value in valid.items()}, {}
    yield "files", {name: SimpleUploadedFile("x", b"x") for name in (*valid, "x")}, {}
    yield "900 more", valid | {f"unknown{number}": "x" for number in range(900)}, {}
    yield "2,000 more", valid | {f"unknown{number}": "x" for number in range(2000)}, {}
    yield "3 megabytes", (b"name=" + b"x" * 3_000_000), {"content_type": URLENCODED}
    yield "JSON", json.dumps(valid), {"content_type": "application/json"}
    for what, (content_type, body) in PARTS.items():
        yield what, body, {"content_type": content_type}


@pytest.mark.parametrize("form", FORMS + SIGN_IN_FORMS, ids=str)
def test_no_shape_of_a_request_breaks_a_form(attack, form):
    attacker = attack(form)
    wrong = []
    for what, data, options in shapes(attacker.valid):
        response, written = attacker.send(data, **options)
        wrong += [f"{what}: {problem}" for problem in complaints(response, written, form)]
    assert wrong == []


def complaints(response, written, form):
    if response.status_code not in FINE | {form.answer, 429}:
        yield f"answered {response.status_code}"
    if form.ours and written and response.status_code not in {form.answer, 302}:
        yield f"wrote {written}"
    if RAW_SCRIPT in (text := text_of(response)):
        yield "speaks script"
    if songs := heard(text):
        yield f"told {songs}"


def wsgi(method, path, content_type, body=b""):
    """The answer of the portal as its web server gets it: status and text."""
    environ = RequestFactory().generic(method, path, body).environ
    environ["CONTENT_TYPE"], started = content_type, []
    answer = application(environ, lambda status, headers: started.append(status))
    text = b"".join(answer)
    return int(started[0].split()[0]), text


@pytest.mark.parametrize(
    "charset",
    [
        *("hex", "base64", "rot13", "undefined", "idna", "utf-7", "utf-16", "unicode_escape"),
        *("raw_unicode_escape", "punycode", '"latin-1"'),
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=a", URLENCODED])
def test_other_encodings_than_ours_are_refused(kind, charset):
    content_type = f"{kind}; charset={charset}"
    for method in ("GET", "POST"):
        status, _ = wsgi(method, "/find-a-provider/?q=%5Cud800", content_type, b"--a--")
        assert status == 415


@pytest.mark.parametrize("header", ["a/b; x*=bogus''x", "a/b; charset*=undefined''%41", ";=;*"])
def test_headers_that_mean_nothing_are_no_error(header):
    status, _ = wsgi("GET", "/healthz", header)
    assert status in {200, 415}


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf8"'])
def test_our_encoding_is_welcome(charset):
    status, text = wsgi("GET", "/enroll/?next=/M%C3%BCller/", f"text/plain; charset={charset}")
    assert status == 200
    assert "Müller" in text.decode()


def test_the_web_server_is_given_the_guarded_application():
    assert not isinstance(application, WSGIHandler)

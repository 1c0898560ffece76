"""Somebody in front of a form, and what is wrong with the answers they get."""

from http.cookies import SimpleCookie

from django import forms

from tests.hostile.canaries import heard
from tests.hostile.state import changed, everything, undone
from tests.hostile.values import RAW_SCRIPT


class Attacker:
    """Somebody in front of one form; nothing they do outlasts a request."""

    def __init__(self, scene, form):
        self.form = form
        self.browser = scene.browser(form.who) if form.ours else scene.sign_in(form.who)
        self.url = scene.url(form.name, form.who, form.about)
        self.valid = {name: str(value) for name, value in form.valid(scene).items()}
        self.cookies = self.browser.cookies.output(header="", sep=";")
        self.before = everything()

    def send(self, data, **extra):
        """Post ``data``; returns the answer and the tables that changed."""
        with undone():
            self.browser.cookies = SimpleCookie(self.cookies)
            response = self.browser.post(self.url, data, **extra)
            return response, changed(self.before)

    def fields(self):
        """The form's fields, as the page has them that complains about everything."""
        response, _ = self.send(dict.fromkeys(self.valid, "\x00"))
        form = (response.context or {}).get("form")
        return form.fields.items() if isinstance(form, forms.BaseForm) else ()


def text_of(response):
    """All that is answered, streamed or not."""
    return response.getvalue().decode() if response.streaming else response.text


def answered(form, response, written):
    """What is wrong with an answer that may be a yes or a no."""
    if response.status_code not in {form.answer, 302, 422}:
        yield f"answered {response.status_code}"
    if response.status_code == 422 and written:
        yield f"wrote {written}"
    if RAW_SCRIPT in (text := text_of(response)):
        yield "speaks script"
    if songs := heard(text):
        yield f"told {songs}"

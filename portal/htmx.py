from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_partial(request):
    """Whether htmx asks for one region; the back button always gets the whole page."""
    htmx = request.htmx
    return bool(htmx) and not (htmx.boosted or htmx.history_restore_request)


def render_page(request, template, context=None, *, partial=None, status=200):
    """Render ``template``, or only its ``partial`` when htmx asks for one region."""
    chosen = partial if partial and wants_partial(request) else template
    response = render(request, chosen, context, status=status)
    if partial:
        patch_vary_headers(response, ["HX-Request"])
    return response


def render_form(request, template, context):
    """Render a page with a form; a form with mistakes answers 422 and keeps what was typed."""
    form = context["form"]
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, template, context, status=status)

from django.forms.renderers import TemplatesSetting
from django.template import engines

WIDGETS = "django/forms/widgets/"


class FormRenderer(TemplatesSetting):
    """Forms and fields are drawn by the project's templates, widgets by those of Jinja2."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"

    def get_template(self, template_name):
        engine = engines["jinja2" if template_name.startswith(WIDGETS) else "django"]
        return engine.get_template(template_name)

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Forms, fields and widgets are drawn by the project's templates, Django's own behind them."""

    form_template_name = "django/forms/div.html"
    field_template_name = "django/forms/field.html"

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organization


class LetterTemplateQuerySet(models.QuerySet):
    def visible_to(self, membership):
        """A provider's texts are its own."""
        return self.filter(provider=membership.organization_id)


class LetterTemplate(models.Model):
    """A provider's own text of the partnership request in one language.

    Without one the portal's standard text serves. Placeholders are in braces: ``{link}``; see
    ``partners.letter_texts``.
    """

    provider = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("email text"), max_length=5000)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["provider", "language"]
        verbose_name, verbose_name_plural = _("text template"), _("text templates")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "language"], name="lettertemplate_once_per_language"
            ),
        ]

    def __str__(self):
        return f"{self.provider} ({self.language})"

    @property
    def tenants(self):
        return [self.provider_id]

"""Primary domain names: a chosen prefix before the portal's suffix, given away once for ever."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import Organization
from portal.text import fold

PREFIX_LENGTH = 27
PREFIX = re.compile(rf"[a-z0-9]{{1,{PREFIX_LENGTH}}}")


def domain_name(prefix):
    """The whole domain name behind a prefix."""
    return f"{prefix}.{settings.TENANT_DOMAIN_SUFFIX}"


def tidy_prefix(text):
    """The prefix that was meant: lower case, without the fixed suffix if somebody typed it too.

    Raises ValidationError unless it is 1 to 27 letters and digits.
    """
    prefix = text.strip().lower().removesuffix(f".{settings.TENANT_DOMAIN_SUFFIX}")
    if not PREFIX.fullmatch(prefix):
        raise ValidationError(
            _("Use 1 to 27 letters a–z and digits, without blanks, hyphens or umlauts."),
            code="prefix",
        )
    return prefix


def is_taken(prefix):
    return Organization.objects.filter(domain=domain_name(prefix)).exists()


def taken(prefix, *words):
    """The sentence for a name somebody else has, with free ones built from ``words``."""
    return _("%(domain)s is taken. Try %(others)s.") % {
        "domain": domain_name(prefix),
        "others": ", ".join(free_prefixes(prefix, *words)),
    }


def free_prefixes(prefix, *words):
    """Up to three prefixes like ``prefix`` that are free, ending in one of ``words`` or a digit."""
    endings = [re.sub("[^a-z0-9]", "", fold(word))[:10] for word in words]
    endings = filter(None, [*endings, *"23456789"])
    wanted = [prefix[: PREFIX_LENGTH - len(ending)] + ending for ending in endings]
    names = [domain_name(candidate) for candidate in wanted]
    gone = set(Organization.objects.filter(domain__in=names).values_list("domain", flat=True))
    return [prefix for prefix in dict.fromkeys(wanted) if domain_name(prefix) not in gone][:3]

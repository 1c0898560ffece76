from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import domains
from customers.models import Customer
from customers.twins import find_twins
from partners.models import PartnerProfile
from portal.address_forms import AddressForm
from portal.countries import countries
from portal.free_mail import is_free_mail
from portal.names import name_doubts, name_problem

# The program's vendor: nobody there is a customer's contact.
VENDOR_DOMAIN = "microsoft.com"
FREE_MAIL = gettext_lazy(
    "Education needs an address of the institution, not of a free mail service."
)
CONTACT = ("first_name", "last_name", "email", "phone")


class AddressRules(AddressForm):
    """What must be true of a customer's address and contact."""

    def clean_first_name(self):
        return _person_name(self.cleaned_data["first_name"])

    def clean_last_name(self):
        return _person_name(self.cleaned_data["last_name"])

    def check_account_address(self, country):
        """State, postal code, registration ID and phone as ``country`` has and demands them."""
        self.check_address(country)
        self._check_registration(country)
        self.tidy_phone_of("phone", country.code)

    def _check_registration(self, country):
        if not country.registration_number:
            return
        missing = {
            "registration_number": _(
                "%(country)s demands the company's registration ID: %(number)s."
            ),
            "phone": _("%(country)s demands a phone number."),
        }
        for field, words in missing.items():
            if field in self.cleaned_data and not self.cleaned_data[field]:
                values = {"country": country.name, "number": country.registration_number}
                self.add_error(field, words % values)


class AccountRules(AddressRules):
    """What must be true of a new customer's data, field by field and then taken together.

    Part of ``CustomerAccountForm``, which has the fields, the acting ``membership``, its
    ``resellers`` and the lists of ``warnings`` and ``twins``.
    """

    domain_is_taken = False

    @property
    def domain_owner(self):
        """The customer of one's own that has the domain name already, or None."""
        prefix = domains.tidy_prefix(self.data.get("domain", ""))
        own = Customer.objects.visible_to(self.membership)
        return own.filter(domain=domains.domain_name(prefix)).first()

    def clean_reseller(self):
        chosen = self.cleaned_data["reseller"]
        if reason := self.resellers.unavailable.get(chosen):
            raise ValidationError(reason, code="unavailable")
        return self.resellers.available.get(chosen)

    def clean_company_name(self):
        name = " ".join(self.cleaned_data["company_name"].split())
        if problem := name_problem(name):
            raise ValidationError(problem, code="name")
        self.warnings += name_doubts(name)
        return name

    def clean_domain(self):
        prefix = domains.tidy_prefix(self.cleaned_data["domain"])
        if domains.is_taken(prefix):
            words = self.data.get("country", ""), self.data.get("city", "")
            self.domain_is_taken = True
            raise ValidationError(domains.taken(prefix, *words), code="taken")
        return prefix

    def clean_email(self):
        email = self.cleaned_data["email"]
        domain = email.rpartition("@")[2].casefold()
        if domain in self._own_domains():
            raise ValidationError(_("This is your own domain. Enter the customer's address."))
        if any(_within(domain, other) for other in (VENDOR_DOMAIN, settings.TENANT_DOMAIN_SUFFIX)):
            raise ValidationError(_("Enter an address the customer already uses today."))
        return email

    def clean_agreement_date(self):
        date = self.cleaned_data["agreement_date"]
        if date and date > localdate():
            raise ValidationError(_("The acceptance date can't be in the future."), code="future")
        return date

    def clean(self):
        if country := countries().get(self.cleaned_data.get("country")):
            self.check_account_address(country)
            self.tidy_phone_of("agreement_phone", country.code)
        self._check_education()
        self._check_agreement()
        self._look_for_twins()
        return self.cleaned_data

    def _look_for_twins(self):
        """Note the customers this one may be already, until somebody says it is another."""
        told = self.cleaned_data.get("other_company", "").split()
        names = ("company_name", "registration_number", "email")
        typed = {name: self.cleaned_data.get(name, "") for name in names}
        found = find_twins(self.membership, **typed)
        self.twins = [twin for twin in found if twin.reference not in told]

    def _own_domains(self):
        """Domains of the provider itself: of its account, its mail address and its website."""
        organization = self.membership.organization
        profile = PartnerProfile.objects.filter(organization=organization).first()
        known = {organization.domain}
        if profile:
            known.add(urlsplit(profile.website).hostname or "")
            known.add("" if is_free_mail(profile.email) else profile.email.rpartition("@")[2])
        return {name.casefold().removeprefix("www.") for name in known if name}

    def _check_education(self):
        if self.cleaned_data.get("qualification") != Customer.Qualification.EDUCATION:
            self.cleaned_data |= {"education_segment": "", "education_website": ""}
            return
        if self.cleaned_data.get("education_segment") == "":
            self.add_error("education_segment", _("Select the education segment."))
        if is_free_mail(self.cleaned_data.get("email", "")):
            self.add_error("email", FREE_MAIL)

    def _check_agreement(self):
        signer = {f"agreement_{name}": self.cleaned_data.get(name, "") for name in CONTACT}
        if self.cleaned_data.get("agreement") != Customer.Agreement.ACCEPTED:
            self.cleaned_data |= dict.fromkeys(signer, "") | {"agreement_date": None}
            return
        if "agreement_date" in self.cleaned_data and not self.cleaned_data["agreement_date"]:
            self.add_error("agreement_date", _("Enter the date the customer accepted it."))
        if not any(self.data.get(name, "").strip() for name in signer):
            self.cleaned_data |= signer  # the primary contact signed
            return
        for name in ("agreement_first_name", "agreement_last_name"):
            if name in self.cleaned_data and not self.cleaned_data[name]:
                self.add_error(name, _("Enter the name of the person who accepted it."))


def _within(domain, other):
    """Whether ``domain`` is ``other`` or below it."""
    return domain == other or domain.endswith(f".{other}")


def _person_name(name):
    if not any(letter.isalpha() for letter in name):
        raise ValidationError(_("A name needs letters."), code="name")
    return name

"""The customer's answer to a relationship request."""

from django.apps import apps
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from customers.models import Customer, DelegatedAdmin, RelationshipRequest, TenantRow
from customers.services import telling
from customers.services.agreements import customer_agreed, signature
from customers.services.moving import grant_admin
from customers.services.partnerships import hold_partnership
from customers.standing import Standing
from partners.models import Partnership
from partners.services import LinkExpired
from portal.accounts.suspension import refuse_suspended
from portal.audit.services import record
from portal.lifecycle import InvalidTransition, transition
from portal.scope import acting

Status = RelationshipRequest.Status


class PartnershipEnded(InvalidTransition):
    """The two companies that ask are partners no longer."""

    @property
    def reason(self):
        return _("The two companies no longer work together.")


class StandingChanged(InvalidTransition):
    """What the customer has been told on the page is no longer so."""

    @property
    def reason(self):
        return _("Your relationship with this provider has changed since you opened the page.")


def are_still_partners(request):
    """Whether the companies that ask may still ask together."""
    if not request.reseller_id:
        return True
    with acting(request.provider.actor):
        partnerships = Partnership.objects.active().filter(provider=request.provider_id)
        return partnerships.filter(reseller=request.reseller_id).exists()


@transaction.atomic
def accept_relationship(request, *, actor, told, account=None, administrators=(), agreement=""):
    """The customer's yes: the link is used up, and the organization is a customer of both.

    ``told`` is the Standing's fingerprint that the person saw, ``account`` the address and the
    contact where the provider has none yet (a dict of Customer's fields), ``administrators`` the
    companies that get delegated admin privileges, ``agreement`` the version of the customer
    agreement that was accepted, if it had to be. Returns the customer. Raises InvalidTransition
    when somebody was faster, LinkExpired when it is too late, PartnershipEnded, StandingChanged,
    Suspended when one of the companies is, or IntegrityError when another link of the same
    provider was accepted a moment ago.
    """
    _refuse_expired(request)
    refuse_suspended(*request.asking, actor.organization)
    details = {"agreement": agreement} if agreement else {}
    accepted = transition(
        request, Status.ACCEPTED, actor=actor, details=details, **_answer_of(actor)
    )
    # A customer may not write what is its provider's. The database let it use up a link that the
    # provider made, so from here on the provider itself keeps what it promised.
    with acting(accepted.provider.actor):
        standing = _hold(accepted, actor.organization_id)
        if standing.fingerprint != told:
            raise StandingChanged(accepted, Status.ACCEPTED)
        signed = signature(actor) if agreement else {}
        customer = _relate(standing, actor, account or {}, signed)
        _grant(standing, customer, administrators, actor)
    telling.relationship_accepted(accepted, customer)
    return customer


@transaction.atomic
def decline_relationship(request, *, actor, reason=""):
    """The customer's no, with the reason that whoever asked may read. Raises like acceptance."""
    _refuse_expired(request)
    refuse_suspended(*request.asking, actor.organization)
    answer = _answer_of(actor) | {"decline_reason": reason}
    declined = transition(request, Status.DECLINED, actor=actor, **answer)
    telling.relationship_declined(declined)
    return declined


def _refuse_expired(request):
    """Look at the clock while nobody else can touch the row, whatever any regular round did."""
    locked = RelationshipRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.is_pending and locked.has_expired:
        raise LinkExpired(locked, Status.ACCEPTED)


def _answer_of(actor):
    return {"organization": actor.organization, "answered_by": actor.user, "answered_at": now()}


def _hold(request, organization_id):
    """The Standing, which nobody can change until the answer is written."""
    if request.reseller_id:
        try:
            hold_partnership(request.provider, request.reseller)
        except InvalidTransition as ended:
            raise PartnershipEnded(request, Status.ACCEPTED) from ended
    Customer.objects.select_for_update(of=("self",)).filter(
        provider=request.provider_id, organization=organization_id
    ).first()
    return Standing.of(request, organization_id)


def _relate(standing, actor, account, signed):
    """Make the organization a customer of the companies that ask; returns the Customer."""
    if standing.is_new:
        return _add(standing.request, actor, account | signed)
    customer = standing.customer
    if standing.has_ended:
        customer = _renew(customer, standing.request.reseller, actor)
    elif standing.gets_reseller:
        _give_reseller(customer, standing.request.reseller, actor)
    if signed:
        Customer.objects.filter(pk=customer.pk).update(**signed)
        record("customer.agreed", actor=actor, target=customer)
        customer.refresh_from_db(fields=list(signed))
        customer_agreed.send(sender=Customer, customer=customer, actor=actor)
    return customer


def _add(request, actor, account):
    organization = actor.organization
    customer = Customer.objects.create(
        provider=request.provider,
        reseller=request.reseller,
        organization=organization,
        company_name=organization.name,
        domain=organization.domain or "",
        country=organization.country,
        language=actor.user.language,
        created_by=actor.user,
        **account,
    )
    record("customer.added", actor=actor, target=customer)
    return customer


def _renew(customer, reseller, actor):
    """A relationship begins anew, with nothing that was granted in the old one."""
    _revoke(customer, actor)
    active = Customer.Status.ACTIVE
    anew = {"removed_at": None, "removed_by": None, "statement_version": "", "reseller": reseller}
    renewed = transition(customer, active, actor=actor, **anew)
    _bring_along(renewed)
    return renewed


def _give_reseller(customer, reseller, actor):
    """Another reseller looks after the customer; the one before loses its admin privileges."""
    former = customer.reseller
    if former:
        _revoke(customer, actor, partner=former)
    customer.reseller = reseller
    customer.save(update_fields=["reseller"])
    _bring_along(customer)
    action = "customer.handed_over" if former else "customer.assigned"
    record(action, actor=actor, target=customer, also=[former.pk] if former else [])


def _bring_along(customer):
    """Everything of a customer names its reseller too.

    From one reseller to the next the database takes it along, but a foreign key does not look at
    rows that named none. Each model comes after those its rows belong to.
    """
    for model in apps.get_models():
        if not issubclass(model, TenantRow):
            continue
        rows = model._base_manager.filter(
            provider=customer.provider_id, organization=customer.organization_id, reseller=None
        )
        rows.update(reseller=customer.reseller_id)


def _revoke(customer, actor, **of):
    for right in DelegatedAdmin.objects.granted().filter(customer=customer, **of):
        transition(right, DelegatedAdmin.Status.REVOKED, actor=actor, revoked_at=now())


def _grant(standing, customer, administrators, actor):
    """Delegated admin privileges for those who asked for them and were chosen."""
    request = standing.request
    for partner in standing.asking_for_admin:
        if partner in administrators:
            terms = {"name": request.admin_name, "days": request.admin_days}
            grant_admin([customer], partner, actor=actor, **terms)

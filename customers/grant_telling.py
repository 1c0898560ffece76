"""Who is told what of grants, by mail and on Home."""

from portal.accounts.models import Organization
from portal.links import reverse
from portal.notices.services import notify

NAMED = 10  # customers a notice about many of them names


def admin_removed(grant, *, actor):
    """The customer took the privileges back: the partner learns it."""
    _tell_partner("admin_removed", grant, about="removed", person=str(actor.user))


def renewal_asked(renewal):
    """A partner asks for more time: the customer's global admins answer."""
    _tell_of_renewal("renewal_asked", renewal, f"{renewal.pk}")


def renewal_reminded(renewal, days):
    """Nobody has answered, and the grant ends within ``days`` (of the reminders)."""
    _tell_of_renewal("renewal_reminded", renewal, f"{renewal.pk}:{days}")


def renewal_extended(renewal, grant, *, actor):
    about = f"renewal:{renewal.pk}"
    _tell_partner("renewal_extended", grant, about=about, person=str(actor.user))


def renewal_declined(renewal, grant, *, actor):
    about = f"renewal:{renewal.pk}"
    _tell_partner("renewal_declined", grant, about=about, person=str(actor.user))


def admin_ending(grants, days, *, asks):
    """One partner's ``grants`` (rows, at least one) that end in ``days``: one notice for all.

    ``asks`` says whether the portal asks the customers by itself.
    """
    query = {"state": "granted", "ends": "30"}
    _tell_holder("admin_ending", grants, f"{days}", query, asks=asks, until_at=grants[-1].ends_at)


def admin_ended(grants):
    """One partner's ``grants`` that have ended by themselves."""
    _tell_holder("admin_ended", grants, "over", {"state": "expired"})


def admin_ends(grant, days):
    """The customer learns that a partner's privileges end within ``days`` (of the reminders)."""
    _tell_customer("admin_ends", grant, f"{grant.ends_at:%Y-%m-%d}:{days}")


def admin_expired(grant):
    """The customer learns that a partner's privileges have ended as agreed."""
    _tell_customer("admin_expired", grant, "expired")


def ownership_given(owner, *, actor):
    _tell_owner("owner_given", owner, actor)


def ownership_revoked(owner, *, actor):
    _tell_owner("owner_revoked", owner, actor)


def _tell_partner(kind, grant, *, about, **facts):
    partner = Organization.objects.get(pk=grant.partner_id)
    notify(
        kind,
        organization=partner,
        about=f"delegatedadmin:{grant.pk}:{about}",
        path=reverse("customers:grant_list", organization=partner, q=grant.reference),
        customer=grant.organization.name,
        until_at=grant.ends_at,
        **facts,
    )


def _tell_of_renewal(kind, renewal, about):
    grant = renewal.grant
    notify(
        kind,
        organization=renewal.organization,
        about=f"adminrenewal:{about}",
        path=reverse("customers:partner_list", organization=renewal.organization) + "#renewals",
        partner=renewal.partner.name,
        days=renewal.days,
        until_at=grant.ends_at,
    )


def _tell_customer(kind, grant, about):
    notify(
        kind,
        organization=grant.organization,
        about=f"delegatedadmin:{grant.pk}:{about}",
        path=reverse("customers:partner_list", organization=grant.organization),
        partner=grant.partner.name,
        until_at=grant.ends_at,
    )


def _tell_holder(kind, grants, about, query, **facts):
    partner = grants[0].partner
    names = [grant.organization.name for grant in grants]
    notify(
        kind,
        organization=partner,
        about=f"delegatedadmins:{grants[0].pk}:{grants[0].ends_at:%Y-%m-%d}:{about}",
        path=reverse("customers:grant_list", organization=partner, **query),
        number=len(names),
        customers="\n".join(f"- {name}" for name in names[:NAMED]),
        further=max(len(names) - NAMED, 0),
        **facts,
    )


def _tell_owner(kind, owner, actor):
    partner = Organization.objects.get(pk=owner.partner_id)
    notify(
        kind,
        organization=partner,
        about=f"tenantowner:{owner.pk}",
        path=reverse("customers:customer_list", organization=partner),
        customer=owner.organization.name,
        person=str(actor.user),
        who=str(owner.person or ""),
        until_at=owner.ends_at,
    )

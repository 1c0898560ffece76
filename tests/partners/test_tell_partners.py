"""Who is told what of partnerships and requests: on Home, and by mail."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from partners import services
from partners.models import PartnershipRequest
from partners.services import telling
from portal.accounts.roles import Role
from portal.links import reverse
from portal.notices.models import Notice
from portal.scope import acting
from tests.factories import make_batch, make_membership, make_profile_change, make_request


@pytest.fixture
def told(work):
    """Who was mailed since the last time, and who sees which line on Home."""

    def since():
        mails = work()
        addresses = sorted(address for mail in mails for address in mail.to)
        mails.clear()
        return addresses

    return since


@pytest.fixture
def colleague(provider):
    return make_membership(Role.ADMIN_AGENT, organization=provider.organization)


@pytest.fixture
def asked(provider, colleague):
    """Drafted by ``provider``, sent by ``colleague``."""
    status = PartnershipRequest.Status.DRAFT
    draft = make_request(provider.organization, created_by=provider.user, status=status)
    with acting(provider.actor):
        return services.mark_request_sent(draft, actor=colleague)


def lines(membership):
    return [notice.words for notice in Notice.objects.visible_to(membership).recent()]


def answer(reseller, request):
    location = reseller.organization.mpn_accounts.get()
    with acting(reseller.actor._replace(invitation=request.token_hash)):
        return services.accept_request(request, actor=reseller, location=location)


def test_accepted(asked, provider, colleague, reseller, told):
    make_membership(organization=provider.organization)  # had no part in it
    agent = make_membership(Role.ADMIN_AGENT, organization=reseller.organization)

    answer(reseller, asked)

    assert told() == sorted(m.user.email for m in (provider, colleague, reseller))
    assert lines(provider) == ["Kessler IT-Systemhaus accepted your partnership request"]
    assert lines(agent) == ["Your company is now connected with Nordwind Distribution"]


def test_accepted_leads_to_the_reseller(asked, provider, reseller, browser_of):
    answer(reseller, asked)

    path = Notice.objects.visible_to(provider).get().path
    assert browser_of(provider).get(path).status_code == 200
    path = Notice.objects.visible_to(reseller).get().path
    assert browser_of(reseller).get(path).status_code == 200


@pytest.mark.parametrize("reason", ["Too early for us.", ""])
def test_declined(asked, provider, colleague, reseller, work, reason):
    with acting(reseller.actor._replace(invitation=asked.token_hash)):
        services.decline_request(asked, actor=reseller, reason=reason)

    mails = work()
    assert {mail.to[0] for mail in mails} == {provider.user.email, colleague.user.email}
    expected = f"The reason given:\n{reason}" if reason else "No reason was given."
    assert all(expected in mail.body for mail in mails)
    assert lines(provider) == ["Kessler IT-Systemhaus declined your partnership request"]
    assert lines(reseller) == []


def test_withdrawn_is_no_news_to_whoever_did_it(asked, provider, colleague, told):
    telling.request_withdrawn(asked, actor=colleague)

    assert told() == [provider.user.email]
    reference = asked.reference
    assert lines(provider) == [f"Ada Wong withdrew the partnership request to {reference}"]


def test_expired(asked, provider, colleague, told):
    asked.expires_at = now() - timedelta(seconds=1)
    asked.save()

    for _ in range(2):
        telling.request_expired(asked)

    assert told() == sorted([provider.user.email, colleague.user.email])
    assert "was not answered by" in lines(provider)[0]


def test_whoever_has_left_is_not_told(asked, provider, colleague, told):
    colleague.delete()

    telling.request_expired(asked)

    assert told() == [provider.user.email]


def removed(partnership, actor):
    with acting(actor.actor):
        ended = services.remove_partnership(partnership, actor=actor, statement_version="1")
        telling.partnership_ended(ended, actor=actor)
    return ended


def test_ended_by_the_provider_nobody_outside_is_mailed(
    partnership, provider, colleague, reseller, told
):
    """Notice to the reseller is the provider's to give; the portal writes to nobody there."""
    make_membership(Role.USER_ADMIN, organization=provider.organization)

    removed(partnership, provider)

    assert told() == [colleague.user.email]
    assert lines(provider) == ["Ada Wong ended the partnership with Kessler IT-Systemhaus"]
    assert lines(reseller) == ["Nordwind Distribution ended the partnership with your company"]


def test_ended_by_the_reseller_the_provider_is_mailed(
    partnership, provider, colleague, reseller, told
):
    make_membership(Role.USER_ADMIN, organization=provider.organization)
    make_membership(organization=reseller.organization)

    removed(partnership, reseller)

    assert told() == sorted([provider.user.email, colleague.user.email])
    assert lines(provider) == ["Kessler IT-Systemhaus ended the partnership with your company"]
    assert lines(reseller) == ["Ada Wong ended the partnership with Nordwind Distribution"]


def test_a_removal_taken_back_is_said_on_home_only(partnership, provider, reseller, told):
    ended = removed(partnership, provider)

    telling.partnership_resumed(ended)

    assert told() == []
    assert lines(reseller)[0].startswith("The partnership with Nordwind Distribution continues")
    assert lines(provider)[0].startswith("The partnership with Kessler IT-Systemhaus continues")


def test_ended_again_is_told_again(partnership, provider, colleague, told):
    ended = removed(partnership, provider)
    ended.removed_at = now()

    telling.partnership_ended(ended, actor=provider)

    assert told() == [colleague.user.email] * 2


def test_the_reason_of_the_side_that_ended_it_stays_there(partnership, provider, colleague, work):
    with acting(provider.actor):
        ended = services.remove_partnership(
            partnership, actor=provider, statement_version="1", reason="They owe us money."
        )
    telling.partnership_ended(ended, actor=provider)

    assert "money" not in work()[0].body
    assert not Notice.objects.filter(facts__icontains="money").exists()


def test_a_file_that_is_done(provider, colleague, told):
    batch = make_batch(provider.organization, created_by=colleague.user)

    telling.batch_completed(batch)

    assert told() == [colleague.user.email]
    assert lines(provider) == ["The partnership requests in resellers.csv are sent"]
    notice = Notice.objects.get()
    assert notice.facts["not_sent"] == 1
    url = reverse("partners:batch_detail", batch.pk, organization=provider.organization)
    assert notice.path == url


def test_an_answer_of_the_representative(provider, told):
    telling.profile_change_answered(make_profile_change(provider.organization))

    assert told() == []
    assert lines(provider) == ["Your representative answered about your company's profile"]

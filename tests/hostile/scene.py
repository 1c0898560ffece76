"""Our own small world: a person for every part, and a row in the right state for every form."""

from operator import attrgetter

from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse as public_reverse
from django.utils.timezone import now

from customers.models import AdminAccount, Customer, CustomerUser, UserUpload
from customers.setup_info import SESSION_KEY
from partners import wording
from partners.models import Partnership, PartnershipRequest
from portal.accounts.models import Membership
from portal.accounts.roles import Kind
from portal.links import reverse
from portal.references import encode
from portal.staff.views.passwords import SESSION_KEY as STAFF_PASSWORDS
from subscriptions.models import Order, OrderDraft, OrderLine, Subscription
from tests.access import make_world
from tests.conftest import Browser, confirm
from tests.customers.conftest import typed
from tests.factories import (
    make_account_invitation,
    make_calendar_feed,
    make_customer,
    make_handout,
    make_invitation,
    make_membership,
    make_move,
    make_offer,
    make_order,
    make_partner,
    make_partnership,
    make_person,
    make_relationship_request,
    make_request,
    make_saved_view,
    make_subscription,
    make_trial,
    make_upload,
    make_user,
)
from tests.partners.enrolling import complete_enrolment, submitted_enrolment, waiting_for_code

BACKEND = "portal.accounts.backends.AccountBackend"


class Scene:
    """``about`` and ``who`` of a Form name attributes of this."""

    CODE = "12345678"  # that proves the address of ``newly``

    def __init__(self, foreign=None):
        self.foreign = foreign
        self.world = world = make_world()
        self.provider, self.reseller, self.offer = world.provider, world.reseller, world.offer
        self.customer, self.subscription = world.customer, world.subscription
        self.partnership, self.order, self.message = world.partnership, world.order, world.message
        self.sent, self.batch = world.request, world.batch
        self._people()
        self._rows_in_all_states()

    def _people(self):
        self.staff = make_membership(organization=self.provider)
        self.reseller_staff = make_membership(organization=self.reseller)
        self.customer_staff = make_membership(organization=self.customer.organization)
        self.candidate = make_membership(organization=make_partner())
        self.prospect = make_membership(organization=make_partner(Kind.CUSTOMER))
        self.unsigned = make_membership(organization=make_partner(signed=False))
        self.newcomer = make_membership(organization=self.customer.organization)
        self.newcomer.user.must_change_password = True
        self.newcomer.user.save()
        self.operator = make_user(is_staff=True, is_superuser=True)
        self.newly, self.applicant, self.waiting = make_user(), make_user(), make_user()

    def _rows_in_all_states(self):
        provider, user = self.provider, self.staff.user
        status = PartnershipRequest.Status.DRAFT
        self.request_draft = make_request(provider, created_by=user, status=status)
        self.mailed = make_request(
            provider, created_by=user, recipient="mailed@kunde.example", sent_at=now()
        )
        self.declined = make_request(
            provider, created_by=user, status=PartnershipRequest.Status.DECLINED
        )
        self.letter = self.world.letter_template
        self.view, self.tag = make_saved_view(self.staff), self.world.tag
        make_calendar_feed(self.staff, f"secret of {self.staff.pk}")
        self.token = self.sent.token
        self.asked = self.world.relationship_request
        self.asked_token = self.asked.token
        self.asked_mailed = make_relationship_request(
            self.partnership, created_by=user, recipient="office@kunde.example"
        )
        self.asked_draft = make_relationship_request(
            self.partnership, created_by=user, status=status, sent_at=None
        )
        self.expired_token = make_request(provider, created_by=user, expires_at=now()).token
        waiting_for_code(self.newly, self.CODE)
        complete_enrolment(self.applicant, mpn_id="5550001")
        submitted_enrolment(self.waiting, mpn_id="5550002")
        self.slug = provider.slug
        # Of nobody: what such addresses hold is made up here.
        self.uid, self.reset_key, self.device = "1", "set-password", 1
        self.draft = self._draft()
        self.empty_draft = OrderDraft.objects.create(provider=provider, created_by=user)
        self.failed_order = self._failed_order()
        asked = {"agreement": Customer.Agreement.ASKED, "agreement_date": None}
        waiting = self.unagreed = make_customer(provider, created_by=user, **asked)
        self.unagreed_staff = make_membership(organization=waiting.organization)
        self.license_request = self.world.license_request
        self.order_request = self.world.order_request
        self.unasked_customer = make_customer(provider, self.reseller, created_by=user)
        self.unasked = make_subscription(self.customer, self.offer)
        self.target = make_offer("Enterprise")
        small = make_offer("Business Basic", conversions=[self.target.sku_id])
        self.upgradable = make_subscription(self.customer, small)
        self.trial = make_subscription(self.customer, make_trial(self.offer))
        self._users()
        self._members()
        self._colleagues()
        self.waiting_order = make_order(waiting, status=Order.Status.WAITING)
        self.provisioned = self._provisioned()
        self.former, self.ended = self._ended(make_partner(), self.staff)
        self.leaver = make_membership(organization=make_partner())
        self._ended(self.leaver.organization, self.leaver)

    def _users(self):
        """Of the customer: a user, a deleted one, and files that wait or were worked off."""
        ours, user = self.customer.organization, self.staff.user
        own = self.customer_staff.user
        self.person = self.world.person
        deleted = {"status": CustomerUser.Status.DEACTIVATED, "deactivated_at": now()}
        self.invited_person = self.world.account_invitation.person
        person = make_person(ours, name="Linus Lang")
        self.password_token = make_account_invitation(person).token
        person = make_person(ours, name="Lotte Late")
        self.late_password_token = make_account_invitation(person, expires_at=now()).token
        self.deleted_person = make_person(ours, **deleted)
        done = {"status": UserUpload.Status.COMPLETED, "country": "DE", "ended_at": now()}
        self.upload = make_upload(ours, self.provider, created_by=user)
        self.done_upload = make_upload(ours, self.provider, created_by=user, **done)
        self.own_upload = make_upload(ours, ours, created_by=own)
        self.own_done_upload = make_upload(ours, ours, created_by=own, **done)

    def _members(self):
        """A colleague who is signed in somewhere, and one whose place is closed."""
        self.colleague = self.world.colleague
        self.session = UserSession.objects.create(
            user=self.colleague.user, ip="203.0.113.7", session_key="s" * 32
        )
        self.users_session = UserSession.objects.create(
            user=self.person.user, ip="203.0.113.7", session_key="u" * 32
        )
        self.former_colleague = make_membership(organization=self.provider)
        self.former_colleague.deactivated_at = now()
        self.former_colleague.save()

    def _colleagues(self):
        """Somebody is invited, somebody too late; a temporary password waits to be shown."""
        provider, user = self.provider, self.staff.user
        self.invited = self.world.invitation
        self.join_token = make_invitation(provider, invited_by=user).token
        self.guest_token = make_invitation(provider, invited_by=user).token
        self.late_token = make_invitation(provider, invited_by=user, expires_at=now()).token
        self.waiting_colleague = make_membership(organization=provider)
        make_handout(self.waiting_colleague, user)

    def _draft(self):
        """Ready for Review."""
        reseller = encode("R", self.reseller.pk)
        line = {"quantity": 5, "price": "20.60", "currency": "EUR"}
        return OrderDraft.objects.create(
            provider=self.provider,
            created_by=self.staff.user,
            account=typed(reseller=reseller, domain="draftoptik"),
            lines={str(self.offer.pk): line},
        )

    def _failed_order(self):
        order = make_order(self.customer, status=Order.Status.FAILED)
        pending = make_subscription(
            self.customer, self.offer, status=Subscription.Status.PENDING, started_on=None
        )
        self.line = OrderLine.objects.create(
            order=order,
            offer=self.offer,
            name=self.offer.name,
            quantity=1,
            unit_price="1.00",
            currency="EUR",
            status=OrderLine.Status.FAILED,
            subscription=pending,
            **order.parties,
        )
        return order

    def _provisioned(self):
        """A customer whose setup info can be shown to the staff."""
        customer = make_customer(self.provider, self.reseller, created_by=self.staff.user)
        user = make_membership(organization=customer.organization).user
        user.set_unusable_password()
        user.save()
        AdminAccount.objects.filter(customer=customer).update(
            status=AdminAccount.Status.PROVISIONED, user=user, provisioned_at=now()
        )
        return customer

    def _ended(self, reseller, actor):
        """``actor`` has just ended this partnership; about one customer something is decided."""
        ended = make_partnership(
            self.provider,
            reseller,
            status=Partnership.Status.REMOVED,
            removed_at=now(),
            removed_by=actor.user,
            removed_for=actor.organization,
            statement_version=wording.REMOVAL_VERSION,
        )
        make_move(make_customer(self.provider, reseller), ended)
        return reseller, ended

    def browser(self, who):
        """A browser of the person with this name; of a signed-out visitor for ""."""
        person = getattr(self, who) if who else None
        if isinstance(person, Membership):
            browser = Browser(person)
            session = browser.session
            session[SESSION_KEY] = [self.provisioned.pk]
            session[STAFF_PASSWORDS] = [self.waiting_colleague.pk]
            session.save()
            return browser
        browser = Client()
        if person:
            browser.force_login(person, backend=BACKEND)
            confirm(browser, person)
        return browser

    def sign_in(self, who):
        """A browser in which this person has just typed the password, as some pages demand."""
        browser = Client()
        if who:
            user = getattr(self, who).user
            browser.post("/accounts/login/", {"login": user.username, "password": "demo"})
        return browser

    def url(self, name, who="", about=(), **query):
        """The address of a page about these rows, as that person sees it."""
        rows = [self._named(row) for row in about]
        args = [row if isinstance(row, str | int) else row.pk for row in rows]
        if ":" not in name:
            return public_reverse(name, args=args)
        return reverse(name, *args, organization=getattr(self, who).organization, **query)

    def _named(self, name):
        """``world.draft`` is the draft every Page is about; without a dot, one of ours."""
        return attrgetter(name)(self)


KINDS = {Kind.PROVIDER: "staff", Kind.RESELLER: "reseller_staff", Kind.CUSTOMER: "customer_staff"}

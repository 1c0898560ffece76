"""Every address that takes a POST, with input that it accepts."""

from dataclasses import dataclass, field
from uuid import uuid4

from django.http import QueryDict
from django.utils.timezone import localdate

from customers import wording as relationship_wording
from customers.forms.editing import BLOCKS
from customers.moving_page import MovingPage
from partners import wording
from portal.references import encode
from subscriptions.changing_page import ChangingPage
from subscriptions.ending import Plan
from tests.customers.conftest import typed


@dataclass
class Form:
    """One button of the portal.

    ``who`` presses it and ``about`` are the rows in its address: names of the Scene's attributes.
    ``valid`` makes input that gets the status ``answer`` and, if it ``writes``, leaves a trace.
    ``extra`` names inputs that no form field stands for. ``ours`` tells the portal's own forms,
    which answer bad input with 422, from the sign-in package's, which answer 200. A ``brief`` one
    is the same form as another, asked less. ``unshown`` fields are hidden by what ``valid``
    chooses: whatever they hold is of no account.
    """

    name: str
    who: str = "staff"
    about: tuple = ()
    valid: object = field(default=lambda scene: {})
    extra: tuple = ()
    variant: str = ""
    ours: bool = True
    answer: int = 302
    writes: bool = True
    brief: bool = False
    unshown: tuple = ()

    def __str__(self):
        return f"{self.name}-{self.variant}".strip("-")


def account(scene):
    return typed(agreement_first_name="Uwe", agreement_last_name="Uhu", submission=str(uuid4()))


def letter(action, recipient="new@kunde.example"):
    def fields(scene):
        draft = scene.request_draft
        body = f"Hello,\r\nplease open {wording.invitation_url(draft)}"
        return {
            "action": action,
            "recipient": recipient,
            "language": "en",
            "subject": "Request",
            "text": body,
        }

    return fields


def ownership(scene):
    """To one person: the whole team is tenant owner already."""
    who = f"{encode('R', scene.reseller.pk)}:{scene.reseller_staff.user_id}"
    return {"who": who, "days": "90", "sure": "on"}


def other_roles(scene):
    return {"roles": "admin_agent", "before": "user_admin"}


def new_view(scene):
    return {"list": "customers", "query": "q=berg", "name": "Berg"}


def moving(scene):
    """The button of a page that takes the customer from its reseller."""
    query = QueryDict(f"selected={scene.customer.reference}&to=none")
    form = MovingPage(scene.staff, query).form()
    return {name: form[name].value() for name in form.fields}


def changing(scene):
    """The button of a page that makes a subscription name the reseller as support contact."""
    contact = encode("R", scene.reseller.pk)
    query = QueryDict(f"selected={scene.subscription.reference}&contact={contact}")
    form = ChangingPage(scene.staff, query).form()
    return {name: form[name].value() for name in form.fields}


def seen(scene):
    return {"seen": scene.mailed.sent_at.isoformat(), "by_mail": "on"}


def own_text(scene):
    changed = scene.letter.changed_at.isoformat()
    text = {"subject": "From {provider}", "body": "{provider} asks: {link}"}
    return text | {"language": "en", "seen": changed, "action": "save"}


def pasted(scene):
    return {"submission": str(uuid4()), "text": "recipient\r\nnew@kunde.example"}


def enrolment(scene):
    return {
        "first_name": "Nora",
        "last_name": "Neu",
        "email": "nora@neue-firma.example",
        "phone": "+49 40 5550",
        "password": "a long enough phrase",
        "submission": str(uuid4()),
    }


def enrolment_of_a_member(scene):
    return {name: enrolment(scene)[name] for name in ("first_name", "last_name", "email")}


def enrolling_company(scene):
    return {
        "name": "Neue Firma GmbH",
        "address": "Weg 1",
        "postal_code": "24103",
        "city": "Kiel",
        "country": "DE",
        "website": "https://neue-firma.example",
    }


def colleague(scene):
    return {
        "first_name": "Ida",
        "last_name": "Ivens",
        "roles": "user_admin",
        "how": "asked",
        "email": "ida@nordwind.example",
        "language": "en",
    }


def colleague_with_account(scene):
    return colleague(scene) | {"how": "none", "email": "", "account": "ida.ivens"}


def joining(scene):
    return {"account": "ida.ivens", "password": "correct horse battery"}


def acceptance(scene):
    location = scene.candidate.organization.mpn_accounts.get()
    return {"location": location.mpn_id, "authorized": "on"}


def relationship_letter(action, recipient="new@kunde.example"):
    def fields(scene):
        link = relationship_wording.relationship_url(scene.asked_draft)
        words = letter(action, recipient)(scene)
        return words | {"note": "We spoke on Monday.", "text": f"Hello,\r\nplease open {link}"}

    return fields


def relationship(scene):
    return {
        "company": scene.prospect.organization.slug,
        "told": "new",
        "address_line_1": "Weg 1",
        "postal_code": "20354",
        "city": "Hamburg",
        "first_name": "Vera",
        "last_name": "Vogel",
        "email": "vera@vogel-optik.example",
        "relationship": "on",
        "agreement": "on",
        "agreement_version": relationship_wording.AGREEMENT_VERSION,
    }


def picked(scene):
    return {f"licenses-{scene.offer.pk}": "7"}


def change(scene):
    now = scene.subscription
    opened = {"quantity": now.quantity, "status": now.status}
    opened |= {"reseller_of_record": "none", "support_contact": "", "nickname": ""}
    kept = {f"initial-{name}": value for name, value in opened.items()}
    return {**opened, **kept, "version": now.version, "quantity": 12, "mpn_id": ""}


def pressed(action):
    """A button of *Subscription details* or of the page that asks, with licenses taken back."""
    return lambda scene: change(scene) | {"quantity": 4, "nickname": "Sales", "action": action}


def bought_trial(scene):
    offer = scene.offer
    chosen = f"{offer.pk}:{offer.prices.get().unit_price}"
    return {"version": scene.trial.version, "offer": chosen, "quantity": "12"}


def upgrade(scene):
    offer = scene.target
    chosen = f"{offer.pk}:{offer.prices.get().unit_price}"
    return {"version": scene.upgradable.version, "to": chosen}


def block(name):
    """A block of a customer's account as its page has it, with one field changed."""

    def fields(scene):
        names = set(BLOCKS[name].base_fields) - {"version", "conflicts"}
        kept = {field: getattr(scene.customer, field) for field in names}
        opened = {f"initial-{field}": value for field, value in kept.items()}
        typed = kept | CHANGED[name]
        return {**opened, **typed, "version": scene.customer.version, "conflicts": ""}

    return fields


def confirmation(scene):
    return {
        "accepted_on": str(localdate()),
        "first_name": "Uwe",
        "last_name": "Uhu",
        "email": "uwe@vogel-optik.example",
        "phone": "+49 40 5550 120",
    }


def removal(scene):
    plan = Plan(scene.partnership).fingerprint
    return {"version": wording.REMOVAL_VERSION, "confirmed": "on", "reason": "Enough", "plan": plan}


def settlement(scene):
    return {"plan": Plan(scene.ended).fingerprint, "withdraw": "on"}


def new_user(scene):
    return {
        "first_name": "Nora",
        "last_name": "Neu",
        "display_name": "Nora Neu",
        "account": "nora.neu",
        "country": "DE",
        "role": "user",
        "how": "none",
        "language": "en",
    }


def invited_user(scene):
    return new_user(scene) | {"how": "asked", "email": "nora.neu@birds.example"}


def edited_user(scene):
    alone = ("account", "how", "language")
    return {name: value for name, value in new_user(scene).items() if name not in alone}


def given_license(scene):
    return {
        "id": encode("U", scene.person.pk),
        "subscription": scene.unasked.reference,
        "action": "assign",
    }


def of_users(name, row="", **fields):
    """The same button for a partner's staff and for the customer's own; ``row`` it is about."""
    for side, who, first in (("", "staff", ("customer",)), ("own_", "customer_staff", ())):
        app, _colon, page = name.partition(":")
        about = (*first, f"{side}{row}" if row.endswith("upload") else row) if row else first
        yield Form(f"{app}:{side}{page}", who=who, about=about, brief=bool(side), **fields)


CHANGED = {
    "company": {"company_name": "Vogel Optik GmbH", "address_line_2": "Haus 2"},
    "contact": {"last_name": "Adler", "phone": "+49 40 5550 120"},
    "language": {"language": "en"},
    "qualification": {
        "qualification": "education",
        "education_segment": "school",
        "education_website": "https://schule.example/",
    },
}
PICKER = ("q", "publisher", "billing", "category", "page", "next", "order")
PASSWORDS = {"new_password1": "another long phrase", "new_password2": "another long phrase"}

FORMS = [
    Form("subscriptions:draft_create", valid=account, extra=("submission", "tab")),
    Form("subscriptions:draft_begin", valid=account, extra=("submission", "tab"), brief=True),
    Form(
        "subscriptions:draft_account",
        about=("draft",),
        valid=account,
        extra=("tab", "seen"),
        brief=True,
    ),
    Form(
        "subscriptions:draft_autosave",
        about=("draft",),
        valid=account,
        extra=("tab", "seen"),
        brief=True,
    ),
    Form("subscriptions:draft_take_over", about=("draft",), writes=False),
    Form(
        "subscriptions:draft_subscriptions",
        about=("draft",),
        valid=lambda scene: picked(scene) | {"next": "review"},
        extra=("licenses", *PICKER),
    ),
    Form(
        "subscriptions:draft_review", about=("draft",), extra=("seen", "accept_prices"), answer=422
    ),
    Form("subscriptions:draft_cancel", about=("draft",)),
    Form(
        "subscriptions:subscription_add",
        about=("customer",),
        valid=lambda scene: (
            picked(scene) | {"submission": str(uuid4()), "reseller": "none", "next": "submit"}
        ),
        extra=("licenses", *PICKER),
    ),
    Form(
        "subscriptions:subscription_detail",
        about=("subscription",),
        valid=change,
        extra=("action",),
    ),
    *(
        Form(
            "subscriptions:subscription_detail",
            about=("subscription",),
            valid=pressed(action),
            variant=action or "asked",
            answer=302 if action == "confirm" else 200,
            writes=action == "confirm",
            brief=True,
        )
        for action in ("", "back", "verify", "confirm")
    ),
    Form(
        "subscriptions:subscription_detail",
        who="reseller_staff",
        about=("subscription",),
        valid=change,
        variant="reseller",
    ),
    Form("subscriptions:subscription_upgrade", about=("upgradable",), valid=upgrade),
    Form("subscriptions:trial_convert", about=("trial",), valid=bought_trial),
    Form(
        "subscriptions:order_start",
        about=("waiting_order",),
        valid=lambda scene: {"accepted_on": str(localdate())},
    ),
    Form(
        "subscriptions:license_request_create",
        who="customer_staff",
        about=("unasked",),
        valid=lambda scene: {"quantity": "25", "note": "Why", "submission": str(uuid4())},
    ),
    Form(
        "subscriptions:license_request_approve",
        about=("license_request",),
        valid=lambda scene: {"version": scene.license_request.subscription.version},
        extra=("version",),
    ),
    Form(
        "subscriptions:license_request_decline",
        about=("license_request",),
        valid=lambda scene: {"reason": "Not this year"},
    ),
    Form(
        "subscriptions:license_request_withdraw", who="customer_staff", about=("license_request",)
    ),
    Form("subscriptions:order_cancel", about=("order",)),
    Form("subscriptions:order_revive", about=("order",), writes=False),
    Form(
        "subscriptions:order_request_create",
        who="reseller_staff",
        about=("unasked_customer",),
        valid=lambda scene: picked(scene) | {"submission": str(uuid4()), "next": "ask"},
        extra=("licenses", "note", *PICKER),
    ),
    Form(
        "subscriptions:order_request_decline",
        about=("order_request",),
        valid=lambda scene: {"reason": "Not this year"},
    ),
    Form("subscriptions:order_request_withdraw", who="reseller_staff", about=("order_request",)),
    Form("subscriptions:line_retry", about=("failed_order",), extra=("line",)),
    Form("subscriptions:line_cancel", about=("failed_order",), extra=("line",)),
    *(
        Form(f"customers:{name}_edit", about=("customer",), valid=block(name), extra=("keep_city",))
        for name in BLOCKS
    ),
    Form("customers:agreement_confirm", about=("unagreed",), valid=confirmation),
    Form(
        "customers:own_agreement",
        who="unagreed_staff",
        valid=lambda scene: {
            "version": relationship_wording.AGREEMENT_VERSION,
            "accepted": "on",
        },
    ),
    Form(
        "subscriptions:customer_remove",
        about=("provisioned",),
        valid=lambda scene: {
            "version": relationship_wording.REMOVAL_VERSION,
            "confirmed": "on",
        },
    ),
    Form("customers:setup_info_reveal", about=("provisioned",), answer=200),
    Form("customers:admin_password_reset", about=("provisioned",)),
    Form(
        "customers:relationship_create",
        valid=lambda scene: {
            "submission": str(uuid4()),
            "reseller": encode("R", scene.reseller.pk),
            "delegated_admin": "on",
        },
    ),
    Form(
        "customers:relationship_create",
        who="reseller_staff",
        valid=lambda scene: {
            "submission": str(uuid4()),
            "provider": encode("R", scene.provider.pk),
        },
        variant="reseller",
    ),
    Form(
        "customers:relationship_draft",
        about=("asked_draft",),
        valid=relationship_letter("update"),
    ),
    Form(
        "customers:relationship_draft",
        about=("asked_draft",),
        valid=relationship_letter("send"),
        variant="send",
        brief=True,
    ),
    Form(
        "customers:relationship_draft",
        about=("asked_draft",),
        valid=relationship_letter("done", recipient=""),
        extra=("action",),
        variant="done",
        brief=True,
    ),
    Form("customers:relationship_remind", about=("asked_mailed",)),
    Form(
        "customers:relationship_extend",
        about=("asked_mailed",),
        valid=lambda scene: {"seen": scene.asked_mailed.sent_at.isoformat()},
    ),
    Form("customers:relationship_withdraw", about=("asked",)),
    Form("relationship_request", who="prospect", about=("asked_token",), valid=relationship),
    Form(
        "relationship_request",
        who="",
        about=("asked_token",),
        valid=relationship,
        variant="visitor",
        answer=200,
        writes=False,
    ),
    Form(
        "relationship_decline",
        who="prospect",
        about=("asked_token",),
        valid=lambda scene: {"company": scene.prospect.organization.slug, "reason": "No"},
    ),
    Form(
        "customers:grant_renew",
        valid=lambda scene: {"scope": "matching", "days": "90"},
        extra=("scope", "id", "partner", "q"),
    ),
    Form(
        "customers:renewal_automatic",
        valid=lambda scene: {"automatic": "on"},
        extra=("automatic",),
    ),
    Form("customers:grant_remove", who="customer_staff", about=("world.grant",)),
    Form(
        "customers:renewal_answer",
        who="customer_staff",
        about=("world.grant",),
        valid=lambda scene: {"seen": str(scene.world.renewal.pk), "answer": "extend"},
        extra=("seen", "answer"),
    ),
    *of_users("subscriptions:user_add", valid=new_user, unshown=("email",)),
    *of_users("subscriptions:user_add", valid=invited_user, variant="invited"),
    *of_users("subscriptions:user_licenses", valid=given_license, extra=("id",)),
    *of_users("subscriptions:user_detail", "person", valid=edited_user),
    *of_users("subscriptions:user_delete", "person"),
    *of_users("subscriptions:user_restore", "deleted_person"),
    *of_users(
        "customers:user_invite",
        "invited_person",
        valid=lambda scene: {"email": "linus@birds.example", "language": "de"},
    ),
    *of_users("customers:user_invitation_withdraw", "invited_person"),
    *of_users("customers:user_reset", "person", extra=("without_factor",)),
    Form(
        "subscriptions:own_user_sign_out",
        who="customer_staff",
        about=("person",),
        valid=lambda scene: {"session": scene.users_session.pk},
        extra=("session",),
    ),
    *of_users("customers:user_password_reveal", "person", answer=200, writes=False),
    *of_users("customers:upload_create", extra=("submission",), answer=422),
    *of_users("customers:upload_save", "upload", valid=lambda scene: {"country": "DE"}),
    *of_users("customers:upload_discard", "upload"),
    *of_users("customers:upload_passwords", "done_upload", extra=("format",), answer=200),
    Form("customers:owner_give", who="customer_staff", valid=ownership),
    Form("customers:owner_revoke", who="customer_staff", about=("world.tenant_owner",)),
    Form("security:policy", valid=lambda scene: {"seen": "False|None||False", "idle_minutes": "5"}),
    Form("staff:member_add", valid=colleague, unshown=("account",)),
    Form("staff:member_add", valid=colleague_with_account, variant="account", unshown=("email",)),
    Form("staff:invitation_resend", about=("invited",)),
    Form("staff:invitation_link", about=("invited",), answer=200),
    Form("staff:invitation_withdraw", about=("invited",)),
    Form(
        "staff:member_reset",
        about=("colleague",),
        valid=lambda scene: {"without_factor": "on"},
        extra=("without_factor",),
    ),
    Form("staff:member_password_reveal", about=("waiting_colleague",), answer=200),
    Form("outbox:message_retry", about=("message",), extra=("next", "sure")),
    Form("partners:request_create", valid=lambda scene: {"submission": str(uuid4())}),
    Form("staff:member_detail", about=("colleague",), valid=other_roles),
    Form("staff:member_deactivate", about=("colleague",)),
    Form("staff:member_reactivate", about=("former_colleague",)),
    Form(
        "staff:member_sign_out",
        about=("colleague",),
        valid=lambda scene: {"session": scene.session.pk},
        extra=("session",),
    ),
    Form("subscriptions:first_steps", valid=lambda scene: {"hide": "yes"}, extra=("hide",)),
    Form("savedviews:view_create", valid=new_view),
    Form("savedviews:view_edit", about=("view",), valid=lambda scene: {"name": "Ours"}),
    Form(
        "savedviews:view_update",
        about=("view",),
        valid=lambda scene: {"query": "q=berg"},
        extra=("query",),
    ),
    Form("savedviews:view_delete", about=("view",)),
    Form("customers:customer_tags", about=("customer",), valid=lambda scene: {"tags": "Pilot"}),
    Form(
        "customers:customer_untag",
        about=("customer",),
        valid=lambda scene: {"remove": scene.tag.text},
        extra=("remove",),
    ),
    Form("customers:customers_move", valid=moving),
    Form("subscriptions:subscriptions_change", valid=changing),
    Form("subscriptions:subscription_calendar", answer=200),
    Form("subscriptions:calendar_end"),
    Form("partners:batch_create", valid=pasted),
    Form("partners:batch_send", about=("batch",)),
    Form("partners:batch_discard", about=("batch",)),
    Form("partners:request_draft", about=("request_draft",), valid=letter("update")),
    Form("partners:request_draft", about=("request_draft",), valid=letter("send"), variant="send"),
    Form(
        "partners:request_draft",
        about=("request_draft",),
        valid=letter("done", recipient=""),
        extra=("action",),
        variant="done",
    ),
    Form("partners:request_withdraw", about=("sent",)),
    Form("partners:request_link", about=("mailed",), answer=200),
    Form("partners:request_remind", about=("mailed",), extra=("next",)),
    Form("partners:request_extend", about=("mailed",), valid=seen),
    Form("partners:request_resend", about=("mailed",), valid=seen),
    Form(
        "partners:request_again",
        about=("declined",),
        valid=lambda scene: {"submission": str(uuid4())},
    ),
    Form("partners:letter_edit", valid=own_text),
    Form(
        "partners:letter_edit",
        valid=lambda scene: own_text(scene) | {"action": "preview"},
        variant="preview",
        answer=200,
        writes=False,
        brief=True,
    ),
    Form(
        "partners:letter_test",
        valid=lambda scene: {"submission": str(uuid4()), "language": "de"},
        extra=("submission", "language"),
    ),
    Form(
        "partners:letter_remove",
        valid=lambda scene: {"language": "en", "seen": scene.letter.changed_at.isoformat()},
        extra=("language", "seen"),
    ),
    Form("partners:request_settings", valid=lambda scene: {"days": 14, "remind": "on"}),
    Form(
        "subscriptions:partnership_remove",
        about=("reseller",),
        valid=removal,
    ),
    Form(
        "subscriptions:partnership_customers",
        about=("reseller",),
        valid=lambda scene: {
            "choice": "none",
            "action": "ticked",
            "customer": scene.customer.reference,
        },
        extra=("action", "customer"),
    ),
    Form("subscriptions:reseller_settle", about=("former",), valid=settlement, extra=("plan",)),
    Form("subscriptions:reseller_undo", about=("former",)),
    Form(
        "partners:partnership_end",
        who="reseller_staff",
        about=("provider",),
        valid=lambda scene: {
            "version": wording.REMOVAL_VERSION,
            "confirmed": "on",
            "reason": "Enough",
        },
    ),
    Form("partners:provider_undo", who="leaver", about=("provider",)),
    Form(
        "partners:agreement",
        who="unsigned",
        valid=lambda scene: {"version": wording.AGREEMENT_VERSION},
        extra=("next",),
    ),
    Form("partners:profile_review"),
    Form("partners:profile_change", valid=lambda scene: {"text": "We have moved\r\nto Kiel."}),
    Form(
        "partners:identifier_add",
        who="reseller_staff",
        valid=lambda scene: {"mpn_id": "55502", "city": "Kiel"},
    ),
    Form("notifications", valid=lambda scene: {"topics": "accepted"}),
    Form("enroll_you", who="", valid=enrolment, extra=("next",)),
    Form("enroll_you", who="candidate", valid=enrolment_of_a_member, variant="member"),
    Form("enroll_code", who="newly", valid=lambda scene: {"code": scene.CODE}),
    Form("enroll_code_resend", who="newly"),
    Form("enroll_company", who="applicant", valid=enrolling_company, extra=("next",)),
    Form(
        "enroll_identifiers",
        who="applicant",
        valid=lambda scene: {"mpn_id": "55501", "global_mpn_id": "55502"},
        extra=("next",),
    ),
    Form(
        "enroll_agreement",
        who="applicant",
        valid=lambda scene: {"version": wording.AGREEMENT_VERSION},
        extra=("next",),
    ),
    Form("enroll_review", who="applicant", extra=("next",)),
    Form("enroll_take_back", who="waiting"),
    Form("join", who="", about=("join_token",), valid=joining),
    Form(
        "join",
        who="candidate",
        about=("guest_token",),
        valid=lambda scene: {"right_address": "on"},
        extra=("right_address",),
        variant="member",
    ),
    Form("join_new_link", who="", about=("late_token",)),
    Form(
        "first_password_link",
        who="",
        about=("password_token",),
        valid=lambda scene: {"password": "correct horse battery"},
    ),
    Form("first_password_new_link", who="", about=("late_password_token",)),
    Form("invitation_opened", who="", about=("token",), answer=204),
    Form("invitation_new_link", who="", about=("expired_token",)),
    Form("invitation", who="candidate", about=("token",), valid=acceptance),
    Form(
        "invitation",
        who="",
        about=("token",),
        valid=acceptance,
        variant="visitor",
        answer=200,
        writes=False,
    ),
    Form(
        "invitation_decline",
        who="candidate",
        about=("token",),
        valid=lambda scene: {
            "company": scene.candidate.organization.slug,
            "reason": "No",
            "tell": "on",
        },
    ),
    Form(
        "set_language", valid=lambda scene: {"language": "de", "next": "/o/"}, extra=("language",)
    ),
    Form(
        "set_theme",
        who="",
        valid=lambda scene: {"theme": "dark"},
        extra=("theme", "next"),
        writes=False,
    ),
    Form("first_password", who="newcomer", valid=lambda scene: PASSWORDS),
]


def person(scene):
    return {"login": scene.staff.user.username, "password": "demo"}


def new_password(scene):
    phrase = "another long phrase"
    return {"oldpassword": "demo", "password1": phrase, "password2": phrase}


# The pages of the sign-in package. Those without ``valid`` can't be passed from here: a code or a
# device is needed.
SIGN_IN_FORMS = [
    Form("account_login", who="", valid=person, extra=("next",), ours=False),
    Form("account_logout", extra=("next",), ours=False),
    Form("account_reauthenticate", valid=lambda scene: {"password": "demo"}, ours=False),
    Form("account_change_password", valid=new_password, ours=False),
    Form("account_set_password", ours=False),
    Form(
        "account_reset_password",
        who="",
        valid=lambda scene: {"email": scene.staff.user.email},
        ours=False,
    ),
    Form("account_reset_password_from_key", who="", about=("uid", "reset_key"), ours=False),
    Form(
        "account_email",
        valid=lambda scene: {"email": "other@kunde.example", "action_add": ""},
        extra=("action_add", "action_primary", "action_remove", "action_send"),
        ours=False,
    ),
    Form("account_confirm_email", who="", about=("reset_key",), ours=False, answer=404),
    Form("mfa_authenticate", who="", extra=("code", "credential"), ours=False),
    Form("mfa_reauthenticate", extra=("code",), ours=False),
    Form("mfa_activate_totp", extra=("code",), ours=False, answer=200),
    Form("mfa_deactivate_totp", ours=False),
    Form("mfa_generate_recovery_codes", ours=False),
    Form("mfa_add_webauthn", extra=("name", "credential"), ours=False, answer=200),
    Form("mfa_edit_webauthn", about=("device",), extra=("name",), ours=False, answer=404),
    Form("mfa_remove_webauthn", about=("device",), ours=False, answer=404),
    Form("mfa_login_webauthn", who="", extra=("credential",), ours=False),
    Form("mfa_reauthenticate_webauthn", extra=("credential",), ours=False),
    Form("usersessions_list", ours=False),
]

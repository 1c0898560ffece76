"""What can happen to customers, to their first account and to requests for a relationship.

Each function is one transaction with its audit entry.
"""

from customers.delegated import is_tenant_owner, may_administer
from customers.places import NotAdministered, Place, place_of
from customers.services.accounts import (
    DomainTaken,
    ResetRefused,
    add_customer,
    reset_admin_password,
    reveal_setup_info,
)
from customers.services.administering import check_may_touch, why_no_reset_of
from customers.services.agreements import (
    SignedAlready,
    accept_agreement,
    confirm_agreement,
    customer_agreed,
)
from customers.services.answers import (
    PartnershipEnded,
    StandingChanged,
    accept_relationship,
    are_still_partners,
    decline_relationship,
)
from customers.services.batches import move_chunk, start_move
from customers.services.changes import Stale, change_customer
from customers.services.grants import (
    GrantOver,
    ask_for_renewals,
    decline_renewal,
    extend_admin,
    remove_admin,
    set_automatic_renewal,
)
from customers.services.invitations import (
    ask_for_new_account_link,
    choose_invited_password,
    invite_to_account,
    stands,
    withdraw_account_invitation,
)
from customers.services.lasting import (
    expire_relationship,
    extend_relationship,
    remind_relationship,
)
from customers.services.moving import (
    hand_over,
    put_back,
    restore_admin,
    take_back,
    withdraw_admin,
)
from customers.services.owners import OwnerAlready, give_ownership, revoke_ownership
from customers.services.removing import remove_customer
from customers.services.requests import (
    draft_relationship,
    mark_relationship_sent,
    put_relationship_link_back,
    rewrite_relationship,
    save_relationship,
    send_relationship,
    withdraw_relationship,
)
from customers.services.tags import TooManyTags, add_tags, remove_tag
from customers.services.uploads import (
    check_upload,
    create_users_of_upload,
    discard_upload,
    reveal_upload_passwords,
    start_upload,
)
from customers.services.users import (
    AccountTaken,
    Refused,
    add_user,
    deactivate_user,
    edit_user,
    purge_user,
    reset_user_password,
    restore_user,
    reveal_user_password,
    sign_out_user,
)
from customers.setup_info import allow_setup_info, setup_info
from customers.user_files import Line as UserLine
from customers.user_passwords import allow_user_password
from customers.verdicts import Verdict, validate_move

__all__ = [
    "AccountTaken",
    "DomainTaken",
    "GrantOver",
    "NotAdministered",
    "OwnerAlready",
    "PartnershipEnded",
    "Place",
    "Refused",
    "ResetRefused",
    "SignedAlready",
    "Stale",
    "StandingChanged",
    "TooManyTags",
    "UserLine",
    "Verdict",
    "accept_agreement",
    "accept_relationship",
    "add_customer",
    "add_tags",
    "add_user",
    "allow_setup_info",
    "allow_user_password",
    "are_still_partners",
    "ask_for_new_account_link",
    "ask_for_renewals",
    "change_customer",
    "check_may_touch",
    "check_upload",
    "choose_invited_password",
    "confirm_agreement",
    "create_users_of_upload",
    "customer_agreed",
    "deactivate_user",
    "decline_relationship",
    "decline_renewal",
    "discard_upload",
    "draft_relationship",
    "edit_user",
    "expire_relationship",
    "extend_admin",
    "extend_relationship",
    "give_ownership",
    "hand_over",
    "invite_to_account",
    "is_tenant_owner",
    "mark_relationship_sent",
    "may_administer",
    "move_chunk",
    "place_of",
    "purge_user",
    "put_back",
    "put_relationship_link_back",
    "remind_relationship",
    "remove_admin",
    "remove_customer",
    "remove_tag",
    "reset_admin_password",
    "reset_user_password",
    "restore_admin",
    "restore_user",
    "reveal_setup_info",
    "reveal_upload_passwords",
    "reveal_user_password",
    "revoke_ownership",
    "rewrite_relationship",
    "save_relationship",
    "send_relationship",
    "set_automatic_renewal",
    "setup_info",
    "sign_out_user",
    "stands",
    "start_move",
    "start_upload",
    "take_back",
    "validate_move",
    "why_no_reset_of",
    "withdraw_account_invitation",
    "withdraw_admin",
    "withdraw_relationship",
]

"""What can happen to customers, to their first account and to requests for a relationship.

Each function is one transaction with its audit entry.
"""

from customers.services.accounts import (
    DomainTaken,
    add_customer,
    reset_admin_password,
    reveal_setup_info,
)
from customers.services.administering import (
    NotAdministered,
    Place,
    check_may_touch,
    may_administer,
    place_of,
)
from customers.services.answers import (
    PartnershipEnded,
    StandingChanged,
    accept_relationship,
    are_still_partners,
    decline_relationship,
)
from customers.services.moving import (
    hand_over,
    put_back,
    restore_admin,
    take_back,
    withdraw_admin,
)
from customers.services.requests import (
    draft_relationship,
    mark_relationship_sent,
    put_relationship_link_back,
    rewrite_relationship,
    save_relationship,
    send_relationship,
    withdraw_relationship,
)
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
)
from customers.setup_info import allow_setup_info, setup_info
from customers.user_files import Line as UserLine
from customers.user_passwords import allow_user_password

__all__ = [
    "AccountTaken",
    "DomainTaken",
    "NotAdministered",
    "PartnershipEnded",
    "Place",
    "Refused",
    "StandingChanged",
    "UserLine",
    "accept_relationship",
    "add_customer",
    "add_user",
    "allow_setup_info",
    "allow_user_password",
    "are_still_partners",
    "check_may_touch",
    "check_upload",
    "create_users_of_upload",
    "deactivate_user",
    "decline_relationship",
    "discard_upload",
    "draft_relationship",
    "edit_user",
    "hand_over",
    "mark_relationship_sent",
    "may_administer",
    "place_of",
    "purge_user",
    "put_back",
    "put_relationship_link_back",
    "reset_admin_password",
    "reset_user_password",
    "restore_admin",
    "restore_user",
    "reveal_setup_info",
    "reveal_upload_passwords",
    "reveal_user_password",
    "rewrite_relationship",
    "save_relationship",
    "send_relationship",
    "setup_info",
    "start_upload",
    "take_back",
    "withdraw_admin",
    "withdraw_relationship",
]

from partners.models.batches import RequestBatch, RequestBatchRow
from partners.models.changes import ProfileChange
from partners.models.companies import (
    MOST_DAYS,
    MPN_ID,
    MpnAccount,
    PartnerProfile,
    country_name,
    region_of,
)
from partners.models.enrolments import Enrolment
from partners.models.invitations import Invitation, InvitationQuerySet, holding
from partners.models.letters import LetterTemplate
from partners.models.partnerships import Partnership
from partners.models.requests import PartnershipRequest

__all__ = [
    "MOST_DAYS",
    "MPN_ID",
    "Enrolment",
    "Invitation",
    "InvitationQuerySet",
    "LetterTemplate",
    "MpnAccount",
    "PartnerProfile",
    "Partnership",
    "PartnershipRequest",
    "ProfileChange",
    "RequestBatch",
    "RequestBatchRow",
    "country_name",
    "holding",
    "region_of",
]

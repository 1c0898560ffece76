from partners.models.companies import MpnAccount, PartnerProfile, country_name, region_of
from partners.models.partnerships import Partnership
from partners.models.requests import PartnershipRequest

__all__ = [
    "MpnAccount",
    "PartnerProfile",
    "Partnership",
    "PartnershipRequest",
    "country_name",
    "region_of",
]

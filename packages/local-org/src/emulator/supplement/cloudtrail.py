from moto.cloudtrail.models import CloudTrailBackend, Trail, cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.responses import EmptyResult
from moto.organizations.exceptions import (
    AccountAlreadyRegisteredException,
    AccountNotFoundException,
    AccountNotRegisteredException,
)
from moto.organizations.models import organizations_backends

from . import adds_to, error_class, organizations, wraps  # noqa: F401 -- knows the delegation of CloudTrail

ServiceError = error_class("cloudtrail")

PRINCIPAL = "cloudtrail.amazonaws.com"


def organization_of(response):
    backend = organizations_backends[response.current_account][response.partition]
    if backend.org is None:
        raise ServiceError("OrganizationsNotInUseException", "The account is in no organization.")
    if backend.org.master_account_id != response.current_account:
        raise ServiceError("NotOrganizationManagementAccountException", "The account is not the management account.")
    return backend


# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RegisterOrganizationDelegatedAdmin.html
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html: Organizations lists it.
@adds_to(CloudTrailResponse)
def register_organization_delegated_admin(self):
    organization, member = organization_of(self), self._get_param("MemberAccountId")
    if member == self.current_account:
        raise ServiceError("CannotDelegateManagementAccountException", "The management account needs no delegation.")
    try:
        organization.register_delegated_administrator(AccountId=member, ServicePrincipal=PRINCIPAL)
    except AccountAlreadyRegisteredException as error:
        raise ServiceError("AccountRegisteredException", error.message) from error
    except AccountNotFoundException as error:
        raise ServiceError("AccountNotFoundException", error.message) from error
    return EmptyResult()


# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeregisterOrganizationDelegatedAdmin.html
@adds_to(CloudTrailResponse)
def deregister_organization_delegated_admin(self):
    organization, account = organization_of(self), self._get_param("DelegatedAdminAccountId")
    try:
        organization.deregister_delegated_administrator(AccountId=account, ServicePrincipal=PRINCIPAL)
    except AccountNotRegisteredException as error:
        raise ServiceError("AccountNotRegisteredException", error.message) from error
    return EmptyResult()


# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTrails.html: the trails of the account, in any Region.
@adds_to(CloudTrailBackend)
def list_trails(self):
    return [trail for backend in cloudtrail_backends[self.account_id].values() for trail in backend.trails.values()]


# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html: each kind overwrites the other.
@wraps(Trail)
def put_event_selectors(original, self, event_selectors, advanced_event_selectors):
    self.event_selectors, self.advanced_event_selectors = [], []
    original(self, event_selectors, advanced_event_selectors)


# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
@wraps(Trail)
def description(original, self, include_region=False):
    return {
        **original(self, include_region),
        "HasCustomEventSelectors": bool(self.event_selectors or self.advanced_event_selectors),
    }

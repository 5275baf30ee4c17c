import json
import re

from moto.core.responses import ActionResult, EmptyResult
from moto.moto_api._internal import mock_random
from moto.organizations.exceptions import AWSOrganizationsNotInUseException
from moto.organizations.models import (
    FakeAccount,
    FakeDelegatedAdministrator,
    FakeServiceAccess,
    OrganizationsBackend,
    organizations_backends,
)
from moto.organizations.responses import OrganizationsResponse

from . import adds_to, error_class, wraps

ServiceError = error_class("organizations")

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
FakeServiceAccess.TRUSTED_SERVICES += ["iam.amazonaws.com"]
FakeDelegatedAdministrator.SUPPORTED_SERVICES += [
    f"{name}.amazonaws.com"
    for name in ("account", "backup", "cloudtrail", "config", "detective", "fms", "iam", "inspector2", "securityhub", "sso")
]


# AWS chooses the id of a new account. Here a name of twelve digits is the id, so that settings can name the account.
@wraps(FakeAccount, "__init__")
def create(original, self, organization, **kwargs):
    original(self, organization, **kwargs)
    if re.fullmatch(r"\d{12}", self.name):
        self.id = self.name


# https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html
def add_refusal(operation):
    @wraps(OrganizationsBackend, operation)
    def within_organization(original, self, **kwargs):
        if self.org is None:
            raise AWSOrganizationsNotInUseException()
        return original(self, **kwargs)


for listing in ("list_aws_service_access_for_organization", "list_delegated_administrators"):
    add_refusal(listing)


def organization_of(response):
    backend = organizations_backends[response.current_account][response.partition]
    if backend.org is None:
        raise AWSOrganizationsNotInUseException()
    return backend.org


def policy_of(organization):
    policy = getattr(organization, "resource_policy", None)
    if policy is None:
        raise ServiceError("ResourcePolicyNotFoundException", "The organization has no resource policy.")
    return policy


def written_by_management(response):
    organization = organization_of(response)
    if organization.master_account_id != response.current_account:
        raise ServiceError("AccessDeniedException", "Only the management account may do this.")
    return organization


# https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html
@adds_to(OrganizationsResponse)
def put_resource_policy(self):
    organization, content = written_by_management(self), self._get_param("Content")
    try:
        json.loads(content)
    except ValueError as error:
        raise ServiceError("InvalidInputException", "The policy is not JSON.") from error
    known = getattr(organization, "resource_policy", None)
    policy_id = known["ResourcePolicySummary"]["Id"] if known else f"rp-{mock_random.get_random_hex(20)}"
    account, partition = organization.master_account_id, self.partition
    arn = f"arn:{partition}:organizations::{account}:resourcepolicy/{organization.id}/{policy_id}"
    organization.resource_policy = {"ResourcePolicySummary": {"Id": policy_id, "Arn": arn}, "Content": content}
    return ActionResult({"ResourcePolicy": organization.resource_policy})


# https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html
@adds_to(OrganizationsResponse)
def describe_resource_policy(self):
    return ActionResult({"ResourcePolicy": policy_of(organization_of(self))})


# https://docs.aws.amazon.com/organizations/latest/APIReference/API_DeleteResourcePolicy.html
@adds_to(OrganizationsResponse)
def delete_resource_policy(self):
    organization = written_by_management(self)
    policy_of(organization)
    organization.resource_policy = None
    return EmptyResult()

import csv
import io
import json

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.iam import models
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.exceptions import EntityAlreadyExists, NotFoundException
from moto.iam.models import AWSManagedPolicy, AccountSummary, IAMBackend, ManagedPolicy, iam_backends
from moto.iam.responses import IamResponse
from moto.organizations.models import organizations_backends

from . import adds_to, error_class, wraps

ServiceError = error_class("iam")

# IAM reports whole seconds; the SDK rounds moto's fractions, sometimes into the next second.
models.utcnow = lambda: utcnow().replace(microsecond=0)

# The managed policies that rules and roles name. All 1,485 take seconds and 35 to 130 MB per account.
MANAGED_POLICIES = ("AdministratorAccess", "AWSCloudShellFullAccess", "AWSSupportAccess", "AWS_ConfigRole")


def managed_policy(name):
    start = aws_managed_policies_data.index("{", aws_managed_policies_data.index(f'\n "{name}":'))
    return json.JSONDecoder().raw_decode(aws_managed_policies_data, start)[0]


MANAGED_POLICY_DATA = {name: managed_policy(name) for name in MANAGED_POLICIES}


@adds_to(IAMBackend)
def _init_aws_policies(self):
    return [
        AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data)
        for name, data in MANAGED_POLICY_DATA.items()
    ]


# Other services of moto, such as STS, create the IAM of an account before its first call: before this module is loaded.
for accounts in list(iam_backends.values()):
    for backend in list(accounts.values()):
        backend.aws_managed_policies = backend._init_aws_policies()
        backend.managed_policies.update(backend._init_managed_policies())


# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
# Unproven: that a name with a comma is quoted.
@wraps(IAMBackend)
def get_credential_report(original, self):
    header, *lines = original(self).splitlines()
    columns = header.split(",")
    root = {
        **dict.fromkeys(columns, "N/A"),
        **{column: "false" for column in columns if column.endswith("_active")},
        "user": "<root_account>",
        "arn": f"arn:{self.partition}:iam::{self.account_id}:root",
        "user_creation_time": "2020-01-01T00:00:00+00:00",
        "password_enabled": "not_supported",
        "password_last_used": "no_information",
        "password_last_changed": "not_supported",
        "password_next_rotation": "not_supported",
    }
    report = io.StringIO()
    writer = csv.DictWriter(report, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerow(root)
    for user, line in zip(self.users.values(), lines):
        # moto does not quote: name and ARN are the fields that may contain a comma.
        values = [user.name, user.arn, *line.removeprefix(f"{user.name},{user.arn},").split(",")]
        writer.writerow(as_aws_writes(dict(zip(columns, values))))
    return report.getvalue()


def as_aws_writes(row):
    """`not_supported` is only for root, and a user without a password has no dates."""
    missing = {column for column, value in row.items() if value == "not_supported"}
    if row["password_enabled"] != "true":
        missing |= {column for column in row if column.startswith(("password_last", "password_next"))}
    return {**row, **dict.fromkeys(missing, "N/A")}


@wraps(IamResponse)
def get_credential_report(original, self):  # noqa: F811
    answer = original(self)
    return ActionResult({**answer.result, "GeneratedTime": models.utcnow()})


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html: moto leaves out the name and the id.
ManagedPolicy.policy_name = property(lambda self: self.name)
ManagedPolicy.policy_id = property(lambda self: self.id)


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
summary_map = AccountSummary.summary_map.fget
AccountSummary.summary_map = property(
    lambda self: {**summary_map(self), "AccountPasswordPresent": int(root_has_password(self._iam_backend))}
)


def root_has_password(backend):
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html: an account is created with root's password.
    # That is another case for the accounts that Organizations creates with central root access; they are not told apart.
    return getattr(backend, "root_password", True)


# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html: a session of AssumeRoot leaves out
# the name, and removes or allows root's password. Any caller is taken for one here.
@wraps(IAMBackend)
def delete_login_profile(original, self, user_name):
    if user_name:
        return original(self, user_name)
    if not root_has_password(self):
        raise NotFoundException("Login Profile for the root user cannot be found.")
    self.root_password = False


@wraps(IamResponse)
def create_login_profile(original, self):
    if self._get_param("UserName"):
        return original(self)
    if root_has_password(self.backend):
        raise EntityAlreadyExists("Login Profile for the root user already exists.")
    self.backend.root_password = True
    return ActionResult({"LoginProfile": {"UserName": "root", "CreateDate": models.utcnow()}})


@wraps(IamResponse)
def get_login_profile(original, self):
    if self._get_param("UserName"):
        return original(self)
    if not root_has_password(self.backend):
        raise NotFoundException("Login Profile for the root user cannot be found.")
    return ActionResult({"LoginProfile": {"UserName": "root", "CreateDate": models.utcnow()}})


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html, and for its errors the pages of
# EnableOrganizationsRootSessions and EnableOrganizationsRootCredentialsManagement.
def features(response):
    organizations = organizations_backends[response.current_account][response.partition]
    if organizations.org is None:
        raise ServiceError("OrganizationNotFoundException", "The account is in no organization.")
    if organizations.org.master_account_id != response.current_account:
        raise ServiceError(
            "AccountNotManagementOrDelegatedAdministratorException", "The account is not the management account."
        )
    if "iam.amazonaws.com" not in [service["ServicePrincipal"] for service in organizations.services]:
        raise ServiceError("ServiceAccessNotEnabledException", "Trusted access for IAM is not enabled.")
    return vars(organizations).setdefault("iam_features", set()), organizations.org.id


def add_toggle(operation, feature, change):
    def toggle(self):
        change(features(self)[0], feature)
        return self.list_organizations_features()

    toggle.__name__ = operation
    adds_to(IamResponse)(toggle)


@adds_to(IamResponse)
def list_organizations_features(self):
    enabled, organization_id = features(self)
    return ActionResult({"OrganizationId": organization_id, "EnabledFeatures": sorted(enabled)})


for snake, name in (("root_sessions", "RootSessions"), ("root_credentials_management", "RootCredentialsManagement")):
    add_toggle(f"enable_organizations_{snake}", name, set.add)
    add_toggle(f"disable_organizations_{snake}", name, set.discard)

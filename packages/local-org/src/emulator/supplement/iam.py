import csv
import io
import json
from datetime import UTC, datetime

from cryptography import x509
from moto.core.responses import ActionResult, EmptyResult
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
@wraps(IamResponse)
def get_account_summary(original, self):
    root = root_of(self.backend)
    of_root = {
        "AccountPasswordPresent": int(root_has_password(self.backend)),
        "AccountAccessKeysPresent": int(bool(root["keys"])),
        "AccountMFAEnabled": int(bool(root["devices"])),
    }
    return ActionResult({"SummaryMap": {**original(self).result["SummaryMap"], **of_root}})


def root_of(backend):
    """The long-lived credentials of the root user, besides its password."""
    return vars(backend).setdefault("root_credentials", {"keys": [], "devices": set()})


def names_root(response):
    """Whether a call without a user's name concerns root: its caller is no IAM user."""
    users = response.backend.get_all_access_keys_for_all_users()
    caller = response.get_access_key()
    return not response._get_param("UserName") and all(key.access_key_id != caller for key in users)


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html: without a name, the caller's own key, which
# may be root's. Any caller that is no user is taken for root here.
@wraps(IamResponse)
def create_access_key(original, self):
    if not names_root(self):
        return original(self)
    key = models.AccessKey(user_name="root", prefix="AKIA", account_id=self.current_account)
    root_of(self.backend)["keys"].append(key)
    return ActionResult({"AccessKey": key})


# https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-virt-mfa-for-root.html: only root turns on its MFA.
# Unproven: that the operation behind the console is this one, without a name.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html: a device of root has root's ARN.
@wraps(IamResponse)
def enable_mfa_device(original, self):
    if not names_root(self):
        return original(self)
    serial_number = self._get_param("SerialNumber")
    root_of(self.backend)["devices"].add(serial_number)
    device = self.backend.virtual_mfa_devices.get(serial_number)
    if device:
        device.enable_date = models.utcnow()
        device.user = {
            "UserId": self.current_account,
            "Arn": f"arn:{self.partition}:iam::{self.current_account}:root",
            "CreateDate": device.enable_date,
        }
    return EmptyResult()


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


# https://docs.aws.amazon.com/IAM/latest/APIReference/API_ServerCertificateMetadata.html: each has an id, and the dates are
# its own. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html: it must be valid when uploaded.
@wraps(IamResponse)
def upload_server_certificate(original, self):
    try:
        certificate = x509.load_pem_x509_certificate(self._get_param("CertificateBody").encode())
    except ValueError as error:
        raise ServiceError("MalformedCertificate", "The certificate is malformed.") from error
    if not certificate.not_valid_before_utc <= datetime.now(UTC) <= certificate.not_valid_after_utc:
        raise ServiceError("InvalidCertificate", "The certificate is not valid now.")
    original(self)
    certificate_id, uploaded = list(self.backend.certificates.items())[-1]
    uploaded.upload_date = models.utcnow()
    uploaded.expiration = certificate.not_valid_after_utc
    return ActionResult({"ServerCertificateMetadata": metadata_of(certificate_id, uploaded)})


@adds_to(IamResponse)
def list_server_certificates(self):
    found = [metadata_of(certificate_id, one) for certificate_id, one in self.backend.certificates.items()]
    return ActionResult({"ServerCertificateMetadataList": found, "IsTruncated": False})


def metadata_of(certificate_id, certificate):
    return {
        "ServerCertificateName": certificate.cert_name,
        "ServerCertificateId": certificate_id,
        "Path": certificate.path,
        "Arn": certificate.arn,
        "UploadDate": certificate.upload_date,
        "Expiration": certificate.expiration,
    }


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

from moto.core.responses import ActionResult
from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse
from moto.securityhub.urls import url_paths

from . import adds_to, error_class, wraps

ServiceError = error_class("securityhub")

for path in ("register", "deregister", "get"):
    url_paths["{0}/standards/" + path + "$"] = SecurityHubResponse.dispatch


@wraps(SecurityHubBackend)
def enable_security_hub(original, self, enable_default_standards=True, tags=None):
    # https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html: enabled already is a conflict,
    # and these two standards are enabled with it.
    if self.enabled:
        raise ServiceError("ResourceConflictException", "Account is already subscribed to Security Hub")
    original(self, enable_default_standards, tags)
    self.standards = {}
    if enable_default_standards:
        subscribe(self, f"arn:aws:securityhub:{self.region_name}::standards/aws-foundational-security-best-practices/v/1.0.0")
        subscribe(self, "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0")
    return {}


def subscribe(backend, standards_arn):
    name = standards_arn.split("/", 1)[1]
    arn = f"arn:aws:securityhub:{backend.region_name}:{backend.account_id}:subscription/{name}"
    backend.standards[arn] = standards_arn
    return arn


# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetEnabledStandards.html
def described(backend, arns, status):
    return [
        {
            "StandardsSubscriptionArn": arn,
            "StandardsArn": backend.standards[arn],
            "StandardsInput": {},
            "StandardsStatus": status,
            "StandardsControlsUpdatable": "READY_FOR_UPDATES",
        }
        for arn in arns
    ]


def enabled(response):
    backend = response.securityhub_backend
    backend.describe_hub()  # InvalidAccessException unless Security Hub is enabled.
    return backend


def known(backend, arns):
    for arn in arns:
        if arn not in backend.standards:
            raise ServiceError("InvalidInputException", f"Unknown subscription: {arn}")
    return arns


@adds_to(SecurityHubResponse)
def get_enabled_standards(self):
    backend = enabled(self)
    arns = self._get_param("StandardsSubscriptionArns") or list(backend.standards)
    # Unproven: how long a standard is PENDING.
    return ActionResult({"StandardsSubscriptions": described(backend, known(backend, arns), "READY")})


# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchEnableStandards.html
@adds_to(SecurityHubResponse)
def batch_enable_standards(self):
    backend = enabled(self)
    arns = [subscribe(backend, one["StandardsArn"]) for one in self._get_param("StandardsSubscriptionRequests")]
    return ActionResult({"StandardsSubscriptions": described(backend, arns, "PENDING")})


# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchDisableStandards.html
@adds_to(SecurityHubResponse)
def batch_disable_standards(self):
    backend = enabled(self)
    arns = known(backend, self._get_param("StandardsSubscriptionArns"))
    answer = described(backend, arns, "DELETING")
    for arn in arns:
        del backend.standards[arn]
    return ActionResult({"StandardsSubscriptions": answer})

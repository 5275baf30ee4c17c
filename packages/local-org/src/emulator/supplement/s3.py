import json
import re

import xmltodict
from moto.core.responses import ActionResult, EmptyResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.exceptions import NoSuchBucketPolicy, S3ClientError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from . import wraps

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
# A grant to everyone is not public if one of these keys has a fixed value.
RESTRICTING_KEYS = {
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpcsourceip",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
}
RESTRICTING_OPERATORS = re.compile(r"^(ForAnyValue:)?(StringEquals|StringLike|Arn(Equals|Like)|IpAddress)(IgnoreCase)?$", re.I)


def listed(value):
    return value if isinstance(value, list) else [value]


def is_public(policy):
    return any(statement.get("Effect") == "Allow" and grants_to_everyone(statement) for statement in listed(policy["Statement"]))


def grants_to_everyone(statement):
    principal = statement.get("Principal", {})
    everyone = "NotPrincipal" in statement or principal == "*" or "*" in listed(dict(principal or {}).get("AWS", []))
    return everyone and not any(
        RESTRICTING_OPERATORS.match(operator) and key.lower() in RESTRICTING_KEYS and all(map(is_fixed, listed(value)))
        for operator, conditions in statement.get("Condition", {}).items()
        for key, value in conditions.items()
    )


def is_fixed(value):
    """No wildcard and no variable; the page's rules for very broad address ranges are left out."""
    return "*" not in value and "?" not in value and "${" not in value and value not in ("0.0.0.0/0", "::/0")


# moto knows no values of conditions: "deny without TLS" would deny everything. The gateway evaluates the whole policy.
@wraps(FakeBucket)
def get_permission(original, self, action, resource):
    if self.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(self.policy)
    statements = [
        statement
        for statement in listed(policy["Statement"])
        if not (statement.get("Effect") == "Deny" and "Condition" in statement)
    ]
    return IAMPolicy(json.dumps({**policy, "Statement": statements})).is_action_permitted(action, resource)


# https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html: without a configuration of its
# own, a bucket encrypts with the keys of S3.
@wraps(S3Response)
def get_bucket_encryption(original, self):
    if self.backend.get_bucket_encryption(self.bucket_name):
        return original(self)
    by_default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    return answer(self, "GetBucketEncryption", {"ServerSideEncryptionConfiguration": {"Rules": [by_default]}})


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html: a paginated answer names the Region of each bucket.
@wraps(S3Response)
def all_buckets(original, self):
    status, headers, body = original(self)
    if self._get_param("max-buckets") is not None:
        for bucket in self.backend.buckets.values():
            name = f"<Name>{bucket.name}</Name>"
            body = body.replace(name, name + f"<BucketRegion>{bucket.region_name}</BucketRegion>")
    return status, headers, body


@wraps(S3Response)
def _bucket_response_get(original, self, bucket_name, querystring):
    bucket = self.backend.get_bucket(bucket_name)
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
    if "policyStatus" in querystring:
        if not bucket.policy:
            raise NoSuchBucketPolicy(bucket_name=bucket_name)
        return answer(self, "GetBucketPolicyStatus", {"PolicyStatus": {"IsPublic": is_public(json.loads(bucket.policy))}})
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html: by default the owner pays.
    if "requestPayment" in querystring:
        return answer(self, "GetBucketRequestPayment", {"Payer": getattr(bucket, "payer", "BucketOwner")})
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html: MfaDelete only if it was ever set.
    if "versioning" in querystring:
        status, mfa_delete = bucket.versioning_status, getattr(bucket, "mfa_delete", None)
        return answer(self, "GetBucketVersioning", {"Status": status, "MFADelete": mfa_delete})
    return original(self, bucket_name, querystring)


@wraps(S3Response)
def _bucket_response_put(original, self, request, bucket_name, querystring):
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
    if "requestPayment" in querystring:
        self.backend.get_bucket(bucket_name).payer = xmltodict.parse(self.body)["RequestPaymentConfiguration"]["Payer"]
        return answer(self, "PutBucketRequestPayment")
    if "versioning" in querystring:
        put_versioning(self, request, self.backend.get_bucket(bucket_name))
        return answer(self, "PutBucketVersioning")
    return original(self, request, bucket_name, querystring)


# https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html: the root user's device must
# be in the request. Any device is accepted here. Unproven: the code of the error without one.
def put_versioning(response, request, bucket):
    given = xmltodict.parse(response.body)["VersioningConfiguration"]
    status, mfa_delete = given.get("Status"), given.get("MfaDelete")
    known = getattr(bucket, "mfa_delete", None)
    changes = mfa_delete not in (None, known) or (known == "Enabled" and status != bucket.versioning_status)
    if changes and not request.headers.get("x-amz-mfa"):
        raise S3ClientError("AccessDenied", "Mfa Authentication must be used for this request")
    if status:
        response.backend.put_bucket_versioning(bucket.name, status)
    if mfa_delete:
        bucket.mfa_delete = mfa_delete


def answer(response, action, result=None):
    response.data["Action"] = action
    return response.serialized(EmptyResult() if result is None else ActionResult(result))

import json
from copy import deepcopy
from datetime import timedelta

from moto.core.utils import unix_time, utcnow
from moto.kms.models import Key, KmsBackend, kms_backends
from moto.kms.responses import KmsResponse

from . import error_class, wraps

ServiceError = error_class("kms")


# https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html: MultiRegion is true or false. moto answers none
# where CreateKey was given none.
@wraps(Key)
def __init__(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    self.multi_region = bool(self.multi_region)


# https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html: a replica is a key of its own. In
# moto it shares its description with the primary key, which then is a replica too.
@wraps(KmsBackend)
def replicate_key(original, self, key_id, replica_region):
    replica = original(self, key_id, replica_region)
    replica.multi_region_configuration = deepcopy(replica.multi_region_configuration)
    return replica


# https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html: rotation is a shared property of related keys.
def primary_of(key):
    if not key.multi_region:
        return key
    primary = key.multi_region_configuration["PrimaryKey"]["Region"]
    return kms_backends[key.account_id][primary].keys[key.id]


# https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html: set on the primary key, not on replicas.
def primary_key(response):
    key = rotating_key(response)
    if primary_of(key) is not key:
        raise ServiceError("UnsupportedOperationException", f"{key.arn} is a replica.")
    return key


# https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html: only symmetric encryption keys with material of
# KMS rotate. https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html lists the error.
# Unproven: that GetKeyRotationStatus answers with it for an RSA key; earlier editions of the page said `false`.
def rotating_key(response):
    key_id = response._get_param("KeyId")
    response._validate_cmk_id(key_id)
    key = response.kms_backend.keys[response.kms_backend.get_key_id(key_id)]
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise ServiceError("UnsupportedOperationException", f"{key.arn} does not rotate.")
    return key


@wraps(KmsResponse)
def enable_key_rotation(original, self):
    key = primary_key(self)
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    key.rotation_period = self._get_param("RotationPeriodInDays") or 365
    return original(self)


@wraps(KmsResponse)
def disable_key_rotation(original, self):
    primary_key(self)
    return original(self)


@wraps(KmsResponse)
def get_key_rotation_status(original, self):
    key = rotating_key(self)
    primary = primary_of(key)
    answer = {"KeyId": key.arn, "KeyRotationEnabled": primary.key_rotation_status}
    if answer["KeyRotationEnabled"]:
        period = getattr(primary, "rotation_period", 365)
        answer["RotationPeriodInDays"] = period
        answer["NextRotationDate"] = unix_time(utcnow() + timedelta(days=period))
    return json.dumps(answer)

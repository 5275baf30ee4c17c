import json
from datetime import timedelta

from moto.core.utils import unix_time, utcnow
from moto.kms.responses import KmsResponse

from . import error_class, wraps

ServiceError = error_class("kms")


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
    key = rotating_key(self)
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    key.rotation_period = self._get_param("RotationPeriodInDays") or 365
    return original(self)


@wraps(KmsResponse)
def disable_key_rotation(original, self):
    rotating_key(self)
    return original(self)


@wraps(KmsResponse)
def get_key_rotation_status(original, self):
    key = rotating_key(self)
    answer = {"KeyId": key.arn, **json.loads(original(self))}
    if answer["KeyRotationEnabled"]:
        period = getattr(key, "rotation_period", 365)
        answer["RotationPeriodInDays"] = period
        answer["NextRotationDate"] = unix_time(utcnow() + timedelta(days=period))
    return json.dumps(answer)

from moto.config.models import ConfigRecorderStatus

from . import wraps


# https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorderStatus.html
# Unproven: when the status changes from PENDING; moto never changes it.
@wraps(ConfigRecorderStatus)
def start(original, self):
    original(self)
    self.last_status = "SUCCESS"

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.macie2.exceptions import AccessDeniedException
from moto.macie2.models import MacieBackend
from moto.macie2.responses import MacieResponse
from moto.macie2.urls import url_paths

from . import adds_to, wraps

url_paths["{0}/automated-discovery/configuration$"] = MacieResponse.dispatch


@wraps(MacieBackend)
def __init__(original, self, region_name, account_id):
    """https://docs.aws.amazon.com/macie/latest/user/getting-started.html: an account uses Macie after enabling it."""
    original(self, region_name, account_id)
    self.macie_session = None
    self.discovery = None


# https://docs.aws.amazon.com/macie/latest/APIReference/macie.html lists AccessDeniedException for "insufficient access".
# Unproven by a page: the message, and this error instead of ResourceNotFoundException; users report both.
def enabled(backend):
    if backend.macie_session is None:
        raise AccessDeniedException("Macie is not enabled")
    return backend


@adds_to(MacieResponse)
def get_macie_session(self):
    return ActionResult(enabled(self.macie_backend).macie_session)


@wraps(MacieBackend)
def enable_macie(original, self, *args, **kwargs):
    # https://docs.aws.amazon.com/macie/latest/user/discovery-asdd-account-manage.html: on by default for a new account.
    # Unproven: for an account that enables Macie again.
    original(self, *args, **kwargs)
    now = utcnow()
    self.discovery = {"status": "ENABLED", "firstEnabledAt": now, "lastUpdatedAt": now}


@wraps(MacieBackend)
def disable_macie(original, self):
    original(enabled(self))
    self.discovery = None


# https://docs.aws.amazon.com/macie/latest/APIReference/macie.html#UpdateMacieSession
@adds_to(MacieResponse)
def update_macie_session(self):
    session = enabled(self.macie_backend).macie_session
    for name in ("findingPublishingFrequency", "status"):
        session[name] = self._get_param(name) or session[name]
    session["updatedAt"] = utcnow()
    return "{}"


# https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-configuration.html
@adds_to(MacieResponse)
def get_automated_discovery_configuration(self):
    return ActionResult(enabled(self.macie_backend).discovery)


@adds_to(MacieResponse)
def update_automated_discovery_configuration(self):
    discovery = enabled(self.macie_backend).discovery
    now = utcnow()
    discovery.update(status=self._get_param("status"), lastUpdatedAt=now)
    if discovery["status"] == "DISABLED":
        discovery["disabledAt"] = now
    return "{}"

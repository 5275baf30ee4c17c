"""The whole service, which moto does not have."""

import sys

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import ActionResult, BaseResponse, EmptyResult
from moto.core.utils import utcnow

from . import error_class

ServiceError = error_class("accessanalyzer")

# https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateAnalyzer.html
TYPES = {
    f"{zone}{kind}" for zone in ("ACCOUNT", "ORGANIZATION") for kind in ("", "_UNUSED_ACCESS", "_INTERNAL_ACCESS")
}


class AccessAnalyzerBackend(BaseBackend):
    def __init__(self, region_name, account_id):
        super().__init__(region_name, account_id)
        self.analyzers = {}

    @property
    def url_paths(self):
        return {path: AccessAnalyzerResponse.dispatch for path in ("/analyzer", "/analyzer/(?P<analyzerName>[^/]+)$")}


class AccessAnalyzerResponse(BaseResponse):
    def __init__(self):
        super().__init__(service_name="accessanalyzer")
        self.automated_parameter_parsing = True

    @property
    def backend(self):
        return accessanalyzer_backends[self.current_account][self.region]

    def create_analyzer(self):
        name, kind = self._get_param("analyzerName"), self._get_param("type")
        if kind not in TYPES:
            raise ServiceError("ValidationException", f"Unknown type: {kind}")
        if name in self.backend.analyzers:
            raise ServiceError("ConflictException", f"The analyzer exists: {name}")
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html: one account analyzer of external
        # access per Region.
        if kind == "ACCOUNT" and any(one["type"] == kind for one in self.backend.analyzers.values()):
            raise ServiceError("ServiceQuotaExceededException", "The account has an analyzer of this type.")
        arn = f"arn:{self.partition}:access-analyzer:{self.region}:{self.current_account}:analyzer/{name}"
        self.backend.analyzers[name] = {
            "arn": arn,
            "name": name,
            "type": kind,
            "createdAt": utcnow(),
            "tags": self._get_param("tags", {}),
            # Unproven: how long an analyzer is CREATING.
            "status": "ACTIVE",
            "configuration": self._get_param("configuration"),
        }
        return ActionResult({"arn": arn})

    # https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListAnalyzers.html
    def list_analyzers(self):
        kind = self._get_param("type")
        return ActionResult({"analyzers": [one for one in self.backend.analyzers.values() if kind in (None, one["type"])]})

    # https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_GetAnalyzer.html
    def get_analyzer(self):
        return ActionResult({"analyzer": self.backend.analyzers[self.known_name()]})

    # https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_DeleteAnalyzer.html
    def delete_analyzer(self):
        del self.backend.analyzers[self.known_name()]
        return EmptyResult()

    def known_name(self):
        name = self._get_param("analyzerName")
        if name not in self.backend.analyzers:
            raise ServiceError("ResourceNotFoundException", f"No analyzer: {name}")
        return name


accessanalyzer_backends = BackendDict(AccessAnalyzerBackend, "accessanalyzer")
# Where moto looks for the backends of a service.
sys.modules["moto.accessanalyzer"] = sys.modules[__name__]

"""Full resource policies, which AWS has had since August 2026 and moto's model of the API lacks."""

import json
import re
from urllib.parse import unquote

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths

NOT_FOUND = 404, {"x-amzn-errortype": "ResourceNotFoundException"}, json.dumps({"Message": "The resource does not exist."})


# https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html: it replaces what AddPermission added.
# https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html: a function, a version and an alias each
# have a policy of their own. Unproven: that GetResourcePolicy answers the statements of AddPermission.
def resource_policy(request, full_url, headers):
    response = LambdaResponse()
    response.setup_class(request, full_url, headers)
    arn = unquote(re.split("/resource-policy/", response.path)[1])
    policies = vars(response.backend).setdefault("resource_policies", {})
    try:
        function = response.backend.get_function(":".join(arn.split(":")[:7]))
    except UnknownFunctionException:
        return NOT_FOUND
    if arn not in policies and arn == function.function_arn and function.policy.statements:
        policies[arn] = json.dumps(function.policy.get_policy()["Policy"])
    if request.method == "PUT":
        policies[arn] = json.loads(response.body)["Policy"]
        if arn == function.function_arn:
            function.policy.statements = json.loads(policies[arn])["Statement"]
    if arn not in policies:
        return NOT_FOUND
    if request.method == "DELETE":
        del policies[arn]
        if arn == function.function_arn:
            function.policy.statements = []
        return 204, {}, ""
    return 200, {}, json.dumps({"Policy": policies[arn], "RevisionId": "1"})


url_paths["{0}/2026-07-09/resource-policy/(?P<arn>.+)$"] = resource_policy

"""Full resource policies, which AWS has had since August 2026 and moto's model of the API lacks."""

import json
import re
from urllib.parse import unquote

from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException
from moto.awslambda.policy import Policy
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths
from moto.moto_api._internal import mock_random

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
LARGEST = 20 * 1024


def failed(status, code, message):
    return status, {"x-amzn-errortype": code}, json.dumps({"Message": message})


NOT_FOUND = failed(404, "ResourceNotFoundException", "The resource does not exist.")
OLD_REVISION = failed(412, "PreconditionFailedException", "The RevisionId provided does not match the latest RevisionId.")
TOO_LONG = failed(400, "PolicyLengthExceededException", "The final policy size is bigger than the limit (20480).")


# https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html: it replaces what AddPermission added.
# https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html: there is one document. AddPermission
# appends to it, RemovePermission removes a statement of it, and GetPolicy answers it as well. A function, a version and an
# alias each have a policy of their own.
def resource_policy(request, full_url, headers):
    response = LambdaResponse()
    response.setup_class(request, full_url, headers)
    arn = unquote(re.split("/resource-policy/", response.path)[1])
    try:
        function = response.backend.get_function(":".join(arn.split(":")[:7]))
    except UnknownFunctionException:
        return NOT_FOUND
    of = Whole(function) if arn == function.function_arn else Qualified(response.backend, arn)
    body = json.loads(response.body) if request.method == "PUT" else {}
    revision = body.get("RevisionId", response.querystring.get("RevisionId", [of.revision])[0])
    if request.method == "PUT":
        if len(body["Policy"]) > LARGEST:
            return TOO_LONG
        if revision != of.revision:
            return OLD_REVISION
        of.put(json.loads(body["Policy"]))
    if not of.statements:
        return NOT_FOUND
    if request.method == "DELETE":
        if revision != of.revision:
            return OLD_REVISION
        of.put({"Statement": []})
        return 204, {}, ""
    document = {**of.members, "Statement": of.statements}
    return 200, {}, json.dumps({"Policy": json.dumps(document), "RevisionId": of.revision})


class Whole:
    """The policy of a function itself: moto's, which AddPermission and RemovePermission edit."""

    def __init__(self, function):
        self.policy = function.policy

    @property
    def statements(self):
        return self.policy.statements

    @property
    def members(self):
        return vars(self.policy).get("members", {"Version": "2012-10-17", "Id": "default"})

    @property
    def revision(self):
        return self.policy.revision

    def put(self, document):
        self.policy.members, self.policy.statements = parted(document)
        self.policy.revision = str(mock_random.uuid4())


class Qualified:
    """The policy of a version or an alias. moto has none of these; AddPermission with a qualifier is not in it."""

    def __init__(self, backend, arn):
        self.policies = vars(backend).setdefault("resource_policies", {})
        self.arn = arn
        self.members, self.statements, self.revision = self.policies.get(arn, ({}, [], "0"))

    def put(self, document):
        self.members, self.statements = parted(document)
        self.revision = str(mock_random.uuid4())
        self.policies[self.arn] = self.members, self.statements, self.revision


def parted(document):
    statements = document["Statement"]
    members = {name: value for name, value in document.items() if name != "Statement"}
    return members, statements if isinstance(statements, list) else [statements]


url_paths["{0}/2026-07-09/resource-policy/(?P<arn>.+)$"] = resource_policy


# https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html: an id is in a policy once. moto adds it again.
append_statement = Policy.add_statement


def add_statement(self, raw, qualifier=None):
    sid = json.loads(raw).get("StatementId")
    if any(statement.get("Sid") == sid for statement in self.statements):
        raise LambdaClientError(
            "ResourceConflictException",
            f"The statement id ({sid}) provided already exists. Please provide a new statement id, or remove the existing statement.",
        )
    return append_statement(self, raw, qualifier)


Policy.add_statement = add_statement

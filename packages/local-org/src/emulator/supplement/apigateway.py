"""HTTP and WebSocket APIs share the host of API Gateway: moto loads them together."""

import json
from datetime import datetime

from moto.apigateway.urls import url_paths
from moto.apigatewayv2.responses import ApiGatewayV2Response

from . import adds_to

url_paths["{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)/accesslogsettings$"] = ApiGatewayV2Response.dispatch

SETTINGS = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}


# https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html: what is not given stays.
@adds_to(ApiGatewayV2Response)
def update_stage(self):
    *_, api_id, _, stage_name = self.path.split("/")
    stage = self.apigatewayv2_backend.get_stage(api_id, stage_name)
    for name, value in json.loads(self.body).items():
        if name in SETTINGS:
            setattr(stage, SETTINGS[name], value)
    stage.updated = datetime.now()
    return json.dumps(stage.to_json())


# https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename-accesslogsettings.html
@adds_to(ApiGatewayV2Response)
def delete_access_log_settings(self):
    *_, api_id, _, stage_name, _ = self.path.split("/")
    self.apigatewayv2_backend.get_stage(api_id, stage_name).access_log_settings = None
    return 204, {}, ""

import json
import re

from moto.config.models import ConfigRecorderStatus
from moto.config.responses import ConfigResponse
from moto.core.responses import ActionResult
from moto.dynamodb.models import dynamodb_backends

from . import adds_to, wraps


# https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorderStatus.html
# Unproven: when the status changes from PENDING; moto never changes it.
@wraps(ConfigRecorderStatus)
def start(original, self):
    original(self)
    self.last_status = "SUCCESS"


# https://docs.aws.amazon.com/config/latest/APIReference/API_SelectResourceConfig.html
# Unproven: the form of tags in a row; the schema of AWS Config names their key and value.
# Of a query this reads the types alone, and of what AWS Config may have recorded the tables of DynamoDB.
@adds_to(ConfigResponse)
def select_resource_config(self):
    types = re.findall(r"'(AWS::[^']+)'", self._get_param("Expression"))
    tables = dynamodb_backends[self.current_account][self.region].tables.values()
    rows = [
        {
            "resourceId": table.name,
            "resourceType": "AWS::DynamoDB::Table",
            "tags": [{"key": tag["Key"], "value": tag["Value"]} for tag in table.tags],
        }
        for table in tables
    ]
    return ActionResult({"Results": [json.dumps(row) for row in rows if row["resourceType"] in types]})

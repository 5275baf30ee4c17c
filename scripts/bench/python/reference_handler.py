"""A simple evaluate function with boto3: the same calls for one change event, without the safeguards."""
import json
import os
import sys
import uuid

import boto3

HOME = os.environ["COMPLIANCE_HOME_REGION"]
SETTINGS_BUCKET = os.environ["COMPLIANCE_SETTINGS_BUCKET"]
LOG_GROUP = os.environ["COMPLIANCE_AUDIT_LOG_GROUP"]
LEDGER_BUCKET = os.environ["COMPLIANCE_LEDGER_BUCKET"]

s3 = boto3.client("s3", region_name=HOME)
logs = boto3.client("logs")
sts = boto3.client("sts")


def stored(key):
    return json.load(s3.get_object(Bucket=SETTINGS_BUCKET, Key=key)["Body"])


def handler(event, context):
    settings, exemptions = stored("settings.json"), stored("exemptions.json")
    invoking = json.loads(event["invokingEvent"])
    item = invoking["configurationItem"]
    account = event["accountId"]
    if account not in [known["id"] for known in settings["accounts"]]:
        raise ValueError(f"account {account} is not in the settings")
    status = item["supplementaryConfiguration"]["BucketVersioningConfiguration"]["status"]
    exempt = any(item["resourceId"] in e.get("resources", []) for e in exemptions["exemptions"])
    verdict = "NOT_APPLICABLE" if exempt else "COMPLIANT" if status == "Enabled" else "NON_COMPLIANT"
    role = sts.assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/compliance-evaluate",
        RoleSessionName="compliance-evaluate",
        ExternalId=settings["organization"]["externalId"],
    )["Credentials"]
    config = boto3.client(
        "config",
        region_name=event["configRuleArn"].split(":")[3],
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )
    evaluation = {
        "ComplianceResourceType": item["resourceType"],
        "ComplianceResourceId": item["resourceId"],
        "ComplianceType": verdict,
        "OrderingTimestamp": item["configurationItemCaptureTime"],
    }
    config.put_evaluations(ResultToken=event["resultToken"], Evaluations=[evaluation])
    publish(json.dumps({"type": "resource-evaluated", "accountId": account, **evaluation}))


def publish(line):
    stream = str(uuid.uuid4())
    logs.create_log_stream(logGroupName=LOG_GROUP, logStreamName=stream)
    entry = {"timestamp": 1795169730123, "message": line}
    logs.put_log_events(logGroupName=LOG_GROUP, logStreamName=stream, logEvents=[entry])
    s3.put_object(Bucket=LEDGER_BUCKET, Key=f"ledger/{stream}.ndjson", Body=line, IfNoneMatch="*")


for each in json.load(sys.stdin):
    handler(each, None)
print("done", flush=True)

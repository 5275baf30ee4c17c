"""Fills an account of the emulator with what a grown account has, compliant and not, the same at every run.

The argument is the address of the emulator. Counts are those of the whole account; half is in each of two Regions.
"""
import json
import sys

import boto3

ENDPOINT = sys.argv[1]
HOME, ELSEWHERE = sys.argv[2:4]
BUCKETS, GROUPS, USERS, VPCS, KEYS, DATABASES = (int(count) for count in sys.argv[4:])
REGIONS = [HOME, ELSEWHERE]
ACCOUNT = "123456789012"
ANYONE, ANYONE_V6, OFFICE = "0.0.0.0/0", "::/0", "10.0.0.0/8"


def client(service, region=HOME):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=ENDPOINT,
        aws_access_key_id="maker",
        aws_secret_access_key="secret",
        config=boto3.session.Config(inject_host_prefix=False),
    )


def halves(count):
    """Numbers of what is made in each Region."""
    return [(region, index) for index in range(count) for region in [REGIONS[index % 2]]]


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def only_tls(bucket, actions="s3:*"):
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def make_buckets():
    clients = {region: client("s3", region) for region in REGIONS}
    for region, index in halves(BUCKETS):
        s3, bucket = clients[region], f"data-{region}-{index:05}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
        # As AWS does; the emulator does not.
        encryption = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [encryption]})
        if index % 3 == 0:
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        if index % 4 != 3:
            flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
            # Some lack one flag, as after a change by hand.
            block = {flag: index % 8 != 6 or flag != "BlockPublicAcls" for flag in flags}
            s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=block)
        statements = []
        if index % 5 < 3:
            statements.append(only_tls(bucket))
        if index % 50 == 3:
            public = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
            statements.append({**public, "Resource": f"arn:aws:s3:::{bucket}/*"})
        if statements:
            s3.put_bucket_policy(Bucket=bucket, Policy=policy(*statements))
        if index % 6 == 0:
            s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "team", "Value": f"team-{index % 7}"}]})


def make_networks():
    """VPCs and their default groups count: a Region begins with one of each."""
    clients = {region: client("ec2", region) for region in REGIONS}
    vpcs = {region: [vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]] for region, ec2 in clients.items()}
    for region, index in halves(VPCS - len(REGIONS)):
        made = clients[region].create_vpc(CidrBlock=f"10.{index}.0.0/16")
        vpcs[region].append(made["Vpc"]["VpcId"])
    for region, ec2 in clients.items():
        for index, vpc in enumerate(vpcs[region]):
            if index % 2 == 0:
                ec2.create_flow_logs(
                    ResourceType="VPC",
                    ResourceIds=[vpc],
                    TrafficType="REJECT" if index % 4 == 0 else "ALL",
                    LogDestinationType="s3",
                    LogDestination=f"arn:aws:s3:::data-{region}-{REGIONS.index(region):05}",
                )
    for region, index in halves(GROUPS - VPCS):
        vpc = vpcs[region][index % len(vpcs[region])]
        ec2 = clients[region]
        group = ec2.create_security_group(GroupName=f"group-{index}", Description="of the bench", VpcId=vpc)["GroupId"]
        open_to = INGRESS[index % len(INGRESS)]
        if open_to:
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[open_to])
    ec2 = clients[HOME]
    for index in range(4):
        subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpcs[HOME][0]]}])["Subnets"]
        ec2.run_instances(
            ImageId="ami-12345678",
            MinCount=1,
            MaxCount=1,
            SubnetId=subnets[0]["SubnetId"],
            MetadataOptions={"HttpTokens": "required" if index % 2 else "optional", "HttpEndpoint": "enabled"},
        )
    ec2.enable_ebs_encryption_by_default()


def ingress(protocol, first, last, v4=None, v6=None):
    ports = {} if protocol == "-1" else {"FromPort": first, "ToPort": last}
    return {
        "IpProtocol": protocol,
        **ports,
        **({"IpRanges": [{"CidrIp": v4}]} if v4 else {}),
        **({"Ipv6Ranges": [{"CidrIpv6": v6}]} if v6 else {}),
    }


INGRESS = [
    ingress("tcp", 443, 443, ANYONE),
    ingress("tcp", 22, 22, ANYONE),
    ingress("tcp", 22, 22, OFFICE),
    ingress("tcp", 3389, 3389, v6=ANYONE_V6),
    ingress("tcp", 443, 443, ANYONE, ANYONE_V6),
    ingress("-1", 0, 0, OFFICE),
    ingress("tcp", 0, 65535, ANYONE),
    None,
    ingress("tcp", 445, 445, OFFICE),
    ingress("tcp", 5432, 5432, OFFICE),
]


def make_identities():
    iam = client("iam")
    iam.update_account_password_policy(MinimumPasswordLength=14, PasswordReusePrevention=5, RequireSymbols=True)
    iam.create_group(GroupName="developers")
    read = policy({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"})
    everything = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
    reader = iam.create_policy(PolicyName="reader", PolicyDocument=read)["Policy"]["Arn"]
    iam.create_policy(PolicyName="everything", PolicyDocument=everything)
    iam.attach_group_policy(GroupName="developers", PolicyArn=reader)
    for index in range(USERS):
        user = f"user-{index:03}"
        iam.create_user(UserName=user)
        iam.add_user_to_group(GroupName="developers", UserName=user)
        if index % 2 == 0:
            iam.create_login_profile(UserName=user, Password="Correct-Horse-7-Battery")
        if index % 4 == 0:
            device = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]["SerialNumber"]
            iam.enable_mfa_device(
                UserName=user, SerialNumber=device, AuthenticationCode1="123456", AuthenticationCode2="654321"
            )
        for _ in range([0, 1, 0, 2][index % 4]):
            iam.create_access_key(UserName=user)
        if index % 10 == 1:
            iam.attach_user_policy(UserName=user, PolicyArn=reader)
        if index % 20 == 2:
            iam.put_user_policy(UserName=user, PolicyName="own", PolicyDocument=read)


def make_keys_and_databases():
    kms = {region: client("kms", region) for region in REGIONS}
    for region, index in halves(KEYS):
        key = kms[region].create_key(Description=f"key {index}")["KeyMetadata"]["KeyId"]
        if index % 3:
            kms[region].enable_key_rotation(KeyId=key)
    rds = {region: client("rds", region) for region in REGIONS}
    for region, index in halves(DATABASES):
        rds[region].create_db_instance(
            DBInstanceIdentifier=f"database-{index:03}",
            DBInstanceClass="db.m5.large",
            Engine="postgres",
            AllocatedStorage=100,
            MasterUsername="administrator",
            MasterUserPassword="Correct-Horse-7-Battery",
            StorageEncrypted=index % 4 != 0,
            MultiAZ=index % 3 == 0,
            AutoMinorVersionUpgrade=index % 5 != 0,
            PubliclyAccessible=index % 5 == 2,
        )
    efs = client("efs")
    for index in range(2):
        efs.create_file_system(CreationToken=f"files-{index}", Encrypted=index == 0)


def make_logging():
    bucket, group = "trail-logs", "trail"
    s3, logs = client("s3"), client("logs")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME})
    s3.put_bucket_policy(
        Bucket=bucket,
        Policy=policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": ["s3:GetBucketAcl", "s3:PutObject"],
                "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
            },
            only_tls(bucket),
        ),
    )
    logs.create_log_group(logGroupName=group)
    trust = policy({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "sts:AssumeRole"})
    role = client("iam").create_role(RoleName="trail", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    cloudtrail = client("cloudtrail")
    cloudtrail.create_trail(
        Name="organization",
        S3BucketName=bucket,
        IsMultiRegionTrail=True,
        EnableLogFileValidation=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:{group}:*",
        CloudWatchLogsRoleArn=role,
    )
    cloudtrail.start_logging(Name="organization")
    topic = client("sns").create_topic(Name="alarms")["TopicArn"]
    queue = client("sqs").create_queue(QueueName="alarms")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    for name, pattern in ALARMS.items():
        logs.put_metric_filter(
            logGroupName=group,
            filterName=name,
            filterPattern=pattern,
            metricTransformations=[{"metricName": name, "metricNamespace": "Trail", "metricValue": "1"}],
        )
        client("cloudwatch").put_metric_alarm(
            AlarmName=name,
            MetricName=name,
            Namespace="Trail",
            Statistic="Sum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=[topic],
        )
    config = client("config")
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": role,
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": bucket})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


ALARMS = {
    "root": '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
    "routes": "{ ($.eventSource = ec2.amazonaws.com) && (($.eventName = CreateRoute) || ($.eventName = CreateRouteTable)"
    " || ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation)"
    " || ($.eventName = DeleteRouteTable) || ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable)) }",
    "vpcs": "{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute)"
    " || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection)"
    " || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection)"
    " || ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc)"
    " || ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }",
}

make_buckets()
make_networks()
make_identities()
make_keys_and_databases()
make_logging()

from moto.core.responses import ActionResult
from moto.ec2.models.iam_instance_profile import IamInstanceProfileAssociationBackend
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses import EC2Response

from . import adds_to, wraps

METADATA_OPTIONS = {
    "HttpTokens": "http_tokens",
    "HttpPutResponseHopLimit": "http_put_response_hop_limit",
    "HttpEndpoint": "http_endpoint",
    "HttpProtocolIpv6": "http_protocol_ipv6",
    "InstanceMetadataTags": "instance_metadata_tags",
}


# https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html: allows everything from its own group.
@wraps(SecurityGroupBackend)
def create_security_group(original, self, *args, is_default=None, **kwargs):
    group = original(self, *args, is_default=is_default, **kwargs)
    if is_default:
        source = {"GroupId": group.id, "UserId": group.owner_id}
        group.ingress_rules.append(SecurityGroupRule(self, "-1", group.id, None, None, {}, source, is_egress=False))
    return group


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: also deletes its default network ACL.
@wraps(VPCBackend)
def delete_vpc(original, self, vpc_id):
    vpc = original(self, vpc_id)
    self.network_acls = {id: acl for id, acl in self.network_acls.items() if not (acl.vpc_id == vpc_id and acl.default)}
    return vpc


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: not the code of a route table.
@wraps(NetworkAclBackend)
def describe_network_acls(original, self, network_acl_ids=None, filters=None):
    for network_acl_id in network_acl_ids or ():
        self.get_network_acl(network_acl_id)
    return original(self, network_acl_ids, filters)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html: the default type is Gateway.
@wraps(VPCBackend)
def create_vpc_endpoint(original, self, *args, endpoint_type=None, **kwargs):
    return original(self, *args, endpoint_type=endpoint_type or "Gateway", **kwargs)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html: what is not given stays.
@adds_to(EC2Response)
def modify_instance_metadata_options(self):
    instance_id = self._get_param("InstanceId")
    options = self.ec2_backend.get_instance(instance_id).metadata_options
    for parameter, attribute in METADATA_OPTIONS.items():
        value = self._get_param(parameter)
        if value is not None:
            setattr(options, attribute, value)
    return ActionResult({"InstanceId": instance_id, "InstanceMetadataOptions": options})


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetInstanceMetadataDefaults.html
@adds_to(EC2Response)
def get_instance_metadata_defaults(self):
    return ActionResult({"AccountLevel": defaults_of(self.ec2_backend)})


def defaults_of(backend):
    return vars(backend).setdefault("metadata_defaults", {})


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html
@adds_to(EC2Response)
def modify_instance_metadata_defaults(self):
    defaults = defaults_of(self.ec2_backend)
    for parameter in ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags", "HttpTokensEnforced"):
        value = self._get_param(parameter)
        if value in ("no-preference", -1):
            defaults.pop(parameter, None)
        elif value is not None:
            defaults[parameter] = value
    return ActionResult({"Return": True})


# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html#instance-metadata-options-order-of-precedence
# The launch comes before the account, the account before the image.
@wraps(InstanceBackend)
def run_instances(original, self, *args, **kwargs):
    launch = {name: value for name, value in (kwargs.get("metadata_options") or {}).items() if value is not None}
    kwargs["metadata_options"] = {**defaults_of(self), **launch}
    return original(self, *args, **kwargs)


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IamInstanceProfile.html: the id is that of the profile.
@wraps(IamInstanceProfileAssociationBackend)
def associate_iam_instance_profile(original, self, instance_id, *args, **kwargs):
    association = original(self, instance_id, *args, **kwargs)
    profile = association.iam_instance_profile
    self.modify_instance_attribute(instance_id, "iam_instance_profile", {"Arn": profile.arn, "Id": profile.id})
    return association


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsDefaultKmsKeyId.html
# Unproven: that the key of AWS is answered before the account has encrypted anything.
@adds_to(EC2Response)
def get_ebs_default_kms_key_id(self):
    backend = self.ec2_backend
    return ActionResult({"KmsKeyId": backend.default_kms_key_id or backend._create_default_encryption_key()})


# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResetEbsDefaultKmsKeyId.html
@adds_to(EC2Response)
def reset_ebs_default_kms_key_id(self):
    return ActionResult({"KmsKeyId": self.ec2_backend._create_default_encryption_key()})

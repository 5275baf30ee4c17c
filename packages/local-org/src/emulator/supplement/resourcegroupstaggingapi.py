import json

from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.resourcegroupstaggingapi.responses import ResourceGroupsTaggingAPIResponse

from . import wraps


@wraps(ResourceGroupsTaggingAPIResponse)
def get_resources(original, self):
    """GetResources of the named resources only; moto reads all services and returns everything."""
    named = self._get_param("ResourceARNList")
    if not named:
        return original(self)
    buckets = self.backend.s3_backend.tagger
    tagged = [{"ResourceARN": arn, "Tags": buckets.list_tags_for_resource(arn)["Tags"]} for arn in named]
    services = {arn.split(":")[2] for arn in named} - {"s3"}
    if services:
        tagged += self.backend._get_resources_generator(tag_filters=[], resource_type_filters=services)
    found = [one for one in tagged if one["ResourceARN"] in named and one["Tags"]]
    return json.dumps({"ResourceTagMappingList": found})


# https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html: network ACLs too.
@wraps(ResourceGroupsTaggingAPIBackend)
def _get_resources_generator(original, self, tag_filters=None, resource_type_filters=None):
    yield from original(self, tag_filters, resource_type_filters)
    if not tag_filters and {"ec2", "ec2:network-acl"} & set(resource_type_filters or ["ec2"]):
        for acl_id in self.ec2_backend.network_acls:
            tags = [{"Key": key, "Value": value} for key, value in self.ec2_backend.tags.get(acl_id, {}).items()]
            if tags:
                arn = f"arn:{self.partition}:ec2:{self.region_name}:{self.account_id}:network-acl/{acl_id}"
                yield {"ResourceARN": arn, "Tags": tags}

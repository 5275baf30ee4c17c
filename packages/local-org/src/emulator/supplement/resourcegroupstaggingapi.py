import json

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

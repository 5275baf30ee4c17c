from moto.cloudfront.models import CloudFrontBackend, random_id

from . import error_class, wraps

ServiceError = error_class("cloudfront")


# https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
@wraps(CloudFrontBackend)
def update_distribution(original, self, dist_config, _id, if_match):
    """An update replaces the version that it names, and makes another; moto takes any version and keeps it."""
    known = self.distributions.get(_id)
    if known and if_match and if_match != known.etag:
        raise ServiceError("PreconditionFailed", "The distribution has changed since it was read.")
    updated, location, _ = original(self, dist_config, _id, if_match)
    updated.etag = random_id()
    return updated, location, updated.etag

"""Load balancers of both generations share their host: moto loads them together."""

from moto.elbv2.models import ELBv2Backend

from . import wraps

KINDS = {"application": "app", "network": "net", "gateway": "gwy"}


# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
@wraps(ELBv2Backend)
def create_load_balancer(original, self, **kwargs):
    """The ARN of a load balancer names its type; moto's is always that of an application load balancer."""
    made = original(self, **kwargs)
    del self.load_balancers[made.arn]
    made.arn = made.arn.replace("/app/", f"/{KINDS[made.type]}/", 1)
    self.load_balancers[made.arn] = made
    self.tagging_service.tag_resource(made.arn, kwargs.get("tags"))
    return made

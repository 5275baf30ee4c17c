from moto.events.models import EventBus

from . import wraps


# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
# Unproven: that a given policy replaces the whole one. CloudFormation and Terraform rely on it.
@wraps(EventBus)
def add_policy(original, self, policy):
    self.remove_statements()
    original(self, policy)

from moto.core.responses import ActionResult
from moto.sns.exceptions import SNSNotFoundError
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from . import wraps

# https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: the owner of such an endpoint must confirm.
CONFIRMED_BY_OWNER = {"email", "email-json", "http", "https"}
PENDING = "PendingConfirmation"


@wraps(SNSBackend)
def subscribe(original, self, topic_arn, endpoint, protocol):
    subscription = original(self, topic_arn, endpoint, protocol)
    if protocol in CONFIRMED_BY_OWNER and not subscription.confirmed:
        subscription.attributes.update(PendingConfirmation=True, ConfirmationWasAuthenticated=False)
    return subscription


def is_pending(subscription):
    return subscription.attributes.get("PendingConfirmation") is True


@wraps(SNSResponse)
def subscribe(original, self):  # noqa: F811
    answer = original(self)
    subscription = self.backend.subscriptions[answer.result["SubscriptionArn"]]
    # The page above: without ReturnSubscriptionArn the answer has no ARN until the subscription is confirmed.
    if is_pending(subscription) and not self._get_bool_param("ReturnSubscriptionArn", False):
        return ActionResult({"SubscriptionArn": "pending confirmation"})
    return answer


# https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html: a pending one is listed without its ARN.
def listed(answer):
    subscriptions = [
        {
            "SubscriptionArn": PENDING if is_pending(one) else one.arn,
            "Owner": one.owner,
            "Protocol": one.protocol,
            "Endpoint": one.endpoint,
            "TopicArn": one.topic_arn,
        }
        for one in answer.result["Subscriptions"]
    ]
    return ActionResult({**answer.result, "Subscriptions": subscriptions})


@wraps(SNSResponse)
def list_subscriptions(original, self):
    return listed(original(self))


@wraps(SNSResponse)
def list_subscriptions_by_topic(original, self):
    return listed(original(self))


# https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html
@wraps(SNSResponse)
def get_topic_attributes(original, self):
    answer = original(self)
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    pending = [is_pending(one) for one in self.backend._get_topic_subscriptions(topic)]
    answer.result["Attributes"].update(SubscriptionsPending=pending.count(True), SubscriptionsConfirmed=pending.count(False))
    return answer


# https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html
# No message with a token is delivered here, so that any token confirms the oldest pending subscription of the topic.
@wraps(SNSResponse)
def confirm_subscription(original, self):
    arn = self._get_param("TopicArn")
    if arn not in self.backend.topics:
        raise SNSNotFoundError("Topic does not exist")
    for one in self.backend._get_topic_subscriptions(self.backend.topics[arn]):
        if is_pending(one):
            one.confirmed = True
            one.attributes.update(PendingConfirmation=False)
            return ActionResult({"SubscriptionArn": one.arn})
    raise SNSNotFoundError("No subscription is pending")

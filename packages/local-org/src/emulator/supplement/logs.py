from moto.logs.metric_filters import MetricFilters

from . import wraps


# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
@wraps(MetricFilters)
def add_filter(original, self, filter_name, filter_pattern, log_group_name, metric_transformations):
    """PutMetricFilter replaces a filter of the same name; moto keeps both, and shows the old one."""
    self.delete_filter(filter_name, log_group_name)
    return original(self, filter_name, filter_pattern, log_group_name, metric_transformations)

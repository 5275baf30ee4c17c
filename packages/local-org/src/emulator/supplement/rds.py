from moto.moto_api._internal import mock_random
from moto.rds.models import DBCluster, DBInstance, RDSBackend
from moto.rds.utils import FilterDef

from . import error_class, wraps

ServiceError = error_class("rds")

# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html
DBCluster.SUPPORTED_FILTERS["db-cluster-resource-id"] = FilterDef(
    ["db_cluster_resource_id"], "DB Cluster Resource Ids"
)


@wraps(DBInstance)
def __init__(original, self, *args, **kwargs):
    original(self, *args, **kwargs)
    identify(self)


def identify(database):
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html: unique in the Region, and immutable.
    database.dbi_resource_id = f"db-{mock_random.get_random_hex(26).upper()}"
    database.pending_modified_values = {}


@wraps(RDSBackend)
def create_db_instance_read_replica(original, self, db_kwargs):
    # moto copies the source, with its id.
    replica = original(self, db_kwargs)
    identify(replica)
    return replica


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html: what is not asked for
# at once waits, and whatever waits is applied with the next change that is. Only Multi-AZ waits here.
@wraps(RDSBackend)
def modify_db_instance(original, self, db_instance_identifier, db_kwargs):
    database = self.describe_db_instances(db_instance_identifier)[0]
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/modify-multi-az-db-cluster.html: a member cannot be modified.
    # Unproven: with which error.
    if database.db_cluster_identifier and not database.engine.startswith("aurora"):
        raise ServiceError("InvalidDBInstanceState", f"{db_instance_identifier} is a member of a Multi-AZ DB cluster.")
    wanted = db_kwargs.pop("multi_az", None)
    if db_kwargs.get("apply_immediately"):
        waiting = database.pending_modified_values.get("MultiAZ")
        db_kwargs["multi_az"] = waiting if wanted is None else wanted
        database.pending_modified_values = {}
    elif wanted is not None:
        database.pending_modified_values = {"MultiAZ": wanted}
    return original(self, db_instance_identifier, db_kwargs)


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html: moto replaces the cluster of that name.
@wraps(RDSBackend)
def create_db_cluster(original, self, kwargs):
    identifier = kwargs["db_cluster_identifier"]
    if identifier in self.clusters:
        raise ServiceError("DBClusterAlreadyExistsFault", f"DB cluster {identifier} already exists.")
    return original(self, kwargs)


# https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html
# Unproven: that the instances of a Multi-AZ DB cluster answer the setting of their cluster.
@wraps(RDSBackend)
def modify_db_cluster(original, self, kwargs):
    upgrade = kwargs.get("auto_minor_version_upgrade")
    cluster = original(self, kwargs)
    for member in cluster._members:
        if upgrade is not None and not member.engine.startswith("aurora"):
            member.auto_minor_version_upgrade = upgrade
    return cluster

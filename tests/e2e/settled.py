"""Have the controllers and the scheduler done what they can? Reads `kubectl get -o json` of workloads and pods from
standard input; exits with 1 and names the first that is not as it should be."""

import json
import sys


def is_settled(o):
    spec, status = o.get("spec", {}), o.get("status", {})
    if o["kind"] in ("Deployment", "StatefulSet"):
        # Ready is not asked for: a pod may wait for room that no node has.
        return status.get("replicas", 0) == spec["replicas"] == status.get("updatedReplicas", 0)
    if o["kind"] == "DaemonSet":
        # Nor here: pods of other workloads, scheduled before its own, may have taken the room.
        return status.get("desiredNumberScheduled", 0) == status.get("updatedNumberScheduled", 0) > 0
    if o["kind"] == "Job":
        return status.get("succeeded", 0) == 1
    if status.get("phase") in ("Running", "Succeeded", "Failed"):
        return "deletionTimestamp" not in o["metadata"]
    return any(c["type"] == "PodScheduled" and c.get("reason") == "Unschedulable" for c in status.get("conditions", []))


def main():
    items = json.load(sys.stdin)["items"]
    for o in items:
        if not is_settled(o):
            sys.exit(f"{o['kind']} {o['metadata']['namespace']}/{o['metadata']['name']} is not settled")
    if not items:
        sys.exit("there is nothing")


main()

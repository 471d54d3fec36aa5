"""pods.py make NAMESPACE MANIFESTS: prints the pods that controllers make of the workloads in MANIFESTS.

pods.py print FILE: prints the pods that the program in main.go printed to FILE, one a line, in a form that
can be compared: volumes in the order of their names, the ConfigMap of the component without its hash, and
LD_PRELOAD without a colon at its start, which loaders ignore. The order of variables counts.
"""
import json
import re
import sys

import yaml

PATHS = {
    "Pod": [],
    "CronJob": ["spec", "jobTemplate", "spec", "template"],
    **dict.fromkeys(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"], ["spec", "template"]),
}


def pod_of(resource, namespace):
    template = resource
    for key in PATHS[resource["kind"]]:
        template = template[key]
    name = resource["metadata"]["name"]
    metadata = {**template.get("metadata", {}), "name": name, "namespace": namespace}
    if resource["kind"] != "Pod":
        metadata["generateName"] = name + "-"
        metadata["name"] = name + "-" + resource["kind"].lower()
        metadata["ownerReferences"] = [{
            "apiVersion": resource["apiVersion"], "kind": resource["kind"], "name": name,
            "uid": "00000000-0000-0000-0000-000000000000", "controller": True,
        }]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def make(namespace, manifests):
    with open(manifests, encoding="utf-8") as file:
        for resource in filter(None, yaml.safe_load_all(file)):
            if resource["kind"] in PATHS:
                print("---")
                print(json.dumps(pod_of(resource, namespace)))


def print_sorted(name):
    with open(name, encoding="utf-8") as file:
        for pod in json.load(file):
            pod["spec"].get("volumes", []).sort(key=lambda volume: volume["name"])
            text = json.dumps(pod, sort_keys=True)
            text = re.sub(r'("name": "libkeepalive)-[0-9a-z]{10}"', r'\1"', text)
            print(text.replace('"value": ":/libkeepalive/', '"value": "/libkeepalive/'))


if sys.argv[1] == "make":
    make(sys.argv[2], sys.argv[3])
else:
    print_sorted(sys.argv[2])

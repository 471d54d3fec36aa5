"""apiserver.py stored WITHOUT WITH: compares what an API server stored of the same workloads, applied without
the component and with it. Prints a line for each: "ok KIND/NAME", or "not ok KIND/NAME" and the differences.

apiserver.py fields OPENAPI MANIFESTS: prints the fields in MANIFESTS that the server's OpenAPI description
(version 2) does not know.
"""
import copy
import json
import sys

import yaml

import compare

# What the server fills in where a manifest says nothing.
DEFAULTS = {
    "imagePullPolicy": "Always",
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}


def load(name):
    """The resources in a sequence of JSON lists, without what differs between any two namespaces."""
    decoder, text, resources = json.JSONDecoder(), open(name, encoding="utf-8").read().strip(), {}
    while text:
        answer, end = decoder.raw_decode(text)
        text = text[end:].strip()
        for item in answer["items"]:
            kind = answer["kind"].removesuffix("List")
            for key in ("uid", "resourceVersion", "creationTimestamp", "managedFields", "namespace",
                        "selfLink"):
                item["metadata"].pop(key, None)
            item["metadata"].get("annotations", {}).pop(
                "kubectl.kubernetes.io/last-applied-configuration", None)
            without_uids(item)
            resources[f"{kind}/{item['metadata']['name']}"] = {**item, "kind": kind}
    return resources


def without_uids(value):
    """A Job is labelled with its own UID."""
    if isinstance(value, dict):
        value.pop("controller-uid", None)
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            without_uids(item)


def config_map_of(resource):
    spec = resource
    for key in compare.POD_SPECS[resource["kind"]]:
        spec = spec[key]
    names = [volume["configMap"]["name"] for volume in spec.get("volumes", [])
             if volume["name"] == "libkeepalive-conf"]
    return names[0] if names else None


def derived(pod):
    """What the server works out for a pod. The requests of the init container count for its class."""
    pod["metadata"].setdefault("annotations", {})[
        "container.seccomp.security.alpha.kubernetes.io/libkeepalive"] = "runtime/default"
    if pod["status"]["qosClass"] == "BestEffort":
        pod["status"]["qosClass"] = "Burstable"


def stored(before, after):
    compare.INIT.update(DEFAULTS)
    for title, resource in before.items():
        expected = copy.deepcopy(resource)
        actual = after.get(title)
        compare.extend(expected, actual and config_map_of(actual))
        if expected["kind"] == "Pod":
            derived(expected)
        compare.compare(title, expected, actual)


def unknown(definitions, schema, value, path):
    """Prints the fields below path that the schema does not have."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list):
        for item in value:
            unknown(definitions, schema["items"], item, path + "[]")
    elif isinstance(value, dict):
        for key, item in value.items():
            below = schema.get("properties", {}).get(key, schema.get("additionalProperties"))
            if below is None:
                print(path + "." + key)
            else:
                unknown(definitions, below, item, path + "." + key)


def fields(openapi, manifests):
    with open(openapi, encoding="utf-8") as file:
        definitions = json.load(file)["definitions"]
    kinds = {
        (kind["group"], kind["version"], kind["kind"]): schema
        for schema in definitions.values()
        for kind in schema.get("x-kubernetes-group-version-kind", [])
    }
    with open(manifests, encoding="utf-8") as file:
        for resource in filter(None, yaml.safe_load_all(file)):
            *group, version = resource["apiVersion"].split("/")
            schema = kinds["".join(group), version, resource["kind"]]
            unknown(definitions, schema, resource, resource["kind"])


if sys.argv[1] == "stored":
    stored(load(sys.argv[2]), load(sys.argv[3]))
else:
    fields(sys.argv[2], sys.argv[3])

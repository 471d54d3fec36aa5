"""compare.py BEFORE AFTER: what the component has to do, written once more.

Prints a line for each resource: "ok KIND/NAME", or "not ok KIND/NAME" and the differences after that. The
resources in AFTER have to equal those in BEFORE and exactly the expected additions.
"""
import copy
import difflib
import sys

import yaml

LIBRARY = "/libkeepalive/libkeepalive.so"
INIT = {
    "name": "libkeepalive",
    "image": "localhost/libkeepalive-copier",
    "command": ["/bin/cp", "/usr/lib/libkeepalive.so", "/libkeepalive/"],
    "resources": {
        "requests": {"cpu": "50m", "memory": "32Mi"},
        "limits": {"cpu": "50m", "memory": "32Mi"},
    },
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": 65534,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "volumeMounts": [{"name": "libkeepalive", "mountPath": "/libkeepalive"}],
}
MOUNTS = [
    {"name": "libkeepalive", "mountPath": "/libkeepalive", "readOnly": True},
    {"name": "libkeepalive-conf", "mountPath": "/libkeepalive-conf", "readOnly": True},
]
POD_SPECS = {
    "Pod": ["spec"],
    "CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
    **dict.fromkeys(
        ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"],
        ["spec", "template", "spec"],
    ),
}


def variable(container, name, value_after):
    """Sets a variable where it is, or after the others. value_after takes the old value or ""."""
    env = container.setdefault("env", [])
    for entry in env:
        if entry["name"] == name:
            entry["value"] = value_after(entry["value"])
            return
    env.append({"name": name, "value": value_after("")})


def extend_container(container):
    variable(container, "LD_PRELOAD", lambda old: old + ":" + LIBRARY)
    variable(container, "KEEPALIVE_CONF", lambda old: "/libkeepalive-conf/libkeepalive.conf")
    container["volumeMounts"] = container.get("volumeMounts", []) + MOUNTS


def extend(resource, config_map):
    if resource["kind"] not in POD_SPECS:
        return
    spec = resource
    for key in POD_SPECS[resource["kind"]]:
        spec = spec[key]
    for container in spec["containers"] + spec.get("initContainers", []):
        extend_container(container)
    spec["initContainers"] = [INIT] + spec.get("initContainers", [])
    spec["volumes"] = [
        {"name": "libkeepalive", "emptyDir": {"sizeLimit": "4Mi"}},
        {"name": "libkeepalive-conf", "configMap": {"name": config_map, "defaultMode": 0o444}},
    ] + spec.get("volumes", [])


def load(name):
    with open(name, encoding="utf-8") as file:
        return {f"{r['kind']}/{r['metadata']['name']}": r for r in yaml.safe_load_all(file)}


def compare(title, expected, actual):
    print("ok" if expected == actual else "not ok", title)
    if expected == actual:
        return
    texts = [yaml.safe_dump(one).splitlines() for one in (expected, actual)]
    for line in list(difflib.unified_diff(*texts, n=1, lineterm=""))[2:]:
        print("#", line)


def main():
    before, after = load(sys.argv[1]), load(sys.argv[2])
    added = [title for title in after if title not in before]
    config_maps = [title for title in added if title.startswith("ConfigMap/libkeepalive-")]
    compare("the only new resource is a ConfigMap", 1, len(added) if added == config_maps else added)
    name = config_maps[0].split("/")[1] if config_maps else None
    for title, resource in before.items():
        expected = copy.deepcopy(resource)
        extend(expected, name)
        compare(title, expected, after.get(title))


if __name__ == "__main__":
    main()

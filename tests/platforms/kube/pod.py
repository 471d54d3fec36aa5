"""pod.py DIRECTORY: runs the pod of a Deployment by podman, as the kubelet would.

Reads resources as JSON, one a line. Volumes are made in DIRECTORY; those of a ConfigMap are links to files, as
the kubelet makes them. Init containers run one after another, and have to succeed. Prints the name and the id
of each container that it leaves running.
"""
import json
import os
import subprocess
import sys


def make_config_map(path, files, mode):
    os.makedirs(f"{path}/..1")
    os.symlink("..1", f"{path}/..data")
    for name, text in files.items():
        with open(f"{path}/..1/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(f"{path}/..1/{name}", mode)
        os.symlink(f"..data/{name}", f"{path}/{name}")


def make_volume(path, volume, config_maps):
    if "emptyDir" in volume:
        os.mkdir(path)
        os.chmod(path, 0o777)
        return
    source = volume["configMap"]
    make_config_map(path, config_maps[source["name"]], source["defaultMode"])


def arguments(container, directory):
    """Returns the arguments of podman run."""
    context = container.get("securityContext", {})
    made = ["--network", "none"]
    for entry in container.get("env", []):
        made += ["--env", f"{entry['name']}={entry['value']}"]
    for mount in container.get("volumeMounts", []):
        mode = "ro" if mount.get("readOnly") else "rw"
        made += ["--volume", f"{directory}/{mount['name']}:{mount['mountPath']}:{mode}"]
    if "command" in container:
        made += ["--entrypoint", json.dumps(container["command"])]
    if "runAsUser" in context:
        made += ["--user", str(context["runAsUser"])]
    if context.get("readOnlyRootFilesystem"):
        made += ["--read-only", "--read-only-tmpfs=false"]
    if context.get("allowPrivilegeEscalation") is False:
        made += ["--security-opt", "no-new-privileges"]
    for capability in context.get("capabilities", {}).get("drop", []):
        made += ["--cap-drop", capability]
    return made + [container["image"]]


def main():
    directory = sys.argv[1]
    resources = [json.loads(line) for line in sys.stdin]
    config_maps = {r["metadata"]["name"]: r["data"] for r in resources if r["kind"] == "ConfigMap"}
    spec = next(r for r in resources if r["kind"] == "Deployment")["spec"]["template"]["spec"]
    for volume in spec.get("volumes", []):
        make_volume(f"{directory}/{volume['name']}", volume, config_maps)
    for container in spec.get("initContainers", []):
        run = ["podman", "run", "--rm", *arguments(container, directory)]
        if subprocess.run(run, check=False).returncode:
            sys.exit(f"the init container {container['name']} failed")
    for container in spec["containers"]:
        run = ["podman", "run", "--detach", *arguments(container, directory)]
        made = subprocess.run(run, check=True, capture_output=True, text=True)
        print(container["name"], made.stdout.strip())


main()

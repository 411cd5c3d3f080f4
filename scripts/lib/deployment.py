"""Checks what the shop is deployed by: compose.yaml by its schema, and that it opens nothing and holds no secret; the
files for Kubernetes by the schemas of its kinds; and that every variable, command and metric that they name is there.

Run by `scripts/lint deployment`, in the environment that `scripts/setup test` makes for it."""

import re
import subprocess
import sys
from pathlib import Path
from shutil import which

import compose_spec
import kubernetes_validate
import yaml

KUBERNETES = Path("deploy/kubernetes")
# What is no key of the shop's: of its build, of compose.yaml, of the Caddyfile.
OTHERS = {
    "LECTERN_CACHE", "LECTERN_PROFILE", "LECTERN_ENGINES", "LECTERN_CONFIG",
    "LECTERN_HOST", "LECTERN_BIND", "LECTERN_WEB", "LECTERN_GPU_IMAGE", "LECTERN_TRACES",
}
faults = []


def fault(where, words):
    faults.append(f"{where}: {words}")


def known_variables():
    keys = re.findall(r'key\(\s*"([a-z0-9_.]+)"', Path("server/src/config/keys.rs").read_text())
    assert len(keys) > 50, "the keys of the configuration were not found"
    return OTHERS | {"LECTERN_" + key.replace(".", "__").upper() for key in keys}


def known_commands():
    source = Path("server/src/commands/mod.rs").read_text()
    listed = source[source.index("enum Command {") :]
    return {name.lower() for name in re.findall(r"^    ([A-Z][a-z]+)(?:\(|,)", listed[: listed.index("\n}")], re.M)}


def check_words():
    """Variables and commands, in what people copy."""
    known, commands = known_variables(), known_commands()
    files = [Path("compose.yaml"), Path("Dockerfile"), *Path("docs/deploy").glob("*.md")]
    files += [path for path in Path("deploy").rglob("*") if path.is_file() and "secret" not in path.parts]
    for path in files:
        text = path.read_text()
        for name in sorted(set(re.findall(r"\bLECTERN_[A-Z0-9_]+\b", text)) - known):
            fault(path, f"{name} is no variable of the shop")
        # After -n it is a namespace.
        asked = re.findall(r"\blectern(?:-run)? ([a-z]+)\b", re.sub(r"-n\s+lectern\b", "", text))
        for name in sorted(set(asked) - commands):
            fault(path, f"lectern {name} is no command of the shop")


def check_compose():
    path = Path("compose.yaml")
    text = path.read_text()
    # As Docker reads it where nothing is set.
    plain = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)
    options = compose_spec.PyOptions()
    options.apply_merge = True
    try:
        options.from_yaml(plain).validate()
    except ValueError as error:
        fault(path, error)
        return
    shop = yaml.safe_load(plain)
    for name, service in shop["services"].items():
        where = f"{path}, {name}"
        for port in service.get("ports", []):
            if not str(port).startswith("127.0.0.1:"):
                fault(where, f"the port {port} is open to others than this machine")
        for variable, value in (service.get("environment") or {}).items():
            secret = re.search(r"SECRET|PASSWORD|TOKEN", variable) and not variable.endswith("_FILE")
            if secret and value:
                fault(where, f"{variable} stands in the file")
        for secret in service.get("secrets", []):
            if secret not in shop["secrets"]:
                fault(where, f"there is no secret {secret}")
        for other in service.get("depends_on", {}):
            if other not in shop["services"]:
                fault(where, f"there is no service {other}")
        if "image" in service and ":" not in service["image"] and not service["image"].startswith("lectern"):
            fault(where, f"{service['image']} names no version")


def rendered(folder):
    """What kustomize makes of a folder; without kubectl, the files as they are."""
    if which("kubectl"):
        made = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True)
        if made.returncode:
            fault(folder, made.stderr.strip())
        return list(yaml.safe_load_all(made.stdout))
    listed = yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
    files = [folder / name for name in listed if (folder / name).is_file()]
    return [document for path in files for document in yaml.safe_load_all(path.read_text())]


def check_kubernetes(folder):
    documents = [document for document in rendered(folder) if document]
    named = {(document["kind"], document["metadata"]["name"]) for document in documents}
    for document in documents:
        where = f"{folder}, {document['kind']} {document['metadata']['name']}"
        if document["kind"] == "Secret":
            fault(where, "secrets are made by hand")
        if document["apiVersion"].startswith("keda.sh/"):
            check_scaling(where, document["spec"], named)
            continue
        try:
            kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
        except kubernetes_validate.ValidationError as error:
            fault(where, f"{'.'.join(map(str, error.path))}: {error.message}")


def check_scaling(where, spec, named):
    """A kind of KEDA's, whose schema is not among those of Kubernetes."""
    if ("Deployment", spec["scaleTargetRef"]["name"]) not in named:
        fault(where, "it scales nothing that is there")
    ours = set(re.findall(r"lectern_\w+", Path("deploy/grafana/lectern.json").read_text()))
    for trigger in spec["triggers"]:
        for missing in {"serverAddress", "query", "threshold"} - set(trigger["metadata"]):
            fault(where, f"a trigger has no {missing}")
        for metric in set(re.findall(r"lectern_\w+", trigger["metadata"].get("query", ""))) - ours:
            fault(where, f"there is no number {metric}")


check_words()
check_compose()
for folder in sorted(path.parent for path in KUBERNETES.glob("*/kustomization.yaml")):
    check_kubernetes(folder)
if faults:
    sys.exit("\n".join(faults))

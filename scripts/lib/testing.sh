# shellcheck shell=bash
# What only the tests need: a runner and an S3 server to talk to.

s3_packages=('moto[s3]==5.2.5' flask flask-cors)

set_up_runner() {
    if cargo nextest --version >/dev/null 2>&1; then
        note "Tests run in $(cargo nextest --version | head -n1)."
    else
        note 'cargo-nextest is not installed; tests run in cargo test.'
    fi
}

set_up_s3() {
    local venv=$LECTERN_CACHE/s3 wanted=${s3_packages[*]}
    if [ "$(cat "$venv/.lectern" 2>/dev/null)" = "$wanted" ]; then
        note 'The S3 server for the tests is here.'
        return
    fi
    note "Installing ${s3_packages[0]}, an S3 server for the tests."
    rm -rf "$venv"
    quietly python3 -m venv "$venv"
    quietly "$venv/bin/pip" install --quiet --disable-pip-version-check "${s3_packages[@]}"
    echo "$wanted" >"$venv/.lectern"
}

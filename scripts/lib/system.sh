# shellcheck shell=bash
# Programs and libraries that come from the operating system.

have_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return
    compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null ||
        compgen -G '/usr/lib/*/libclang*.so*' >/dev/null ||
        compgen -G '/usr/lib64/libclang*.so*' >/dev/null ||
        compgen -G '/opt/homebrew/opt/llvm/lib/libclang*' >/dev/null ||
        compgen -G '/Library/Developer/CommandLineTools/usr/lib/libclang*' >/dev/null
}

have_venv() { python3 -c 'import venv, ensurepip' 2>/dev/null; }

# The Debian packages whose program is missing here, one a line.
missing_packages() {
    local purpose=$1
    have cc && have c++ && have make || echo build-essential
    have cmake || echo cmake
    have clang || echo clang
    have_libclang || echo libclang-dev
    have pkg-config || echo pkg-config
    have curl || echo curl
    have node || echo nodejs
    have npm || echo npm
    if [ "$purpose" = test ]; then
        have jq || echo jq
        have espeak-ng || echo espeak-ng
        have ffmpeg || echo ffmpeg
        have lame || echo lame
        have opusenc || echo opus-tools
        have sox || echo sox
        have redis-server || have valkey-server || echo redis-server
        have shellcheck || echo shellcheck
        have_venv || echo python3-venv
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

can_install() {
    have apt-get && { [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
}

refreshed=no
install_packages() {
    if [ "$refreshed" = no ]; then
        quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q ||
            note 'The package lists could not be refreshed; going on with the ones that are here.'
        refreshed=yes
    fi
    quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}

set_up_system() {
    local -a missing
    mapfile -t missing < <(missing_packages "$1")
    if [ "${#missing[@]}" -eq 0 ]; then
        note 'Everything needed is installed.'
    elif can_install; then
        note "Installing ${missing[*]} with apt-get."
        install_packages "${missing[@]}"
    else
        die "please install these first (Debian's names): ${missing[*]}"
    fi
}

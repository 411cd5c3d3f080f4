# shellcheck shell=bash
# Tailwind and wasm-opt, from npm; for the tests Playwright and others as well, and a browser for it.

node_stamp=node_modules/.lectern
node_wanted() { cat package.json package-lock.json | cksum; }

# node_is_ready PURPOSE: what the tests need is enough to build.
node_is_ready() {
    local wanted here
    wanted=$(node_wanted)
    here=$(cat "$node_stamp" 2>/dev/null) || return 1
    [ "$here" = "$wanted test" ] || [ "$here" = "$wanted $1" ]
}

# set_up_node PURPOSE: to build, a tenth of the packages is enough.
set_up_node() {
    local purpose=$1
    local -a kinds=()
    if node_is_ready "$purpose"; then
        note 'The npm packages are here.'
        return
    fi
    [ "$purpose" = test ] || kinds=(--omit=dev)
    note 'Installing the npm packages of package-lock.json.'
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly npm ci "${kinds[@]}"
    echo "$(node_wanted) $purpose" >"$node_stamp"
}

# The path of a Chromium from the system, or nothing.
system_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

own_chromium() {
    node -e 'process.exit(require("fs").existsSync(require("@playwright/test").chromium.executablePath()) ? 0 : 1)' 2>/dev/null
}

set_up_browser() {
    if own_chromium; then
        note "Playwright's own Chromium is here."
    elif [ -n "$(system_chromium)" ]; then
        note "Using $(system_chromium)."
    elif attempt 180 npx playwright install chromium && own_chromium; then
        note "Took the ordinary way: Playwright's own Chromium."
    elif can_install && install_packages chromium; then
        note "Playwright's download did not answer: took Debian's Chromium."
    else
        die 'the browser journeys need Chromium: npx playwright install chromium'
    fi
}

# shellcheck shell=bash
# Tailwind, wasm-opt and Playwright, from npm, and a browser for Playwright.

set_up_node() {
    local stamp=node_modules/.lectern wanted
    wanted=$(cat package.json package-lock.json | cksum)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        note 'The npm packages are here.'
        return
    fi
    note 'Installing the npm packages of package-lock.json.'
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly npm ci
    echo "$wanted" >"$stamp"
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

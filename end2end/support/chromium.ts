import { existsSync } from 'node:fs';
import type { LaunchOptions } from '@playwright/test';

/** The browser that `LECTERN_CHROMIUM` names, or the system's, or else Playwright's own. */
export function chromium(): LaunchOptions {
    const named = process.env.LECTERN_CHROMIUM;
    const executablePath = named || ['/usr/bin/chromium'].find((path) => existsSync(path));
    return {
        executablePath,
        args: [
            '--headless',
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
            '--autoplay-policy=no-user-gesture-required',
        ],
    };
}

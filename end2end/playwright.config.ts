import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';

// One at a time: the journeys share the processor with the shop that they walk through.
export default defineConfig({
    testDir: '.',
    outputDir: '../target/end2end',
    workers: 1,
    retries: 1,
    timeout: 120_000,
    expect: { timeout: 15_000 },
    forbidOnly: true,
    reporter: [['list'], ['./support/digest.ts']],
    use: {
        browserName: 'chromium',
        actionTimeout: 30_000,
        navigationTimeout: 30_000,
        headless: true,
        locale: 'en-GB',
        timezoneId: 'UTC',
        screenshot: 'only-on-failure',
        launchOptions: chromium(),
    },
});

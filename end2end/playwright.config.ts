import { defineConfig } from '@playwright/test';
import { chromium } from './support/chromium';

/** Journeys that go by the clock: words that light up while they are heard, what is cut or killed at a moment, what comes first. */
const BY_THE_CLOCK = ['coming-alive', 'killed-worker', 'listening', 'playing-on', 'review', 'said', 'shop', 'upload'].map((name) => `**/${name}.spec.ts`);

// Most journeys wait longer than they work: two at once fill two cores. Each file has its own shop, with its own folder and
// port. `make test` makes those by the clock afterwards, with nothing beside them.
export default defineConfig({
    testDir: '.',
    globalSetup: './support/filled.ts',
    workers: Number(process.env.LECTERN_JOURNEYS_AT_ONCE || 2),
    projects: [
        { name: 'together', testIgnore: BY_THE_CLOCK, outputDir: '../target/end2end/together' },
        { name: 'alone', testMatch: BY_THE_CLOCK, outputDir: '../target/end2end/alone' },
    ],
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

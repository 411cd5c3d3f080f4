import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { Keeper } from './keeper';
import { type Shop, type Wishes, binary } from './server';

export { expect };

/** Journeys of programs: through a shop of their own, without a browser. */
export const test = base.extend<{ folder: string; shop: Shop }, { wishes: Wishes; keeper: Keeper }>({
    wishes: [{}, { option: true, scope: 'worker' }],
    keeper: [
        async ({ wishes }, use) => {
            const keeper = new Keeper(wishes);
            await use(keeper);
            await keeper.close();
        },
        { scope: 'worker' },
    ],
    shop: [async ({ keeper }, use, info) => use(await keeper.shopOf(info.file)), { timeout: 120_000 }],
    // Playwright reads from the braces what a fixture needs, and wants them even where it needs nothing.
    folder: async ({}, use) => {
        const folder = mkdtempSync(join(tmpdir(), 'lectern-programs-'));
        await use(folder);
        rmSync(folder, { recursive: true, force: true });
    },
});

/** What the server says of its API. */
export function description(): string {
    const { status, stdout, stderr } = spawnSync(binary(), ['openapi'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    if (status !== 0) throw new Error(`lectern openapi ended with ${status}: ${stderr}`);
    return stdout;
}

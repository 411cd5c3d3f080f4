import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, open, settled, test } from './support/journey';
import { buy, register } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';

interface Lit {
    now: number;
    start: number;
    end: number;
}

/** The word that is lit and the moment that is heard, in milliseconds, both read at once. */
async function lit(page: Page): Promise<Lit | undefined> {
    return page.evaluate(() => {
        const word = document.querySelector<HTMLElement>('[data-testid=word][data-lit=true]');
        const audio = document.querySelector('audio');
        if (!word || !audio) return undefined;
        return { now: audio.currentTime * 1000, start: Number(word.dataset.start), end: Number(word.dataset.end) };
    });
}

test('a buyer hears a book, reads along, and takes its words away', async ({ page }) => {
    await register(page);
    await buy(page, TITLE);
    await open(page, `/library/${TITLE}`);
    const player = page.getByTestId('player');
    const words = page.getByTestId('word');

    await test.step('the word lit is the word that is heard', async () => {
        await player.getByTestId('play-this').or(player.getByTestId('play')).first().click();
        await expect.poll(async () => (await lit(page))?.now ?? 0, { timeout: 30_000 }).toBeGreaterThan(2_000);
        for (let look = 0; look < 4; look += 1) {
            await page.waitForTimeout(600);
            await expect
                .poll(async () => {
                    const seen = await lit(page);
                    return seen !== undefined && seen.start <= seen.now + 300 && seen.now <= seen.end + 900;
                })
                .toBe(true);
        }
    });

    await test.step('a click on a word goes there', async () => {
        const word = words.nth(60);
        const start = Number(await word.getAttribute('data-start'));
        expect(start).toBeGreaterThan(5_000);
        await word.click();
        await expect.poll(async () => (await lit(page))?.now ?? 0).toBeGreaterThanOrEqual(start - 300);
        expect((await lit(page))?.now).toBeLessThan(start + 20_000);
    });

    await test.step('it plays on while pages change', async () => {
        await page.getByRole('link', { name: 'Cart' }).first().click();
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        const heard = () => page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0);
        const before = await heard();
        await expect.poll(heard).toBeGreaterThan(before + 0.5);
        await page.getByTestId('player-bar').getByTestId('pause').click();
        await expect(page.getByTestId('player-bar').getByTestId('play')).toBeVisible();
    });

    await test.step('the transcript is taken away', async () => {
        await open(page, `/library/${TITLE}`);
        const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('link', { name: 'WebVTT' }).click(),
        ]);
        expect(readFileSync(await download.path(), 'utf8')).toMatch(/^WEBVTT\n/);
        await settled(page);
    });
});

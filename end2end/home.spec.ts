import type { Page } from '@playwright/test';
import { expect, open, settled, test } from './support/journey';

// Samples are cut by a worker.
test.use({ wishes: { worker: true } });

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };

interface Showcase {
    summary: { title: string; slug: string };
    sample: { segments: { words: { t: string }[] }[] };
}

/** What the home page plays, once its sample has been cut, and no other takes its place any more. */
async function showcase(page: Page): Promise<Showcase> {
    let known: Showcase | null = null;
    await expect(async () => {
        const read = async (path: string) => (await page.request.get(path)).json();
        const home = await read('/api/catalog/home');
        known = home.showcase;
        expect(known, 'a sample that can be heard').not.toBeNull();
        // The newest that the shop puts forward and that may be read.
        const samples = await Promise.all(
            home.featured.map(async ({ slug }: { slug: string }) => (await read(`/api/catalog/product?slug=${slug}`)).detail.sample),
        );
        expect(samples.every(Boolean), 'all samples are cut').toBe(true);
    }).toPass({ timeout: 90_000 });
    return known as unknown as Showcase;
}

const words = (known: Showcase) => known.sample.segments.flatMap((segment) => segment.words.map((word) => word.t));

for (const [name, viewport] of Object.entries({ phone: PHONE, desk: DESK })) {
    test(`the first screen of a ${name} lets one hear a sample and see its words light up`, async ({ page }) => {
        const known = await showcase(page);
        await page.setViewportSize(viewport);
        await open(page, '/');
        const shown = page.getByTestId('showcase');
        await expect(shown.getByRole('heading', { name: known.summary.title })).toBeVisible();
        const play = shown.getByRole('button', { name: 'Play the sample' });
        await expect(play).toBeVisible();
        const spoken = shown.locator('.word');
        await expect(spoken).toHaveText(words(known));
        for (const [what, place] of Object.entries({ 'the button': play, 'the first word': spoken.first() })) {
            const box = await place.boundingBox();
            expect((box?.y ?? Infinity) + (box?.height ?? 0), `${what} is on the first screen`).toBeLessThanOrEqual(viewport.height);
        }
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 'nothing hangs over').toBeLessThanOrEqual(0);

        await play.click();
        const place = () => spoken.evaluateAll((all) => all.findIndex((word) => word.classList.contains('word-lit')));
        await expect.poll(place).toBeGreaterThan(1);
        const first = await place();
        await expect.poll(place, { message: 'the light moves on' }).toBeGreaterThan(first + 2);
        await shown.getByRole('button', { name: 'Pause the sample' }).click();
        await shown.getByRole('link', { name: known.summary.title }).click();
        await expect(page).toHaveURL(new RegExp(`/books/${known.summary.slug}$`));
        await settled(page);
    });
}

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('the sample is there to hear and its words to read', async ({ page }) => {
        const known = await showcase(page);
        await page.goto('/');
        const shown = page.getByTestId('showcase');
        await expect(shown.locator('audio')).toBeVisible();
        await expect(shown.getByTestId('sample-text')).toContainText(words(known).slice(0, 8).join(' '));
        await expect(shown.getByRole('button')).toHaveCount(0);
    });
});

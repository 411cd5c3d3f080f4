import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ACCEPTED, DECLINED, agree, choose, fillRegistration } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';

// The checkout of a declined card is looked at four times.
test.describe.configure({ timeout: 180_000 });

test.use({
    // Samples are cut by a worker.
    wishes: { worker: true },
    expected: { 'a declined card': refused('422', '/api/orders/checkout') },
});

interface Word {
    /** In milliseconds from the start of the sample. */
    start: number;
    end: number;
    text: string;
}

interface Sample {
    start_ms: number;
    segments: { words: { s: number; e: number; t: string }[] }[];
}

/** The words of the sample, as they were transcribed, once it has been cut. */
async function wordsOfSample(page: Page): Promise<Word[]> {
    let sample: Sample | null = null;
    await expect(async () => {
        const answer = await page.request.get(`/api/catalog/product?slug=${TITLE}`);
        sample = (await answer.json()).detail.sample;
        expect(sample, 'the sample').not.toBeNull();
    }).toPass({ timeout: 60_000 });
    const { start_ms, segments } = sample as unknown as Sample;
    const words = segments.flatMap((segment) => segment.words);
    return words.map((word) => ({ start: word.s - start_ms, end: word.e - start_ms, text: word.t }));
}

/** Which word of the sample is lit, and the moment that is heard in milliseconds, both read at once. */
async function lit(page: Page): Promise<{ place: number; now: number }> {
    return page.evaluate(() => {
        const words = [...document.querySelectorAll('[data-testid=sample-text] .word')];
        const audio = document.querySelector<HTMLAudioElement>('section[aria-labelledby=sample-heading] audio');
        return { place: words.findIndex((word) => word.classList.contains('word-lit')), now: (audio?.currentTime ?? 0) * 1000 };
    });
}

async function hearTheSample(page: Page, words: Word[]): Promise<void> {
    expect(words.length).toBeGreaterThan(30);
    const shown = page.getByTestId('sample-text').locator('.word');
    await expect(shown).toHaveText(words.map((word) => word.text));

    /** Waits for a moment at which a word is lit, and the word is the one that is heard. */
    const expectInTime = async (after: number) => {
        let seen = { place: -1, now: 0 };
        await expect
            .poll(async () => {
                seen = await lit(page);
                return seen.now > after && seen.place >= 0;
            })
            .toBe(true);
        const word = words[seen.place];
        expect(seen.now, `“${word.text}” is lit too early`).toBeGreaterThan(word.start - 150);
        expect(seen.now, `“${word.text}” is lit too long`).toBeLessThan(Math.max(word.end + 300, word.start) + 250);
        return seen.place;
    };

    expect((await lit(page)).place, 'nothing is lit before it plays').toBe(-1);
    await page.getByRole('button', { name: 'Play the sample' }).click();
    let last = -1;
    for (const after of [400, 1_500, 3_000, 5_000]) {
        const place = await expectInTime(after);
        expect(place, 'the light moves on').toBeGreaterThan(last);
        last = place;
    }

    const far = words.findIndex((word) => word.start > 15_000);
    await shown.nth(far).click();
    expect(await expectInTime(words[far].start - 100), 'a click on a word goes there').toBeGreaterThanOrEqual(far);
    await page.getByRole('button', { name: 'Pause the sample' }).click();
    await expect(page.getByRole('button', { name: 'Play the sample' })).toBeVisible();
}

test('a guest finds a title, hears it, registers at the checkout, is declined, and pays once with a double click', async ({ page }) => {
    const words = await wordsOfSample(page);
    await test.step('search as one types', async () => {
        await open(page, '/browse');
        await page.getByLabel('Search', { exact: true }).fill('north rock');
        await expect(page).toHaveURL(/[?&]q=north/);
        await expect(page.getByRole('status').filter({ hasText: '1 title' })).toBeVisible();
        await page.locator('main').getByRole('link', { name: 'The Bell at North Rock' }).first().click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Bell at North Rock' })).toBeVisible();
    });

    await test.step('hear the sample, and see its words light up', () => hearTheSample(page, words));

    await test.step('fill the cart', async () => {
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await expect(page.getByRole('link', { name: 'In your cart' })).toBeVisible();
        await choose(page, 'the-last-spoon');
        await open(page, '/cart');
        await expect(page.getByText('2 titles', { exact: true })).toBeVisible();
        await page.getByRole('button', { name: 'Remove The Last Spoon' }).click();
        await expect(page.getByText('1 title', { exact: true })).toBeVisible();
        await page.getByRole('link', { name: 'Go to checkout' }).click();
    });

    await test.step('register on the way', async () => {
        await page.locator('main').getByRole('link', { name: 'Register' }).click();
        await page.waitForURL(/\/register/);
        await settled(page);
        await fillRegistration(page);
        await page.waitForURL(/\/checkout/);
        await expect(page.getByLabel('Card number')).toBeVisible();
        await settled(page);
    });

    const pay = page.getByRole('button', { name: /^Pay / });
    await test.step('a card is declined', async () => {
        await page.getByLabel('Card number').fill(DECLINED);
        await agree(page);
        await pay.click();
        await expect(page.locator('#card-error, main [role=alert] .alert:not(.hidden)').filter({ hasText: /declined/i })).toBeVisible();
        await inspect(page, 'a card that was declined');
    });

    await test.step('a double click pays once', async () => {
        await settled(page);
        await page.getByLabel('Card number').fill(ACCEPTED);
        await agree(page);
        await pay.dblclick();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(page.getByText('Card ending in 4242')).toBeVisible();
        await open(page, '/orders');
        await expect(page.locator('main li').filter({ hasText: 'Complete' })).toHaveCount(1);
    });

    await test.step('the title is in the library', async () => {
        await open(page, '/library');
        await expect(page.getByTestId('library-item')).toHaveCount(1);
        await expect(page.getByTestId('library-item').getByRole('heading', { name: 'The Bell at North Rock' })).toBeVisible();
        await open(page, `/books/${TITLE}`);
        await expect(page.getByRole('link', { name: 'In your library' })).toBeVisible();
        await open(page, '/cart');
        await expect(page.getByText('Your cart is empty')).toBeVisible();
    });
});

import type { Page } from '@playwright/test';
import { expect, settled, test } from './support/journey';
import { register } from './support/shopper';

// Samples are cut by a worker.
test.use({ wishes: { worker: true } });

const MODULE = '**/pkg/lectern*.wasm';

/** Opens a page whose WebAssembly does not arrive until the returned function is called, which waits until it is alive. */
async function openAsleep(page: Page, path: string): Promise<() => Promise<void>> {
    let wake = () => {};
    const awake = new Promise<void>((resolve) => (wake = resolve));
    await page.route(MODULE, async (route) => {
        await awake;
        await route.continue();
    });
    await page.goto(path);
    await expect(page.locator('html[data-waits]')).toBeAttached();
    return async () => {
        wake();
        await settled(page);
        await page.unroute(MODULE);
    };
}

test('a page that comes to life by itself asks for WebAssembly when it has been painted', async ({ page }) => {
    await register(page);
    for (const path of ['/checkout', '/library', '/account']) {
        await page.goto(path);
        await page.locator('html:not([data-waits])').waitFor({ state: 'attached' });
        expect(await page.locator('link[rel=modulepreload], link[rel=preload]').count(), path).toBe(0);
        const times = await page.evaluate(async () => {
            const painted = await new Promise<number>((done) => {
                const largest = { type: 'largest-contentful-paint', buffered: true };
                new PerformanceObserver((paints) => done(paints.getEntries().at(-1)?.startTime ?? -1)).observe(largest);
            });
            const files = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/pkg/lectern'));
            const asked = files.filter(({ name }) => !name.includes('.css')).map(({ startTime }) => startTime);
            const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
            return { painted, loaded: page.loadEventStart, asked: Math.min(...asked), files: asked.length };
        });
        expect(times.files, path).toBe(2);
        expect(times.painted, path).toBeGreaterThan(0);
        expect(times.asked, path).toBeGreaterThanOrEqual(times.painted);
        expect(times.asked, path).toBeGreaterThanOrEqual(times.loaded);
    }
});

test('what is typed before a page comes to life is kept, and answered when it does', async ({ page }) => {
    const wake = await openAsleep(page, '/register');
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.locator('#password').fill('seven green bottles in a row');
    await wake();
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Ada');
    await expect(page.locator('#password')).toHaveValue('seven green bottles in a row');
    await expect(page.getByTestId('password-strength')).toBeVisible();
});

test('a search that is typed before the page comes to life is made', async ({ page }) => {
    const wake = await openAsleep(page, '/browse');
    await page.getByLabel('Search', { exact: true }).fill('north rock');
    await wake();
    await expect(page).toHaveURL(/[?&]q=north/);
    await expect(page.getByLabel('Search', { exact: true })).toHaveValue('north rock');
});

test('an order that is chosen before the page comes to life is followed', async ({ page }) => {
    const wake = await openAsleep(page, '/browse');
    await page.getByLabel('Order').selectOption('title');
    await wake();
    await expect(page).toHaveURL(/[?&]sort=title/);
});

test('a menu that is opened before the page comes to life stays open, and then closes as ever', async ({ page }) => {
    const wake = await openAsleep(page, '/');
    const menu = page.locator('header details:visible');
    await menu.locator('summary').click();
    await wake();
    await expect(menu).toHaveAttribute('open', '');
    await expect(menu.getByRole('link', { name: 'Log in' })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(menu).not.toHaveAttribute('open', '');
});

/** Waits until the sample has been cut. */
async function untilSampled(page: Page): Promise<void> {
    await expect(async () => {
        const answer = await page.request.get('/api/catalog/product?slug=the-bell-at-north-rock');
        expect((await answer.json()).detail.sample, 'the sample').not.toBeNull();
    }).toPass({ timeout: 60_000 });
}

test('a sample sounds at the first press, and goes on when the page comes to life', async ({ page }) => {
    await untilSampled(page);
    const wake = await openAsleep(page, '/books/the-bell-at-north-rock');
    await expect(page.locator('.sounds audio')).toBeHidden();
    await page.getByRole('button', { name: 'Play the sample' }).click();
    const at = () => page.locator('.sounds audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
    await expect.poll(at, { message: 'it sounds' }).toBeGreaterThan(0);
    await expect(page.locator('html[data-waits]'), 'the page still sleeps').toBeAttached();
    const before = await at();
    await wake();
    await expect(page.getByRole('button', { name: 'Pause the sample' })).toBeVisible();
    await expect(page.locator('.word-lit')).toHaveCount(1);
    expect(await at(), 'it did not begin anew').toBeGreaterThanOrEqual(before);
});

test('a word that is pressed before the page comes to life is heard', async ({ page }) => {
    await untilSampled(page);
    const wake = await openAsleep(page, '/books/the-bell-at-north-rock');
    const word = page.getByTestId('sample-text').locator('.word').nth(3);
    await word.click();
    await expect(word, 'it shows that it was pressed').toHaveAttribute('aria-busy', 'true');
    await wake();
    await expect(word).not.toHaveAttribute('aria-busy');
    await expect(page.getByRole('button', { name: 'Pause the sample' })).toBeVisible();
});

test('links and forms work before a page comes to life', async ({ page }) => {
    await openAsleep(page, '/books/the-bell-at-north-rock');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await expect(page).toHaveURL(/\/cart$/);
    await expect(page.getByText('1 title', { exact: true })).toBeVisible();
    await page.locator('header').getByRole('link', { name: 'Browse' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Browse' })).toBeVisible();
});

import { inspect } from './support/barriers';
import { expect, open, test } from './support/journey';
import { buy, register } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';
const FIRST = 'North of the harbour there is a great black rock, and on the rock there is an iron bell.';

test('a buyer finds what was said and hears it from there', async ({ page, browser, shop }) => {
    await register(page);
    await buy(page, TITLE);
    const quotes = page.getByTestId('quote');
    const heardAt = () => page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0);

    await test.step('in all books, inflected', async () => {
        await open(page, '/library');
        await page.getByLabel('Search what was said in your books').fill('rocks "iron bells"');
        await page.getByRole('button', { name: 'Find' }).click();
        await expect(page).toHaveURL(/[?&]said=/);
        await expect(quotes.first()).toContainText(FIRST);
        await expect(quotes.first().locator('mark')).toHaveText(['rock', 'rock', 'iron bell']);
        await expect(page.getByTestId('quotes')).toContainText('Read by');
        await inspect(page, 'what was said in all books');
    });

    await test.step('and plays from there', async () => {
        await page.getByLabel('Search what was said in your books').fill('hammer struck');
        await page.getByRole('button', { name: 'Find' }).click();
        await expect(quotes.first().locator('mark').first()).toHaveText(/hammer|struck/i);
        const link = quotes.first().getByRole('link', { name: /^Play from/ });
        const at = Number(/at=(\d+)/.exec((await link.getAttribute('href')) ?? '')?.[1]) / 1000;
        await link.click();
        await expect(page).toHaveURL(new RegExp(`/library/${TITLE}\\?at=`));
        await expect.poll(heardAt, { timeout: 30_000 }).toBeGreaterThanOrEqual(at);
        expect(await heardAt()).toBeLessThan(at + 30);
    });

    await test.step('in the book itself, where the page stays as it is', async () => {
        await page.getByLabel('Words in this book').fill('iron bell');
        await page.getByRole('button', { name: 'Find' }).click();
        await expect(quotes.first()).toContainText(FIRST);
        await inspect(page, 'what was said in a book');
        await quotes.first().getByRole('link', { name: /^Play from/ }).click();
        await expect.poll(heardAt).toBeLessThan(20);
        await expect(page).toHaveURL(/[?&]find=/);
        await page.getByLabel('Words in this book').fill('whale');
        await page.getByRole('button', { name: 'Find' }).click();
        await expect(page.getByText('Nobody says “whale”.')).toBeVisible();
    });

    await test.step('and without JavaScript', async () => {
        const plain = await browser.newContext({
            javaScriptEnabled: false,
            baseURL: shop.address,
            storageState: await page.context().storageState(),
        });
        const other = await plain.newPage();
        await other.goto('/library?said=iron+bells');
        await other.getByTestId('quote').first().getByRole('link', { name: /^Play from/ }).click();
        await expect(other).toHaveURL(/[?&]at=\d+/);
        await expect(other.getByTestId('transcript')).toContainText('there is an iron bell');
        await expect(other.locator('audio').first()).toHaveAttribute('src', /\/parts\/0(#t=[\d.]+)?$/);
        await other.getByLabel('Words in this book').fill('silent');
        await other.getByRole('button', { name: 'Find' }).click();
        await expect(other.getByTestId('quote').first().locator('mark')).toHaveText(['silent']);
        await plain.close();
    });
});

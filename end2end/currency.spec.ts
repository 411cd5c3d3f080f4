import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from './support/barriers';
import { expect, open, settled, test } from './support/journey';
import { choose, register } from './support/shopper';

const TITLE = 'the-last-spoon';

/** Rates of today, in the form of the central bank. */
function rates(): string {
    const path = join(mkdtempSync(join(tmpdir(), 'lectern-rates-')), 'rates.xml');
    const day = new Date().toISOString().slice(0, 10);
    const cubes = [
        ['GBP', '0.5'],
        ['JPY', '200'],
        ['USD', '2'],
    ].map(([currency, rate]) => `<Cube currency="${currency}" rate="${rate}"/>`);
    writeFileSync(path, `<Envelope><Cube><Cube time="${day}">${cubes.join('')}</Cube></Cube></Envelope>`);
    return path;
}

test.use({
    wishes: { settings: { LECTERN_RATES__FILE: rates() } },
    contextOptions: { reducedMotion: 'reduce' },
});

// Every page is looked at four times.
test.describe.configure({ timeout: 240_000 });

test('prices are shown in the shopper’s currency as well, and charged in the shop’s', async ({ page }) => {
    await expect(async () => {
        await page.goto('/');
        await expect(page.getByTestId('currency-choice')).toBeVisible({ timeout: 1_000 });
    }, 'the rates are read soon after the start, and looked at each minute').toPass({ timeout: 90_000 });
    await settled(page);
    await page.getByLabel('Show prices in').selectOption('EUR');
    await page.getByRole('button', { name: 'Use this currency' }).click();
    await expect(page).toHaveURL('/');
    await expect(page.getByTestId('rates')).toContainText('You pay in the currency of the price.');
    await open(page, `/books/${TITLE}`);
    const price = page.locator('main article').first();
    await expect(price.getByTestId('about').first()).toContainText('about €');
    await inspect(page, 'a title with its price in two currencies');

    await register(page);
    await choose(page, TITLE);
    await open(page, '/checkout');
    await expect(page.getByTestId('about-total')).toContainText('You pay in USD.');
    await expect(page.getByRole('button', { name: /^Pay \$/ })).toBeVisible();
    await inspect(page, 'a checkout in two currencies');

    await page.getByLabel('Show prices in').selectOption('JPY');
    await page.getByRole('button', { name: 'Use this currency' }).click();
    await expect(page).toHaveURL(/\/checkout$/);
    await expect(page.getByTestId('about-total')).toContainText(/About ¥\d+, by/);
    await page.getByLabel('Show prices in').selectOption('');
    await page.getByRole('button', { name: 'Use this currency' }).click();
    await expect(page.getByTestId('about-total')).toHaveCount(0);
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('the choice at the foot of a page needs no script', async ({ page }) => {
        await expect(async () => {
            await page.goto(`/books/${TITLE}`);
            await expect(page.getByTestId('currency-choice')).toBeVisible({ timeout: 1_000 });
        }).toPass({ timeout: 90_000 });
        await page.getByLabel('Show prices in').selectOption('GBP');
        await page.getByRole('button', { name: 'Use this currency' }).click();
        await expect(page).toHaveURL(new RegExp(`/books/${TITLE}$`));
        await expect(page.getByTestId('about').first()).toContainText('about £');
    });
});

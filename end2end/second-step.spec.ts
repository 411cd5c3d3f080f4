import type { Page } from '@playwright/test';
import { inspect } from './support/barriers';
import { expect, open, test } from './support/journey';
import { LOST, SECOND_STEP, agree, choose, register } from './support/shopper';

const TITLE = 'the-bell-at-north-rock';

/** Fills the cart with a title and pays for it with a card. */
async function payWith(page: Page, card: string): Promise<void> {
    await open(page, '/checkout');
    await page.getByLabel('Card number').fill(card);
    await agree(page);
    await page.getByRole('button', { name: /^Pay / }).click();
}

test('a bank asks its customer, who says no, and then yes', async ({ page }) => {
    await register(page);
    await choose(page, TITLE);
    await payWith(page, SECOND_STEP);
    await expect(page.getByRole('heading', { name: 'Confirm the payment' })).toBeVisible();
    await inspect(page, 'the second step');
    await page.getByRole('button', { name: 'No, it is not me' }).click();
    await expect(page.getByRole('heading', { name: 'Payment declined' })).toBeVisible();
    await expect(page.getByText('The payment was not confirmed.')).toBeVisible();

    await payWith(page, SECOND_STEP);
    await expect(page.getByRole('heading', { name: 'Confirm the payment' })).toBeVisible();
    // They look elsewhere first: the order says what it waits for.
    const order = page.url().replace(/\/bank$/, '');
    await open(page, order);
    await expect(page.getByRole('heading', { name: 'Not paid yet' })).toBeVisible();
    await page.getByRole('link', { name: 'Go on paying' }).click();
    await page.getByRole('button', { name: /^Yes, pay / }).click();
    await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
    await expect(page.getByText('Card ending in 3184')).toBeVisible();
    // The bank has nothing more to ask.
    await page.goto(`${order}/bank`);
    await expect(page).toHaveURL(order);
});

test('a payment whose answer is lost says that it is being confirmed', async ({ page }) => {
    await register(page);
    await choose(page, TITLE);
    await payWith(page, LOST);
    await expect(page.getByRole('heading', { name: 'One moment' })).toBeVisible();
    await expect(page.getByText('The payment is being confirmed.')).toBeVisible();
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a bank asks its customer all the same', async ({ page }) => {
        await register(page);
        await page.goto(`/books/${TITLE}`);
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await expect(page).toHaveURL(/\/cart$/);
        await payWith(page, SECOND_STEP);
        await page.getByRole('button', { name: /^Yes, pay / }).click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
    });
});

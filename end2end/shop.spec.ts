import { expect, open, settled, test } from './support/journey';
import { ACCEPTED, DECLINED, choose, fillRegistration } from './support/shopper';

// A declined card comes back as a failed request, which the browser notes.
test.use({ expected: ['/api/orders/checkout'] });

test('a guest finds a title, registers at the checkout, is declined, and pays once with a double click', async ({ page }) => {
    await test.step('search as one types', async () => {
        await open(page, '/browse');
        await page.getByLabel('Search', { exact: true }).fill('north rock');
        await expect(page).toHaveURL(/[?&]q=north/);
        await expect(page.getByRole('status').filter({ hasText: '1 title' })).toBeVisible();
        await page.locator('main').getByRole('link', { name: 'The Bell at North Rock' }).first().click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Bell at North Rock' })).toBeVisible();
    });

    await test.step('fill the cart', async () => {
        await settled(page);
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
        await pay.click();
        await expect(page.locator('#card-error, main [role=alert] .alert:not(.hidden)').filter({ hasText: /declined/i })).toBeVisible();
    });

    await test.step('a double click pays once', async () => {
        await settled(page);
        await page.getByLabel('Card number').fill(ACCEPTED);
        await pay.dblclick();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(page.getByText('Card ending in 4242')).toBeVisible();
        await open(page, '/orders');
        await expect(page.locator('main li').filter({ hasText: 'Paid' })).toHaveCount(1);
    });

    await test.step('the title is in the library', async () => {
        await open(page, '/library');
        await expect(page.getByTestId('library-item')).toHaveCount(1);
        await expect(page.getByTestId('library-item').getByRole('heading', { name: 'The Bell at North Rock' })).toBeVisible();
        await open(page, '/books/the-bell-at-north-rock');
        await expect(page.getByRole('link', { name: 'In your library' })).toBeVisible();
        await open(page, '/cart');
        await expect(page.getByText('Your cart is empty')).toBeVisible();
    });
});

import { expect, test } from './support/journey';
import { ACCEPTED, DECLINED, agree, fillRegistration } from './support/shopper';

test.use({ javaScriptEnabled: false });

test('the shop sells without JavaScript', async ({ page }) => {
    const main = page.locator('main');

    await test.step('search', async () => {
        await page.goto('/browse');
        await page.getByLabel('Search', { exact: true }).fill('north rock');
        await main.getByRole('button', { name: 'Search' }).click();
        await expect(page).toHaveURL(/[?&]q=north/);
        await main.getByRole('link', { name: 'The Bell at North Rock' }).first().click();
        await expect(page.getByRole('heading', { level: 1, name: 'The Bell at North Rock' })).toBeVisible();
    });

    await test.step('fill the cart', async () => {
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await expect(page).toHaveURL(/\/cart$/);
        await page.goto('/books/the-last-spoon');
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await expect(page).toHaveURL(/\/cart$/);
        await expect(page.getByText('2 titles', { exact: true })).toBeVisible();
        await page.getByRole('button', { name: 'Remove The Last Spoon' }).click();
        await expect(page).toHaveURL(/\/cart/);
        await expect(page.getByText('1 title', { exact: true })).toBeVisible();
        await page.getByRole('link', { name: 'Go to checkout' }).click();
    });

    await test.step('register on the way', async () => {
        await main.getByRole('link', { name: 'Register' }).click();
        await fillRegistration(page);
        await expect(page).toHaveURL(/\/checkout/);
    });

    const pay = page.getByRole('button', { name: /^Pay / });
    await test.step('a card is declined', async () => {
        await page.getByLabel('Card number').fill(DECLINED);
        await agree(page);
        await pay.click();
        await expect(page.locator('#card-error, main [role=alert] .alert:not(.hidden)').filter({ hasText: /declined/i })).toBeVisible();
    });

    await test.step('another card pays', async () => {
        await page.getByLabel('Card number').fill(ACCEPTED);
        await agree(page);
        await pay.click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await page.goto('/orders');
        await expect(main.locator('li').filter({ hasText: 'Complete' })).toHaveCount(1);
    });

    await test.step('the title is in the library', async () => {
        await page.goto('/library');
        await expect(page.getByTestId('library-item')).toHaveCount(1);
        await page.goto('/books/the-bell-at-north-rock');
        await expect(page.getByRole('link', { name: 'In your library' })).toBeVisible();
    });
});
